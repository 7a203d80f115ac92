#pragma once

#include <cstdint>
#include <string_view>

#include "base/instant.h"

namespace stockwatch::outbox {

// Keeps attempts away from a receiver that is not there: after so many failures without a success
// between them it opens; later one attempt at a time tries whether the receiver is back.
class Breaker {
 public:
  struct Options {
    std::uint32_t failures_max = 5;
    base::Duration open_for = base::Duration::Seconds(30);  // doubled with each trial that fails
    base::Duration open_for_max = base::Duration::Minutes(5);
  };
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };

  explicit Breaker(Options options) : options_(options), open_for_(options.open_for) {}

  bool Allows(base::Instant now) const {
    return state_ == State::kClosed || (state_ == State::kOpen && now >= open_until_);
  }
  // An attempt begins. REQUIRES: Allows(now)
  void Begin() {
    if (state_ == State::kOpen) state_ = State::kHalfOpen;
  }
  // True: it was open, and the receiver is back.
  bool Succeed();
  void Fail(base::Instant now);

  State state() const { return state_; }

 private:
  void Open(base::Instant now);

  Options options_;
  State state_ = State::kClosed;
  std::uint32_t failures_ = 0;  // without a success between them
  base::Duration open_for_;
  base::Instant open_until_;
};

std::string_view Name(Breaker::State state);

}  // namespace stockwatch::outbox
