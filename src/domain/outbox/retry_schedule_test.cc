#include "domain/outbox/retry_schedule.h"

#include <gtest/gtest.h>

namespace stockwatch::outbox {
namespace {

using base::Duration;
using base::Instant;

constexpr std::uint64_t kMost = ~std::uint64_t{0};

// The table of the delivery rules: now, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
TEST(RetrySchedule, IsThatOfTheTable) {
  const std::int64_t seconds[] = {5, 300, 1800, 7200, 18'000, 36'000, 50'400, 72'000, 86'400};
  const Instant at = Instant::Seconds(1000);
  for (std::uint32_t attempts = 1; attempts <= 9; ++attempts) {
    const auto earliest = NextAttempt(attempts, at, 0);
    const auto latest = NextAttempt(attempts, at, kMost);
    ASSERT_TRUE(earliest && latest);
    EXPECT_EQ(*earliest - at, Duration::Seconds(seconds[attempts - 1])) << attempts;
    // Up to a tenth more.
    EXPECT_GT(*latest - at, Duration::Micros(seconds[attempts - 1] * 1'099'999)) << attempts;
    EXPECT_LE(*latest - at, Duration::Micros(seconds[attempts - 1] * 1'100'000)) << attempts;
  }
  EXPECT_FALSE(NextAttempt(10, at, 0));
  EXPECT_FALSE(NextAttempt(4'000'000'000, at, 0));
}

TEST(RetrySchedule, OneChanceGivesOneInstant) {
  const Instant at = Instant::Seconds(1000);
  EXPECT_EQ(NextAttempt(3, at, 0x123456789ABCDEF), NextAttempt(3, at, 0x123456789ABCDEF));
  EXPECT_NE(NextAttempt(3, at, 0x123456789ABCDEF), NextAttempt(3, at, 0xF23456789ABCDEF));
}

// RFC 9110, sections 5.6.7 and 10.2.3: the date of its examples in all three forms.
TEST(RetryAfter, IsSecondsOrADate) {
  const Instant now = base::ParseInstant("1994-11-06T08:49:00Z").value();
  struct Case {
    const char* text;
    std::int64_t seconds;
  };
  const Case cases[] = {{"120", 120},
                        {"0", 0},
                        {" 7 ", 7},
                        {"Sun, 06 Nov 1994 08:49:37 GMT", 37},
                        {"Sunday, 06-Nov-94 08:49:37 GMT", 37},
                        {"Sun Nov  6 08:49:37 1994", 37},
                        {"Sun, 06 Nov 1994 08:48:37 GMT", 0},
                        {"999999999999999999", 3650LL * 86'400},
                        {"Fri, 31 Dec 9999 23:59:59 GMT", 3650LL * 86'400}};
  for (const Case& c : cases) {
    const auto parsed = ParseRetryAfter(c.text, now);
    ASSERT_TRUE(parsed) << c.text;
    EXPECT_EQ(*parsed, Duration::Seconds(c.seconds)) << c.text;
  }
}

TEST(RetryAfter, AYearOfTwoDigitsIsTheNearOne) {
  const Instant now = base::ParseInstant("2026-01-01T00:00:00Z").value();
  const auto parsed = ParseRetryAfter("Thursday, 01-Jan-26 00:01:00 GMT", now);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, Duration::Minutes(1));
}

TEST(RetryAfter, AnythingElseIsNone) {
  const Instant now = Instant::Seconds(0);
  for (const char* text :
       {"", "-1", "1.5", "soon", "12 s", "9999999999999999999", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "a b c d e f"}) {
    EXPECT_FALSE(ParseRetryAfter(text, now)) << text;
  }
}

}  // namespace
}  // namespace stockwatch::outbox
