#include "base/instant.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace stockwatch::base {
namespace {

constexpr std::int64_t kFirstSecond = -62'167'219'200;  // 0000-01-01T00:00:00Z
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

std::string Show(Instant instant) {
  std::string text;
  AppendInstant(text, instant);
  return text;
}

TEST(ParseInstant, ReadsInstantsOfAllYears) {
  struct Case {
    std::string_view text;
    std::int64_t micros;
  };
  constexpr Case kCases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"2010-12-01T08:26:00Z", 1'291'191'960'000'000},
      {"2010-12-01T08:26:00.5Z", 1'291'191'960'500'000},
      {"2010-12-01T08:26:00.250Z", 1'291'191'960'250'000},
      {"2010-12-01T08:26:00.000001Z", 1'291'191'960'000'001},
      {"2000-02-29T00:00:00Z", 951'782'400'000'000},
      {"1900-03-01T00:00:00Z", -2'203'891'200'000'000},
      {"2038-01-19T03:14:08Z", 2'147'483'648'000'000},
      {"2100-03-01T00:00:00Z", 4'107'542'400'000'000},
      {"0000-01-01T00:00:00Z", kFirstSecond * 1'000'000},
      {"0000-02-29T00:00:00Z", (kFirstSecond + 59 * 86'400) * 1'000'000},
      {"9999-12-31T23:59:59.999999Z", kLastSecond * 1'000'000 + 999'999},
  };
  for (const auto& [text, micros] : kCases) {
    const auto read = ParseInstant(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read.value().micros(), micros) << text;
  }
}

TEST(ParseInstant, TakesOffsetsAway) {
  constexpr std::int64_t kNoon = 1'709'204'400;  // 2024-02-29T11:00:00Z
  for (const std::string_view text :
       {"2024-02-29T12:00:00+01:00", "2024-02-29T12:00:00+0100", "2024-02-29T03:00:00-08:00",
        "2024-02-29T11:00:00+00:00", "2024-02-29T11:00:00-00:00", "2024-03-01T10:59:00+23:59",
        "2024-02-28T11:01:00-23:59", "2024-02-29T16:45:00+05:45"}) {
    const auto read = ParseInstant(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read.value(), Instant::Seconds(kNoon)) << text;
  }
}

TEST(ParseInstant, RefusesBadForms) {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kCases[] = {
      "",
      "now",
      "2010-12-01",
      "2010-12-01T08:26:00",  // a local time
      "2010-12-01T08:26Z",
      "2010-12-01 08:26:00Z",
      "2010-12-01t08:26:00z",
      "20101201T082600Z",
      "+2010-12-01T08:26:00Z",
      "12010-12-01T08:26:00Z",
      "2010-1-01T08:26:00Z",
      "2010-00-01T08:26:00Z",
      "2010-13-01T08:26:00Z",
      "2010-12-00T08:26:00Z",
      "2010-12-32T08:26:00Z",
      "2010-04-31T08:26:00Z",
      "2010-02-29T08:26:00Z",
      "1900-02-29T08:26:00Z",  // divisible by 100, not by 400
      "2010-12-01T24:00:00Z",
      "2010-12-01T08:60:00Z",
      "2010-12-01T08:26:60Z",
      "2010-12-01T08:26:00.Z",
      "2010-12-01T08:26:00.1234567Z",
      "2010-12-01T08:26:00,5Z",
      "2010-12-01T08:26:00ZZ",
      "2010-12-01T08:26:00 Z",
      "2010-12-01T08:26:00+01",
      "2010-12-01T08:26:00+1:00",
      "2010-12-01T08:26:00+24:00",
      "2010-12-01T08:26:00+01:60",
      "2010-12-01T08:26:00+24:00\0"sv,
      "2010-12-01T08:26:00Z\0"sv,
      "0000-01-01T00:00:00+00:01",  // before the first year
      "9999-12-31T23:59:59-00:01",  // behind the last
  };
  for (const std::string_view text : kCases) {
    const auto read = ParseInstant(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kInvalidArgument);
    EXPECT_EQ(read.error().message,
              "not an ISO 8601 instant with offset: \"" + std::string(text) + "\"");
  }
}

TEST(AppendInstant, WritesAsManyDecimalsAsNeeded) {
  EXPECT_EQ(Show(Instant()), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Show(Instant::Micros(-1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(Show(Instant::Micros(1'291'191'960'000'000)), "2010-12-01T08:26:00Z");
  EXPECT_EQ(Show(Instant::Micros(1'291'191'960'500'000)), "2010-12-01T08:26:00.500Z");
  EXPECT_EQ(Show(Instant::Micros(1'291'191'960'001'000)), "2010-12-01T08:26:00.001Z");
  EXPECT_EQ(Show(Instant::Micros(1'291'191'960'000'001)), "2010-12-01T08:26:00.000001Z");
  EXPECT_EQ(Show(Instant::Micros(1'291'191'960'100'010)), "2010-12-01T08:26:00.100010Z");
  EXPECT_EQ(Show(Instant::Seconds(kFirstSecond)), "0000-01-01T00:00:00Z");
  EXPECT_EQ(Show(Instant::Seconds(kLastSecond)), "9999-12-31T23:59:59Z");
}

RC_GTEST_PROP(InstantProperty, IsReadAsItWasWritten, ()) {
  const auto instant = Instant::Micros(
      *rc::gen::inRange<std::int64_t>(kFirstSecond * 1'000'000, (kLastSecond + 1) * 1'000'000));
  const auto read = ParseInstant(Show(instant));
  RC_ASSERT(read.ok());
  RC_ASSERT((read.value() == instant));
}

// The oracle is the calendar of the standard library.
RC_GTEST_PROP(InstantProperty, AgreesWithTheStandardCalendar, ()) {
  const int days = *rc::gen::inRange(static_cast<int>(kFirstSecond / 86'400),
                                     static_cast<int>(kLastSecond / 86'400) + 1);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT00:00:00Z", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  RC_ASSERT(Show(Instant::Seconds(std::int64_t{days} * 86'400)) == text.data());
}

TEST(Instant, FromMillisKeepsToFourDigitYears) {
  EXPECT_EQ(Instant::FromMillis(-1).value().micros(), -1000);
  EXPECT_EQ(Show(Instant::FromMillis(kFirstSecond * 1000).value()), "0000-01-01T00:00:00Z");
  EXPECT_EQ(Show(Instant::FromMillis(kLastSecond * 1000 + 999).value()),
            "9999-12-31T23:59:59.999Z");
  for (const std::int64_t millis :
       {kFirstSecond * 1000 - 1, (kLastSecond + 1) * 1000, INT64_MIN, INT64_MAX}) {
    const auto read = Instant::FromMillis(millis);
    ASSERT_FALSE(read.ok()) << millis;
    EXPECT_EQ(read.error().code, Code::kInvalidArgument);
  }
}

TEST(Instant, AddsDurations) {
  const Instant noon = Instant::Seconds(43'200);
  EXPECT_EQ(noon + Duration::Hours(1), Instant::Seconds(46'800));
  EXPECT_EQ(noon - Duration::Days(1), Instant::Seconds(-43'200));
  EXPECT_EQ(noon - Instant::Seconds(43'140), Duration::Minutes(1));
  EXPECT_LT(noon, noon + Duration::Micros(1));
}

TEST(ParseDuration, AddsNumbersWithUnits) {
  struct Case {
    std::string_view text;
    Duration duration;
  };
  const Case cases[] = {
      {"15m", Duration::Minutes(15)},
      {"1h30m", Duration::Minutes(90)},
      {"100d", Duration::Days(100)},
      {"250ms", Duration::Micros(250'000)},
      {"0s", Duration()},
      {"007s", Duration::Seconds(7)},
      {"1d2h3m4s5ms", Duration::Micros(93'784'005'000)},
      {"1m1ms", Duration::Micros(60'001'000)},
      {"1m1m", Duration::Minutes(2)},
      {"36525d", Duration::Days(36'525)},
  };
  for (const auto& [text, duration] : cases) {
    const auto read = ParseDuration(text);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read.value(), duration) << text;
  }
}

TEST(ParseDuration, RefusesBadForms) {
  for (const std::string_view text :
       {"", "5", "m", "1.5h", "-1m", "+1m", "1 m", " 1m", "1m ", "1M", "1w", "1us", "1h30", "mm",
        "36526d", "36525d1ms", "876601h", "1000000000000ms", "999999999999d"}) {
    const auto read = ParseDuration(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kInvalidArgument) << text;
  }
}

TEST(FormatDuration, UsesTheLargestUnits) {
  EXPECT_EQ(FormatDuration(Duration()), "0s");
  EXPECT_EQ(FormatDuration(Duration::Minutes(90)), "1h30m");
  EXPECT_EQ(FormatDuration(Duration::Days(100)), "100d");
  EXPECT_EQ(FormatDuration(Duration::Micros(250'000)), "250ms");
  EXPECT_EQ(FormatDuration(Duration::Micros(86'400'001'000)), "1d1ms");
}

RC_GTEST_PROP(DurationProperty, IsReadAsItWasWritten, ()) {
  const auto millis = *rc::gen::inRange<std::int64_t>(0, 36'525 * std::int64_t{86'400'000} + 1);
  const Duration duration = Duration::Micros(millis * 1000);
  RC_ASSERT((ParseDuration(FormatDuration(duration)).value() == duration));
}

}  // namespace
}  // namespace stockwatch::base
