#pragma once

#include "base/instant.h"

namespace stockwatch::ports {

// The machine's clocks. One caller at a time.
class Clock {
 public:
  virtual ~Clock() = default;

  // May jump, in both directions.
  virtual base::Instant Wall() = 0;
  // Since some moment that stays the same for the process; never goes back.
  virtual base::Duration Monotonic() = 0;
};

}  // namespace stockwatch::ports
