#include "domain/demand/forecast.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace stockwatch::demand {
namespace {

using base::Duration;
using base::Instant;
using base::Quantity;

constexpr Instant kMonday = Instant::Seconds(1'704'067'200);
constexpr Day kFirst = 19'723;  // a Monday

// Rings of an item that sold these pieces on days kFirst, kFirst + 1, …; the day after is in
// progress.
Rings Sold(const std::vector<int>& pieces) {
  Rings rings(kMonday);
  for (const int sold : pieces) {
    if (sold > 0) rings.AddSale(BeginOf(rings.day()), Quantity::Pieces(sold));
    rings.AdvanceTo(BeginOf(rings.day() + 1), Rings::Stock::kAvailable);
  }
  return rings;
}

std::optional<Forecast> Of(const Rings& rings, Day opened = kFirst) {
  return ForecastOf(rings, opened, rings.day());
}

TEST(Forecast, AConstantIsItsOwnForecast) {
  const auto forecast = Of(Sold(std::vector<int>(28, 5)));
  ASSERT_TRUE(forecast);
  EXPECT_EQ(*forecast, (Forecast{Quantity::Pieces(5), Quantity(), Pattern::kSmooth, 28, 28, {58}}));
}

// Days of age a sold (7 a + 3) mod 11: Σ 0.9^a x ÷ Σ 0.9^a = 5.231, σ = 3.15122, with fractions of
// whole numbers in Python.
TEST(Forecast, ASmoothItemIsTheWeightedMeanOfItsDays) {
  std::vector<int> pieces;
  for (int age = 27; age >= 0; --age) pieces.push_back((7 * age + 3) % 11);
  const auto forecast = Of(Sold(pieces));
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->pattern, Pattern::kSmooth);
  EXPECT_EQ(forecast->sale_days, 26);
  EXPECT_EQ(forecast->daily, Quantity::Thousandths(5231));
  EXPECT_EQ(forecast->deviation, Quantity::Thousandths(3151));
}

// The monthly sales of product C in Hyndman, Athanasopoulos, "Forecasting: Principles and
// Practice", 2nd edition, section 12.2, which lists the sizes … 2 6 3 7 3 1 1 1 and the gaps before
// them … 2 1 6 8 1 3 2; here days, the last 28 of them, so that the first gap is 3: from where
// teaching begins. With weights 0.9^age: z = Σ w z, p = Σ w p, z ÷ p = 0.6039, and 0.95 times that
// is 0.57373; σ = 1.30207; with fractions of whole numbers in Python.
TEST(Forecast, AnIntermittentItemIsForecastAfterSyntetosAndBoylan) {
  const std::vector<int> product_c{0, 2, 0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0,
                                   0, 7, 0, 0, 0, 0,  0, 0, 0, 3, 1, 0, 0, 1, 0, 1, 0, 0};
  const auto forecast = Of(Sold(product_c));
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->pattern, Pattern::kIntermittent);
  EXPECT_EQ(forecast->sale_days, 8);
  EXPECT_EQ(forecast->daily, Quantity::Thousandths(574));
  EXPECT_EQ(forecast->deviation, Quantity::Thousandths(1302));
}

// Equal sizes at equal intervals: z = 6, p = 2, and 0.95 · 6 ÷ 2 = 2.85.
TEST(Forecast, TheBiasOfCrostonIsTakenOut) {
  std::vector<int> pieces;
  for (int i = 0; i < 14; ++i) pieces.insert(pieces.end(), {0, 6});
  const auto forecast = Of(Sold(pieces));
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->pattern, Pattern::kIntermittent);
  EXPECT_EQ(forecast->daily, Quantity::Thousandths(2850));
}

// 25 teaching days and 19 sale days: an interval of 25/19 = 1.3158 is smooth; 33/25 = 1.32 is not.
TEST(Forecast, IntervalsFrom132OnAreIntermittent) {
  std::vector<int> pieces(25, 1);
  for (const int empty : {1, 5, 9, 13, 17, 21}) pieces[static_cast<std::size_t>(empty)] = 0;
  EXPECT_EQ(Of(Sold(pieces))->pattern, Pattern::kSmooth);
  pieces[3] = 0;  // 25/18
  EXPECT_EQ(Of(Sold(pieces))->pattern, Pattern::kIntermittent);
}

// Three weeks with 7, 0 and 14 pieces, the last the latest: 7 d = Σ w x ÷ Σ w = 7.2590 with the
// weights 0.81, 0.9, 1; d = 1.037, σ = 2.21319; with fractions of whole numbers in Python.
TEST(Forecast, FewSaleDaysAreForecastByWeeks) {
  std::vector<int> pieces(21, 0);
  pieces[2] = 7;
  pieces[15] = 14;
  const auto forecast = Of(Sold(pieces));
  ASSERT_TRUE(forecast);
  EXPECT_EQ(
      *forecast,
      (Forecast{
          Quantity::Thousandths(1037), Quantity::Thousandths(2213), Pattern::kSparse, 21, 2, {8}}));
}

TEST(Forecast, FourteenDaysHaveToTeach) {
  EXPECT_FALSE(Of(Sold(std::vector<int>(13, 5))));
  EXPECT_TRUE(Of(Sold(std::vector<int>(14, 5))));
  Rings frozen = Sold(std::vector<int>(14, 5));
  frozen.Freeze(kFirst + 3);
  EXPECT_FALSE(Of(frozen));
}

TEST(Forecast, OnlyDaysWithStockTeach) {
  Rings rings = Sold(std::vector<int>(20, 4));
  rings.AdvanceTo(BeginOf(kFirst + 25), Rings::Stock::kNone);  // five days without stock
  const auto forecast = Of(rings);
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->daily, Quantity::Pieces(4));
  EXPECT_EQ(forecast->teaching_days, 20);
  Rings in_stock = Sold(std::vector<int>(20, 4));
  in_stock.AdvanceTo(BeginOf(kFirst + 25), Rings::Stock::kAvailable);
  EXPECT_LT(Of(in_stock)->daily, Quantity::Pieces(4));
}

TEST(Forecast, AnItemIsSeenFromItsOpeningOrItsFirstSaleOn) {
  std::vector<int> pieces(28, 0);
  for (std::size_t day = 10; day < 28; ++day) pieces[day] = 3;
  const Rings rings = Sold(pieces);
  EXPECT_EQ(ForecastOf(rings, std::nullopt, rings.day())->teaching_days, 18);
  EXPECT_EQ(ForecastOf(rings, kFirst + 12, rings.day())->teaching_days, 18);
  EXPECT_EQ(ForecastOf(rings, kFirst + 4, rings.day())->teaching_days, 24);
  EXPECT_EQ(ForecastOf(rings, kFirst - 100, rings.day())->teaching_days, 28);
}

// Σw² ÷ (Σw)² of 0.9^age: 0.058445 for 28 days, 0.083855 for 14; without the ages 12 to 22 of 28
// 0.085697 (by fractions of whole numbers in Python).
TEST(Forecast, DoubtIsThatOfTheWeightsWithTheirGaps) {
  EXPECT_EQ(Of(Sold(std::vector<int>(14, 5)))->doubt.count, 84);
  Rings rings = Sold(std::vector<int>(28, 5));
  EXPECT_EQ(Of(rings)->doubt.count, 58);
  for (Day age = 12; age < 23; ++age) rings.Freeze(rings.day() - 1 - age);
  EXPECT_EQ(Of(rings)->doubt.count, 86);
}

TEST(Forecast, WithoutTheLastDayItIsThatOfYesterday) {
  std::vector<int> pieces(24);
  for (int day = 0; day < 24; ++day) pieces[static_cast<std::size_t>(day)] = 1 + day * 5 % 7;
  const auto yesterday = Of(Sold(pieces));
  pieces.push_back(500);
  const Rings rings = Sold(pieces);
  EXPECT_EQ(ForecastOf(rings, kFirst, rings.day() - 1), yesterday);
  EXPECT_NE(Of(rings), yesterday);
}

TEST(Forecast, OneSaleIsAForecastOfLittleAndNoneIsNoForecast) {
  std::vector<int> pieces(28, 0);
  pieces[27] = 1;
  EXPECT_EQ(Of(Sold(pieces))->sale_days, 1);
  Rings rings(kMonday);
  rings.AdvanceTo(BeginOf(kFirst + 28), Rings::Stock::kAvailable);
  rings.Freeze(kFirst + 20);
  EXPECT_FALSE(Of(rings)) << "seen, and never sold";
  EXPECT_FALSE(ForecastOf(Rings(kMonday), std::nullopt, kFirst)) << "nothing known at all";
}

TEST(Forecast, HugeDemandIsExact) {
  Rings rings(kMonday);
  for (int day = 0; day < 28; ++day) {
    rings.AddSale(BeginOf(rings.day()), kBucketMax);
    rings.AdvanceTo(BeginOf(rings.day() + 1), Rings::Stock::kAvailable);
  }
  EXPECT_EQ(*Of(rings), (Forecast{kBucketMax, Quantity(), Pattern::kSmooth, 28, 28, {58}}));
}

// A hundred years without a sale: nothing teaches that it sells, and days that could have sold
// teach that it does not.
TEST(Forecast, AHundredYearsLaterNothingIsLeft) {
  Rings rings = Sold(std::vector<int>(28, 5));
  rings.AdvanceTo(kMonday + Duration::Days(36'525), Rings::Stock::kAvailable);
  EXPECT_EQ(Of(rings)->daily, Quantity());
  Rings without_stock = Sold(std::vector<int>(28, 5));
  without_stock.AdvanceTo(kMonday + Duration::Days(36'525), Rings::Stock::kNone);
  EXPECT_FALSE(Of(without_stock));
}

}  // namespace
}  // namespace stockwatch::demand
