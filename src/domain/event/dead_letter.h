#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/position.h"
#include "domain/event/change.h"

namespace stockwatch::event {

// A change that could not be taken, kept so that a person can look at it, mend the cause and replay
// it.
struct DeadLetter {
  std::string id;      // 32 hex digits, from source, line and bytes
  std::string reason;  // one of a fixed set
  Stage stage = Stage::kDecode;
  std::optional<base::Position> position;
  std::uint64_t line = 0;  // from 1; 0: not from a file
  std::string bytes_sha256;
  std::uint64_t size = 0;
  std::optional<base::Instant> at;  // source time on arrival
  std::string message;
  // What arrived; where redaction is configured the redacted event, or nothing if it could not be
  // parsed.
  std::string bytes;

  bool operator==(const DeadLetter&) const = default;
};

}  // namespace stockwatch::event
