#include "flow/engine_time.h"

#include <algorithm>

namespace stockwatch::flow {

EngineTime::EngineTime(ports::Clock& clock, base::Instant reached) : clock_(clock) {
  RunFrom(std::max(clock.Wall(), reached));
}

void EngineTime::RunFrom(base::Instant now) {
  now_ = started_ = now;
  started_monotonic_ = clock_.Monotonic();
  ahead_ = {};
  ahead_since_.reset();
}

base::Instant EngineTime::Now() {
  const base::Duration monotonic = clock_.Monotonic();
  now_ = started_ + base::Duration::Micros(monotonic.micros() - started_monotonic_.micros());
  const base::Duration ahead = clock_.Wall() - now_;
  if (ahead <= base::Duration()) {
    ahead_ = {};
    ahead_since_.reset();
    return now_;
  }
  if (!ahead_since_) ahead_since_ = monotonic;
  const bool insists =
      monotonic.micros() - ahead_since_->micros() >= kAdoptedAfter.micros() && ahead > kBelieved;
  if (ahead <= kBelieved || insists) {
    RunFrom(now_ + ahead);
  } else {
    ahead_ = ahead;
  }
  return now_;
}

void EngineTime::AdoptWall() {
  RunFrom(std::max(clock_.Wall(), now_));
}

}  // namespace stockwatch::flow
