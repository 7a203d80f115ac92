#pragma once

#include "ports/clock.h"

namespace stockwatch::testing {

// Time passes when the test says so.
class SteppedClock : public ports::Clock {
 public:
  explicit SteppedClock(base::Instant wall) : wall_(wall) {}

  base::Instant Wall() override { return wall_; }
  base::Duration Monotonic() override { return monotonic_; }

  void Pass(base::Duration time) {
    wall_ = wall_ + time;
    monotonic_ = base::Duration::Micros(monotonic_.micros() + time.micros());
  }
  // The wall alone.
  void Jump(base::Duration time) { wall_ = wall_ + time; }

 private:
  base::Instant wall_;
  base::Duration monotonic_;
};

}  // namespace stockwatch::testing
