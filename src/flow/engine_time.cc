#include "flow/engine_time.h"

#include <algorithm>

namespace stockwatch::flow {

EngineTime::EngineTime(ports::Clock& clock, base::Instant reached) : clock_(clock) {
  wall_ = clock.Wall();
  RunFrom(std::max(wall_, reached));
}

void EngineTime::RunFrom(base::Instant now) {
  now_ = started_ = now;
  started_monotonic_ = clock_.Monotonic();
  Agree();
}

void EngineTime::Agree() {
  ahead_ = adopted_in_ = {};
  ahead_since_.reset();
}

base::Instant EngineTime::Now() {
  const base::Duration monotonic = clock_.Monotonic();
  now_ = started_ + base::Duration::Micros(monotonic.micros() - started_monotonic_.micros());
  wall_ = clock_.Wall();
  const base::Duration ahead = wall_ - now_;
  if (ahead <= base::Duration()) {
    Agree();
    return now_;
  }
  if (!ahead_since_) ahead_since_ = monotonic;
  const auto left =
      base::Duration::Micros(kAdoptedAfter.micros() + ahead_since_->micros() - monotonic.micros());
  if (ahead <= kBelieved || left <= base::Duration()) {
    RunFrom(wall_);
  } else {
    ahead_ = ahead;
    adopted_in_ = left;
  }
  return now_;
}

void EngineTime::AdoptWall() {
  wall_ = clock_.Wall();
  RunFrom(std::max(wall_, now_));
}

}  // namespace stockwatch::flow
