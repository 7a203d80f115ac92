#include "domain/outbox/breaker.h"

#include <algorithm>
#include <array>

namespace stockwatch::outbox {

bool Breaker::Succeed() {
  const bool was_closed = state_ == State::kClosed;
  state_ = State::kClosed;
  failures_ = 0;
  open_for_ = options_.open_for;
  return !was_closed;
}

void Breaker::Fail(base::Instant now) {
  ++failures_;
  if (state_ == State::kHalfOpen) {
    open_for_ = std::min(base::Duration::Micros(open_for_.micros() * 2), options_.open_for_max);
    Open(now);
  } else if (state_ == State::kClosed && failures_ >= options_.failures_max) {
    Open(now);
  }
  // What was under way when it opened fails without a further effect.
}

void Breaker::Open(base::Instant now) {
  state_ = State::kOpen;
  open_until_ = now + open_for_;
}

std::string_view Name(Breaker::State state) {
  constexpr std::array<std::string_view, 3> kNames{"closed", "open", "half_open"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace stockwatch::outbox
