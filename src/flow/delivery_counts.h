#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace stockwatch::flow {

// What became of all rows so far: planned = delivered + dead-lettered + folded + those that wait.
// Digests count as planned too.
struct DeliveryCounts {
  std::uint64_t planned = 0;
  std::uint64_t delivered = 0;
  std::uint64_t dead_lettered = 0;  // less those that were replayed
  std::uint64_t folded = 0;
  std::uint64_t digests = 0;
  std::array<std::uint64_t, 5> attempts{};  // by outcome

  std::uint64_t ended() const { return delivered + dead_lettered + folded; }
  bool operator==(const DeliveryCounts&) const = default;
};

// Appends the record to `out`; docs/formats.md, Delivery counts.
void EncodeDeliveryCounts(const DeliveryCounts& counts, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<DeliveryCounts> DecodeDeliveryCounts(std::string_view record);

// A channel whose receiver said that it wants nothing any more.
struct DisabledChannel {
  base::Instant at;
  std::string reason;
  std::string fingerprint;  // of the channel's settings then

  bool operator==(const DisabledChannel&) const = default;
};
void EncodeDisabledChannel(const DisabledChannel& channel, std::string& out);
base::Result<DisabledChannel> DecodeDisabledChannel(std::string_view record);

}  // namespace stockwatch::flow
