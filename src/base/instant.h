#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::base {

// A length of time in microseconds.
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration Micros(std::int64_t v) { return Duration(v); }
  static constexpr Duration Seconds(std::int64_t v) { return Duration(v * 1'000'000); }
  static constexpr Duration Minutes(std::int64_t v) { return Seconds(v * 60); }
  static constexpr Duration Hours(std::int64_t v) { return Seconds(v * 3600); }
  static constexpr Duration Days(std::int64_t v) { return Seconds(v * 86'400); }

  constexpr std::int64_t micros() const { return micros_; }
  constexpr auto operator<=>(const Duration&) const = default;

 private:
  constexpr explicit Duration(std::int64_t v) : micros_(v) {}
  std::int64_t micros_ = 0;
};

// Microseconds since the Unix epoch, UTC, between the years 0000 and 9999.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant Micros(std::int64_t v) { return Instant(v); }
  static constexpr Instant Seconds(std::int64_t v) { return Instant(v * 1'000'000); }
  // Fails outside the years 0000 to 9999.
  static Result<Instant> FromMillis(std::int64_t millis);

  constexpr std::int64_t micros() const { return micros_; }
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const { return Instant(micros_ + d.micros()); }
  constexpr Instant operator-(Duration d) const { return Instant(micros_ - d.micros()); }
  constexpr Duration operator-(Instant other) const {
    return Duration::Micros(micros_ - other.micros_);
  }

 private:
  constexpr explicit Instant(std::int64_t v) : micros_(v) {}
  std::int64_t micros_ = 0;
};

// ISO 8601: 2010-12-01T08:26:00Z, with an optional fraction of up to 6 digits and an offset such as
// +01:00 in place of Z. An offset or Z is required: local times have no meaning here.
Result<Instant> ParseInstant(std::string_view text);

// 2010-12-01T08:26:00Z; 3 decimals for whole milliseconds, else 6, none for whole seconds.
void AppendInstant(std::string& out, Instant instant);

// "15m", "1h30m", "100d", "250ms": a sum of whole numbers with a unit out of d, h, m, s, ms. Not
// negative.
Result<Duration> ParseDuration(std::string_view text);
std::string FormatDuration(Duration duration);

}  // namespace stockwatch::base
