#include "base/instant.h"

#include <array>
#include <cstdio>

namespace stockwatch::base {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::int64_t kInstantMin = -62'167'219'200'000'000;  // 0000-01-01T00:00:00Z
constexpr std::int64_t kInstantMax = 253'402'300'799'999'999;  // 9999-12-31T23:59:59.999999Z

struct Date {
  std::int64_t year;
  int month;
  int day;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar. Source: H. Hinnant, "chrono-Compatible
// Low-Level Date Algorithms", days_from_civil.
std::int64_t DaysFromDate(Date date) {
  const std::int64_t y = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t month_from_march = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

// The inverse; same source, civil_from_days.
Date DateFromDays(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

int DaysInMonth(std::int64_t year, int month) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

// Reads fixed-width numbers and separators from the front; any mismatch sticks.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int Number(std::size_t digits) {
    if (rest_.size() < digits) return Fail();
    int value = 0;
    for (char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return Fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  void Separator(char c) {
    if (!Take(c)) Fail();
  }
  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // 1 to 6 digits behind a point, as microseconds.
  int Fraction() {
    int value = 0;
    int digits = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      if (++digits > 6) return Fail();
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    if (digits == 0) return Fail();
    for (; digits < 6; ++digits) value *= 10;
    return value;
  }
  int Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

Error NotAnInstant(std::string_view text) {
  return {Code::kInvalidArgument,
          "not an ISO 8601 instant with offset: \"" + std::string(text.substr(0, 64)) + "\""};
}

std::int64_t ReadOffsetSeconds(Reader& reader) {
  if (reader.Take('Z')) return 0;
  const bool negative = reader.Take('-');
  if (!negative) reader.Separator('+');
  const int hours = reader.Number(2);
  reader.Take(':');
  const int minutes = reader.Number(2);
  if (hours > 23 || minutes > 59) reader.Fail();
  const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return negative ? -seconds : seconds;
}

}  // namespace

Result<Instant> Instant::FromMillis(std::int64_t millis) {
  if (millis < kInstantMin / 1000 || millis > kInstantMax / 1000) {
    return Error{Code::kInvalidArgument,
                 "date outside the years 0000 to 9999: " + std::to_string(millis) + " ms"};
  }
  return Instant::Micros(millis * 1000);
}

Result<Instant> ParseInstant(std::string_view text) {
  Reader reader(text);
  const int year = reader.Number(4);
  reader.Separator('-');
  const int month = reader.Number(2);
  reader.Separator('-');
  const int day = reader.Number(2);
  reader.Separator('T');
  const int hour = reader.Number(2);
  reader.Separator(':');
  const int minute = reader.Number(2);
  reader.Separator(':');
  const int second = reader.Number(2);
  const int micros = reader.Take('.') ? reader.Fraction() : 0;
  const std::int64_t offset = ReadOffsetSeconds(reader);
  const bool in_range = reader.done() && month >= 1 && month <= 12 && day >= 1 &&
                        day <= DaysInMonth(year, month) && hour <= 23 && minute <= 59 &&
                        second <= 59;
  if (!in_range) return NotAnInstant(text);
  const std::int64_t seconds =
      ((DaysFromDate({year, month, day}) * 24 + hour) * 60 + minute) * 60 + second - offset;
  const std::int64_t total = seconds * 1'000'000 + micros;
  if (total < kInstantMin || total > kInstantMax) return NotAnInstant(text);
  return Instant::Micros(total);
}

void AppendInstant(std::string& out, Instant instant) {
  std::int64_t days = instant.micros() / kMicrosPerDay;
  std::int64_t micros = instant.micros() % kMicrosPerDay;
  if (micros < 0) {
    micros += kMicrosPerDay;
    --days;
  }
  const Date date = DateFromDays(days);
  const auto seconds = static_cast<int>(micros / 1'000'000);
  const auto fraction = static_cast<int>(micros % 1'000'000);
  std::array<char, 64> text{};
  int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d",
                             static_cast<int>(date.year), date.month, date.day, seconds / 3600,
                             seconds / 60 % 60, seconds % 60);
  out.append(text.data(), static_cast<std::size_t>(length));
  if (fraction % 1000 != 0) {
    length = std::snprintf(text.data(), text.size(), ".%06d", fraction);
    out.append(text.data(), static_cast<std::size_t>(length));
  } else if (fraction != 0) {
    length = std::snprintf(text.data(), text.size(), ".%03d", fraction / 1000);
    out.append(text.data(), static_cast<std::size_t>(length));
  }
  out.push_back('Z');
}

namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
constexpr std::array<Unit, 5> kUnits{{{"d", kMicrosPerDay},
                                      {"h", 3'600'000'000},
                                      {"ms", 1000},  // before "m"
                                      {"m", 60'000'000},
                                      {"s", 1'000'000}}};
constexpr std::int64_t kDurationMax = 36'525 * kMicrosPerDay;  // a hundred years

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  const Error malformed{Code::kInvalidArgument, "not a duration such as 15m, 1h30m or 100d: \"" +
                                                    std::string(text.substr(0, 64)) + "\""};
  std::string_view rest = text;
  std::int64_t total = 0;
  if (rest.empty()) return malformed;
  while (!rest.empty()) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
      if (digits >= 12) return malformed;
      number = number * 10 + (rest[digits] - '0');
    }
    if (digits == 0) return malformed;
    rest.remove_prefix(digits);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (unit == nullptr && rest.substr(0, candidate.name.size()) == candidate.name) {
        unit = &candidate;
      }
    }
    if (unit == nullptr) return malformed;
    rest.remove_prefix(unit->name.size());
    if (number > kDurationMax / unit->micros) return malformed;
    total += number * unit->micros;
    if (total > kDurationMax) return malformed;
  }
  return Duration::Micros(total);
}

std::string FormatDuration(Duration duration) {
  constexpr std::array<Unit, 5> kDescending{{{"d", kMicrosPerDay},
                                             {"h", 3'600'000'000},
                                             {"m", 60'000'000},
                                             {"s", 1'000'000},
                                             {"ms", 1000}}};
  std::string out;
  std::int64_t rest = duration.micros();
  for (const Unit& unit : kDescending) {
    if (rest >= unit.micros) {
      out += std::to_string(rest / unit.micros);
      out += unit.name;
      rest %= unit.micros;
    }
  }
  return out.empty() ? "0s" : out;
}

}  // namespace stockwatch::base
