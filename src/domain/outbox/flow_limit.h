#pragma once

#include <algorithm>
#include <cstdint>

#include "base/instant.h"

namespace stockwatch::outbox {

// So many notices a minute, and as many at once where none went out for a minute.
class TokenBucket {
 public:
  // 0: without a limit.
  explicit TokenBucket(std::uint32_t per_minute_max)
      : per_minute_max_(per_minute_max), micros_(Full()) {}

  bool Has(base::Instant now) {
    Fill(now);
    return per_minute_max_ == 0 || micros_ >= kMinute;
  }
  // REQUIRES: Has(now)
  void Take() {
    if (per_minute_max_ > 0) micros_ -= kMinute;
  }

 private:
  // A token is a minute: each microsecond brings as many as there are tokens a minute.
  static constexpr std::int64_t kMinute = 60'000'000;

  std::int64_t Full() const { return kMinute * per_minute_max_; }
  void Fill(base::Instant now) {
    const std::int64_t passed = std::clamp<std::int64_t>((now - filled_).micros(), 0, kMinute);
    micros_ = std::min(Full(), micros_ + passed * per_minute_max_);
    filled_ = std::max(filled_, now);
  }

  std::uint32_t per_minute_max_;
  std::int64_t micros_;
  base::Instant filled_;
};

struct StormOptions {
  std::uint32_t rows_min = 50;  // new ones of one destination within the window; 0: no storms
  base::Duration window = base::Duration::Seconds(1);
  std::uint32_t digest_rows_max = 500;  // of one digest
};

// Whether more comes than a person can take. It goes on until a window passes with less.
class StormGauge {
 public:
  explicit StormGauge(StormOptions options) : options_(options) {}

  void Note(base::Instant now) {
    Turn(now);
    ++rows_;
  }
  bool Storms(base::Instant now) {
    Turn(now);
    return options_.rows_min > 0 && std::max(rows_, rows_before_) >= options_.rows_min;
  }

 private:
  void Turn(base::Instant now) {
    if (now < began_ + options_.window) return;
    const bool next = now < began_ + options_.window + options_.window;
    rows_before_ = next ? rows_ : 0;
    rows_ = 0;
    began_ = now;
  }

  StormOptions options_;
  base::Instant began_;
  std::uint32_t rows_ = 0;         // of this window
  std::uint32_t rows_before_ = 0;  // of the one just before it
};

}  // namespace stockwatch::outbox
