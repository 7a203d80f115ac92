#include "domain/demand/rings.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "base/random.h"

namespace stockwatch::demand {
namespace {

using base::Duration;
using base::Instant;
using base::Quantity;

// Monday, 2024-01-01T00:00:00Z.
constexpr Instant kMonday = Instant::Seconds(1'704'067'200);
constexpr Day kFirst = 19'723;

Instant At(int day, int hour = 0) {
  return kMonday + Duration::Hours(day * 24 + hour);
}

TEST(Rings, DaysBeginAtMidnightAndWeeksOnMonday) {
  EXPECT_EQ(DayOf(kMonday), kFirst);
  EXPECT_EQ(DayOf(kMonday - Duration::Micros(1)), kFirst - 1);
  EXPECT_EQ(BeginOf(kFirst), kMonday);
  EXPECT_EQ(WeekOf(kFirst), WeekOf(kFirst + 6));
  EXPECT_EQ(WeekOf(kFirst - 1), WeekOf(kFirst) - 1);
  EXPECT_EQ(DayOf(Instant::Micros(-1)), -1);
  EXPECT_EQ(HourOf(Instant::Micros(-1)), -1);
}

TEST(Rings, TheDayInProgressTurns) {
  Rings rings(At(0, 9));
  rings.AddSale(At(0, 9), Quantity::Pieces(2));
  rings.AdvanceTo(At(0, 23), Rings::Stock::kAvailable);
  rings.AddSale(At(0, 22), Quantity::Pieces(3));
  EXPECT_EQ(rings.InDay(kFirst), Quantity::Pieces(5));
  EXPECT_EQ(rings.InWeek(WeekOf(kFirst)), Quantity::Pieces(5));
  EXPECT_EQ(rings.Velocity(), Quantity::Pieces(5));
  rings.AdvanceTo(At(1, 9), Rings::Stock::kAvailable);
  EXPECT_EQ(rings.InDay(kFirst), Quantity::Pieces(5));
  EXPECT_EQ(rings.InDay(kFirst + 1), Quantity());
  EXPECT_EQ(rings.Velocity(), Quantity::Pieces(3)) << "09:00 of the day before is 24 hours ago";
  EXPECT_EQ(rings.InHour(HourOf(At(0, 9))), Quantity::Pieces(2)) << "and still in the ring";
  rings.AdvanceTo(At(7), Rings::Stock::kAvailable);
  EXPECT_EQ(rings.InWeek(WeekOf(kFirst)), Quantity::Pieces(5));
  EXPECT_EQ(rings.InWeek(WeekOf(kFirst) + 1), Quantity());
  EXPECT_EQ(rings.Velocity(), Quantity());
}

TEST(Rings, EachRingReachesAsFarAsTheDomainPageSays) {
  Rings rings(At(400));
  const Day today = kFirst + 400;
  rings.AddSale(At(400) - Duration::Hours(24), Quantity::Pieces(1));
  rings.AddSale(At(400) - Duration::Hours(25), Quantity::Pieces(1));
  EXPECT_EQ(rings.InHour(rings.hour() - 24), Quantity::Pieces(1));
  EXPECT_EQ(rings.InHour(rings.hour() - 25), Quantity());
  rings.AddSale(BeginOf(today - 28), Quantity::Pieces(4));
  rings.AddSale(BeginOf(today - 29), Quantity::Pieces(8));
  EXPECT_EQ(rings.InDay(today - 28), Quantity::Pieces(4));
  EXPECT_EQ(rings.InDay(today - 29), Quantity());
  const Week week = WeekOf(today);
  const Day oldest = (week - 53) * 7 - 3;
  rings.AddSale(BeginOf(oldest), Quantity::Pieces(16));
  rings.AddSale(BeginOf(oldest - 1), Quantity::Pieces(32));
  EXPECT_EQ(rings.InWeek(week - 53), Quantity::Pieces(16));
  EXPECT_EQ(rings.InWeek(week - 54), Quantity());
  EXPECT_EQ(rings.first_sale_day(), oldest - 1) << "it was seen all the same";
}

TEST(Rings, ADayThatEndedWithNothingAndSoldNothingDoesNotTeach) {
  Rings rings(At(0));
  rings.AddSale(At(0), Quantity::Pieces(1));
  rings.AdvanceTo(At(2), Rings::Stock::kNone);  // days 0 and 1 ended with nothing
  EXPECT_TRUE(rings.Teaches(kFirst)) << "it sold something";
  EXPECT_FALSE(rings.Teaches(kFirst + 1));
  EXPECT_FALSE(rings.Teaches(kFirst + 2)) << "the day in progress";
  rings.AddSale(At(1, 5), Quantity::Pieces(1));
  EXPECT_TRUE(rings.Teaches(kFirst + 1)) << "a late sale says that it could sell";
  rings.AdvanceTo(At(3), Rings::Stock::kNone);
  rings.SetEnd(kFirst + 2, Rings::Stock::kAvailable);
  EXPECT_TRUE(rings.Teaches(kFirst + 2)) << "a late receipt says that there was stock";
  rings.Freeze(kFirst);
  EXPECT_FALSE(rings.Teaches(kFirst));
}

TEST(Rings, WhatWasMarkedIsForgottenWithItsDay) {
  Rings rings(At(0));
  rings.AdvanceTo(At(1), Rings::Stock::kNone);
  rings.Freeze(kFirst);
  rings.AdvanceTo(At(29), Rings::Stock::kAvailable);
  for (Day day = kFirst + 1; day < kFirst + 29; ++day) EXPECT_TRUE(rings.Teaches(day)) << day;
}

TEST(Rings, AHundredYearsAheadTheyAreEmpty) {
  Rings rings(At(0));
  for (int hour = 0; hour < 24; ++hour) rings.AddSale(At(0), Quantity::Pieces(9));
  rings.AdvanceTo(At(36'525), Rings::Stock::kNone);
  Rings fresh(At(36'525));
  for (Day day = rings.day() - kDays; day <= rings.day(); ++day) {
    EXPECT_EQ(rings.InDay(day), Quantity());
    EXPECT_FALSE(rings.Teaches(day));
  }
  for (Week week = WeekOf(rings.day()) - kWeeks; week <= WeekOf(rings.day()); ++week) {
    EXPECT_EQ(rings.InWeek(week), Quantity());
  }
  EXPECT_EQ(rings.first_sale_day(), kFirst);
}

TEST(Rings, PartsOfPiecesAndLargeNumbersAreExact) {
  Rings rings(At(3));
  rings.AddSale(At(3), Quantity::Pieces(65'535));
  EXPECT_EQ(rings.InDay(kFirst + 3), Quantity::Pieces(65'535));
  rings.AddSale(At(3), Quantity::Thousandths(1));
  EXPECT_EQ(rings.InDay(kFirst + 3), Quantity::Thousandths(65'535'001));
  rings.AddSale(At(2), Quantity::Pieces(1'000'000'000));
  EXPECT_EQ(rings.InDay(kFirst + 2), Quantity::Pieces(1'000'000'000));
  EXPECT_EQ(rings.InWeek(WeekOf(kFirst)),
            Quantity::Pieces(1'000'000'000) + Quantity::Thousandths(65'535'001));
}

TEST(Rings, HugeSumsStayAtTheirBound) {
  Rings rings(At(3));
  for (int i = 0; i < 12; ++i) rings.AddSale(At(3), Quantity::Pieces(1'000'000'000));
  EXPECT_EQ(rings.InHour(rings.hour()), kBucketMax);
  EXPECT_EQ(rings.InDay(kFirst + 3), kBucketMax);
  rings.AddSale(At(2), kBucketMax);
  EXPECT_EQ(rings.InWeek(WeekOf(kFirst)), kBucketMax);
  rings.AdvanceTo(At(9), Rings::Stock::kAvailable);
  EXPECT_EQ(rings.InWeek(WeekOf(kFirst)), kBucketMax);
}

TEST(Rings, ASaleBeforeTheEpochIsOnlySeen) {
  Rings rings(Instant::Seconds(3'600));
  rings.AddSale(Instant::Seconds(-5), Quantity::Pieces(1));
  EXPECT_EQ(rings.Velocity(), Quantity());
  EXPECT_EQ(rings.InDay(-1), Quantity());
  EXPECT_EQ(rings.first_sale_day(), -1);
}

struct Sale {
  Instant arrived;
  Instant sold;
  Quantity quantity;
};

// What the page says, from all sales at once: buckets relative to the last moment.
Rings FromAll(const std::vector<Sale>& sales, Instant now) {
  Rings rings(now);
  for (const Sale& sale : sales) rings.AddSale(sale.sold, sale.quantity);
  return rings;
}

// The same sales, some late by up to a year, give the same rings as all of them at the end; held
// against plain sums too.
TEST(RingsProperty, LateSalesCommute) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::Random random(seed);
    std::vector<Sale> sales;
    Instant now = At(0);
    Rings rings(now);
    for (int i = 0; i < 150; ++i) {
      now = now + Duration::Minutes(random.Below(random.Chance(1, 20) ? 60'000 : 300));
      rings.AdvanceTo(now, Rings::Stock::kAvailable);
      const Instant sold =
          now - Duration::Minutes(random.Below(
                    random.Chance(1, 3) ? (random.Chance(1, 3) ? 560'000 : 45'000) : 10));
      const auto quantity = random.Chance(1, 50) ? Quantity::Thousandths(random.Below(5000) + 1)
                                                 : Quantity::Pieces(random.Below(3000) + 1);
      sales.push_back({now, sold, quantity});
      rings.AddSale(sold, quantity);
    }
    ASSERT_EQ(rings, FromAll(sales, now)) << "seed " << seed;
    std::map<Hour, Quantity> hours;
    std::map<Day, Quantity> days;
    std::map<Week, Quantity> weeks;
    for (const Sale& sale : sales) {
      hours[HourOf(sale.sold)] += sale.quantity;
      days[DayOf(sale.sold)] += sale.quantity;
      weeks[WeekOf(DayOf(sale.sold))] += sale.quantity;
    }
    for (int age = 0; age <= kHours; ++age) {
      ASSERT_EQ(rings.InHour(rings.hour() - age), hours[rings.hour() - age]) << "seed " << seed;
    }
    for (Day age = 0; age <= kDays; ++age) {
      ASSERT_EQ(rings.InDay(rings.day() - age), days[rings.day() - age]) << "seed " << seed;
    }
    const Week week = WeekOf(rings.day());
    for (Week age = 0; age <= kWeeks; ++age) {
      ASSERT_EQ(rings.InWeek(week - age), weeks[week - age]) << "seed " << seed;
    }
  }
}

TEST(RingsProperty, WhatIsTakenBackWasNeverThere) {
  base::Random random(7);
  Rings rings(At(90));
  Rings without(At(90));
  for (int i = 0; i < 200; ++i) {
    const Instant sold = At(90) - Duration::Minutes(random.Below(120'000));
    const Quantity quantity = Quantity::Pieces(random.Below(9) + 1);
    rings.AddSale(sold, quantity);
    if (i % 3 == 0 && i > 0) {
      rings.TakeBackSale(sold, quantity);
    } else {
      without.AddSale(sold, quantity);
    }
  }
  without.AddSale(BeginOf(rings.first_sale_day()), Quantity());
  EXPECT_EQ(rings, without);
}

}  // namespace
}  // namespace stockwatch::demand
