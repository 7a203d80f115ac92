#pragma once

#include "ports/clock.h"

namespace stockwatch::system_clock {

class SystemClock : public ports::Clock {
 public:
  base::Instant Wall() override;
  base::Duration Monotonic() override;
};

}  // namespace stockwatch::system_clock
