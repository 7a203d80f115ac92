#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>

#include "adapters/mongo_source/link.h"

namespace stockwatch::mongo_source {

// The cluster time of the oplog's first (1) or last (-1) entry. `local`: a selected link to the
// database `local`.
std::variant<std::uint64_t, Failure> EndOfOplog(const Link& local, std::int32_t natural);

// How far the oplog's beginning is behind a place, and when it will have reached it: if the
// beginning goes on as it did over some minutes (a server cuts whole pieces off), and the place as
// it did since the look before.
class OplogHeadroom {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  struct Reach {
    std::int64_t seconds = 0;             // of cluster time; below 0: the place is gone
    std::optional<std::int64_t> lost_in;  // seconds; nullopt: the beginning does not come nearer
  };
  // Cluster seconds of the oplog's first entry and of the place.
  Reach Note(std::int64_t first, std::int64_t place, Instant now);
  // Nobody can be asked: the place stands still, the beginning goes on. nullopt: nobody ever was.
  std::optional<Reach> Guess(Instant now) const;

 private:
  struct Look {
    std::int64_t first = 0;
    std::int64_t place = 0;
    Instant at;
  };
  double SpeedOfBeginning() const;  // cluster seconds per second

  std::deque<Look> looks_;
};

}  // namespace stockwatch::mongo_source
