#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "adapters/mongo_source/link.h"

namespace stockwatch::mongo_source {

// The cluster time of the oplog's first (1) or last (-1) entry; nullopt: it cannot be read.
// `local`: a selected link to the database `local`.
std::optional<std::uint64_t> EndOfOplog(const Link& local, std::int32_t natural);

// How far the oplog's beginning is behind a position, and when it will have reached it if both go
// on as they did between the last two looks.
class OplogHeadroom {
 public:
  struct Reach {
    std::int64_t seconds = 0;             // of cluster time; below 0: the position is gone
    std::optional<std::int64_t> lost_in;  // seconds; nullopt: the beginning does not come nearer
  };
  // Cluster seconds of the oplog's first entry and of the position.
  Reach Note(std::int64_t first, std::int64_t place, std::chrono::steady_clock::time_point now);

 private:
  struct Look {
    std::int64_t seconds = 0;
    std::chrono::steady_clock::time_point at;
  };
  std::optional<Look> before_;
};

}  // namespace stockwatch::mongo_source
