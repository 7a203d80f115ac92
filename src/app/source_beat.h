#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stockwatch::app {

// Status and place of a source, for the line `heartbeat` of the log.
struct SourceBeat {
  std::string phase;
  std::string trouble;                   // why it does not read; empty while it does
  std::string start;                     // how it would go on: "resumeAfter" …
  std::int64_t place_time = 0;           // seconds of cluster time up to which it was read
  std::int64_t behind = 0;               // seconds from there to the server's own time
  std::optional<std::int64_t> headroom;  // seconds; nullopt: unknown
  std::uint64_t changes = 0;             // read by this process
};

}  // namespace stockwatch::app
