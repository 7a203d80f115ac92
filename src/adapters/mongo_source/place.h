#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "adapters/mongo_source/token.h"
#include "base/result.h"

namespace stockwatch::mongo_source {

// How far a snapshot has come.
struct SnapshotPlace {
  std::uint64_t run = 0;   // id of this snapshot
  std::string collection;  // that is read; empty: the first one is still to come
  std::string next_id;     // `{_id: …}` where it goes on; empty: at the first
  std::string filter;      // of the finds of a part of the inventory, BSON; empty: everything
  std::uint64_t documents = 0;
  std::uint64_t since = 0;  // cluster time of its first read; 0: there was none

  // One that begins; seeds that differ make other ids.
  static SnapshotPlace New(std::uint64_t seed, std::string filter = {});
  bool operator==(const SnapshotPlace&) const = default;
};

// Where a source stands: what a restart goes on from.
struct Place {
  std::uint32_t generation = 0;
  Start start;  // kNow: nothing was read; during the first snapshot where the stream will begin
  std::optional<Start> older;        // some time before, for a token that the server does not know
  std::uint64_t operation_time = 0;  // of the server, as it said last: seconds << 32 | increment
  std::uint64_t hash = 0;            // of the filter of the stream
  std::string database;
  std::string replica_set;
  std::optional<SnapshotPlace> snapshot;  // set: it has not ended
  std::set<std::string> again;            // ids of documents of the inventory that are to be read
  bool paused = false;                    // by somebody: a restart does not go on by itself

  bool operator==(const Place&) const = default;
};

// The position record (docs/formats.md, Positions of sources).
std::string EncodePlace(const Place& place);
// kDataLoss: torn or changed; kFailedPrecondition: of another source, or of a newer version.
base::Result<Place> DecodePlace(std::string_view record);

}  // namespace stockwatch::mongo_source
