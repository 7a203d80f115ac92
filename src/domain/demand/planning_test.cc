#include "domain/demand/planning.h"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/demand/buffer.h"
#include "domain/demand/normal.h"
#include "domain/demand/suggestion.h"
#include "domain/demand/zones.h"

namespace stockwatch::demand {
namespace {

using base::Duration;
using base::Instant;
using base::Quantity;
using event::Thousandths;

constexpr Instant kNow = Instant::Seconds(1'704'067'200);

Rate Daily(int pieces, int deviation) {
  return {Quantity::Pieces(pieces), Quantity::Pieces(deviation)};
}

// Standard normal table, as in every textbook of statistics.
TEST(Normal, QuantilesAreThoseOfTheTable) {
  const std::pair<std::int64_t, Deviations> table[] = {
      {500, 0},         {800, 841'621},   {900, 1'281'552}, {950, 1'644'854},
      {975, 1'959'964}, {990, 2'326'348}, {999, 3'090'232}, {100, -1'281'552}};
  for (const auto& [p, z] : table) EXPECT_EQ(NormalQuantile({p}), z) << p;
  EXPECT_EQ(NormalQuantile({1000}), 3'090'232);
  EXPECT_EQ(NormalQuantile({-5}), -3'090'232);
}

// Unit normal loss table, e.g. Silver, Pyke, Peterson (1998), appendix B: G(0) = 0.3989,
// G(0.58) = 0.1748, G(1) = 0.08332, G(2) = 0.008491, G(3) = 0.0003822.
TEST(Normal, LossesAreThoseOfTheTable) {
  const std::pair<std::int64_t, double> table[] = {
      {398'900'000, 0}, {83'320'000, 1}, {8'491'000, 2}, {382'200, 3}};
  for (const auto& [loss, k] : table) {
    EXPECT_NEAR(static_cast<double>(LossQuantile(loss)) / 1e6, k, 0.001) << loss;
  }
  EXPECT_NEAR(static_cast<double>(LossQuantile(174'800'000)) / 1e6, 0.58, 0.005);
  EXPECT_EQ(LossQuantile(1'000'000'000), 0);
  EXPECT_EQ(LossQuantile(0), 4'000'000);
}

// Heizer, Render, Munson, "Operations Management", 12th edition, chapter 12: examples of variable
// demand (15 a day, σ 5, two days, 90 %: reorder point 39), of variable lead time (150 a day, five
// days, σ 1, 98 %: 1,058), and of both (150, σ 16, five days, σ 1, 95 %: 1,004). The safety stock
// to the thousandth with z of six decimals, by Python's decimal.
TEST(Planning, ReorderPointsOfTheTextbook) {
  struct Case {
    Rate rate;
    Supply supply;
    std::int64_t safety_stock = 0;
    std::int64_t textbook = 0;
  };
  const Case cases[] = {
      {Daily(15, 5), {{2'000}, {0}, {900}}, 9'062, 39},
      {Daily(150, 0), {{5'000}, {1'000}, {980}}, 308'062, 1'058},
      {Daily(150, 16), {{5'000}, {1'000}, {950}}, 253'649, 1'004},
  };
  for (const Case& c : cases) {
    const Quantity safety = SafetyStock(c.rate, c.supply);
    EXPECT_EQ(safety.thousandths(), c.safety_stock);
    const Quantity point = ReorderPoint(c.rate, c.supply, safety);
    EXPECT_EQ((point.thousandths() + 500) / 1000, c.textbook);
  }
}

// Example of calculator-factory.com's safety stock calculator: 50 a day, σ 12, 14 days, z = 1.65:
// safety stock 74, reorder point 774.
TEST(Planning, ReorderPointOfAPublishedCalculator) {
  const Rate rate = Daily(50, 12);
  const Supply supply{{14'000}, {0}, {950}};
  const Quantity safety = SafetyStock(rate, supply);
  EXPECT_EQ(safety.thousandths(), 73'854);
  EXPECT_EQ(ReorderPoint(rate, supply, safety).thousandths(), 773'854);
}

// Silver, Pyke, Peterson (1998), section 7.7, the developing liquid: Q = 200 gallons, demand of the
// lead time 50 with σ_L = 11.4, fill rate 0.99: G(k) = 200/11.4 · 0.01 = 0.175, k = 0.58, and the
// reorder point 50 + 0.58 · 11.4 = 56.6.
TEST(Planning, FillRateOfTheTextbook) {
  const Rate rate{Quantity::Pieces(50), Quantity::Thousandths(11'400)};
  const Supply supply{{1'000}, {0}, {990}};
  EXPECT_EQ(LeadTimeDeviation(rate, supply), Quantity::Thousandths(11'400));
  const Quantity safety = SafetyStockForFillRate(rate, supply, Quantity::Pieces(200));
  EXPECT_NEAR(static_cast<double>(safety.thousandths()) / 1000, 0.58 * 11.4, 0.06);
  const Quantity point = ReorderPoint(rate, supply, safety);
  EXPECT_NEAR(static_cast<double>(point.thousandths()) / 1000, 56.6, 0.05);
  EXPECT_EQ(SafetyStockForFillRate(rate, supply, Quantity::Pieces(100'000)), Quantity())
      << "so large an order serves them alone";
  EXPECT_EQ(SafetyStockForFillRate(Daily(5, 0), supply, Quantity::Pieces(10)), Quantity());
}

TEST(Planning, CoverIsAvailableByDemand) {
  EXPECT_EQ(DaysOfCover(Quantity::Pieces(20), Daily(5, 1))->count, 4'000);
  EXPECT_EQ(DaysOfCover(Quantity::Pieces(1), Daily(3, 1))->count, 333);
  EXPECT_EQ(DaysOfCover(Quantity::Pieces(-4), Daily(3, 1))->count, 0);
  EXPECT_FALSE(DaysOfCover(Quantity::Pieces(20), Daily(0, 1)));
  EXPECT_EQ(After(kNow, {4'500}), kNow + Duration::Hours(108));
}

TEST(Planning, CoverOfHugeStockEndsWithTheCalendar) {
  const Rate slow{Quantity::Thousandths(1), Quantity()};
  const auto cover = DaysOfCover(Quantity::Thousandths(INT64_MAX), slow);
  EXPECT_EQ(After(kNow, *cover), Instant::Micros(253'402'300'799'999'999));
  EXPECT_TRUE(CoverIntervalOf(Quantity::Thousandths(INT64_MAX), slow));
  const Rate huge{Quantity::Pieces(1'000'000'000'000), Quantity::Pieces(1'000'000'000'000)};
  const Supply supply{{INT64_MAX}, {INT64_MAX}, {999}};
  EXPECT_EQ(ReorderPoint(huge, supply, SafetyStock(huge, supply)),
            Quantity::Pieces(1'000'000'000'000));
}

// 20 pieces at 5 a day, σ 3: √t = (∓3.8448 + √(3.8448² + 400)) ÷ 10, so 2.730 and 5.862 days (by
// Python's decimal).
TEST(Planning, TheIntervalOfTheStockOutIsTheFormula) {
  const auto interval = CoverIntervalOf(Quantity::Pieces(20), Daily(5, 3));
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->early.count, 2'730);
  EXPECT_EQ(interval->late.count, 5'862);
  EXPECT_EQ(CoverIntervalOf(Quantity::Pieces(20), Daily(5, 0))->early.count, 4'000);
  EXPECT_EQ(CoverIntervalOf(Quantity::Pieces(20), Daily(5, 0))->late.count, 4'000);
  EXPECT_EQ(CoverIntervalOf(Quantity(), Daily(5, 3))->early.count, 0);
  EXPECT_EQ(CoverIntervalOf(Quantity(), Daily(5, 3))->late.count, 0) << "it is out now";
  EXPECT_FALSE(CoverIntervalOf(Quantity::Pieces(20), Daily(0, 0)));
}

// The same where mean and σ were learnt from 28 days: Σw² ÷ (Σw)² of the weights 0.9^age is 0.058,
// so σ is 3 √(1.232 ÷ 0.942) and the quantile 1.2816 (1 + 0.6606 · 0.058 ÷ 0.942) (by Python's
// decimal).
TEST(Planning, TheIntervalKnowsThatItsFiguresAreLearnt) {
  Forecast forecast{Quantity::Pieces(5), Quantity::Pieces(3), Pattern::kSmooth, 28, 28, {58}};
  const Rate rate = RateOf(forecast, {1000});
  const auto interval = CoverIntervalOf(Quantity::Pieces(20), rate);
  EXPECT_EQ(interval->early.count, 2'541);
  EXPECT_EQ(interval->late.count, 6'296);
  forecast.doubt = {84};
  EXPECT_LT(CoverIntervalOf(Quantity::Pieces(20), RateOf(forecast, {1000}))->early,
            interval->early);
}

// d t ± 1.2816 σ √t = A at both ends.
TEST(PlanningProperty, AtBothEndsTheQuantileOfDemandIsTheStock) {
  for (int d = 1; d < 60; d += 7) {
    for (int sigma = 0; sigma < 40; sigma += 9) {
      for (int stock = 1; stock < 4'000; stock += 333) {
        const auto interval = CoverIntervalOf(Quantity::Pieces(stock), Daily(d, sigma));
        const double early = static_cast<double>(interval->early.count) / 1000;
        const double late = static_cast<double>(interval->late.count) / 1000;
        const auto demand = [&](double t, double side) {
          return d * t + side * 1.2816 * sigma * std::sqrt(t);
        };
        // Half a thousandth of a day may be rounded away.
        const auto error = [&](double t) {
          return 0.0006 * (d + 0.7 * sigma / std::sqrt(std::max(t, 0.001)));
        };
        EXPECT_NEAR(demand(early, 1), stock, error(early) + 0.05 * sigma);
        EXPECT_NEAR(demand(late, -1), stock, error(late) + 0.01);
      }
    }
  }
}

TEST(Planning, OrdersAreWholePacksOfAtLeastTheMinimum) {
  struct Case {
    int need;
    int moq;
    int pack;
    int order;
  };
  const Case cases[] = {{0, 50, 10, 0},   {-7, 50, 10, 0},  {1, 50, 12, 60},
                        {61, 50, 12, 72}, {60, 50, 12, 60}, {61, 50, 1, 61}};
  for (const Case& c : cases) {
    EXPECT_EQ(OrderQuantity(Quantity::Pieces(c.need),
                            {Quantity::Pieces(c.moq), Quantity::Pieces(c.pack)}),
              Quantity::Pieces(c.order))
        << c.need;
  }
  EXPECT_EQ(OrderQuantity(Quantity::Pieces(61), {}), Quantity::Pieces(61));
  EXPECT_EQ(OrderQuantity(Quantity::Pieces(61), {{}, Quantity()}), Quantity::Pieces(61));
}

TEST(Planning, OrderUpToIsMaxOrTheDemandOfTheReview) {
  const Quantity point = Quantity::Pieces(39);
  EXPECT_EQ(OrderUpTo(point, Daily(15, 5), {7'000}, std::nullopt), Quantity::Pieces(39 + 105));
  EXPECT_EQ(OrderUpTo(point, Daily(15, 5), {7'000}, Quantity::Pieces(80)), Quantity::Pieces(80));
}

TEST(Planning, ReceiptsAreExpectedWhenTheySayOrAfterTheLeadTime) {
  EXPECT_EQ(ExpectedReceipt({}, kNow, {7'000}), kNow + Duration::Days(7));
  const Instant due[] = {kNow + Duration::Days(9), kNow + Duration::Days(2)};
  EXPECT_EQ(ExpectedReceipt(due, kNow, {7'000}), kNow + Duration::Days(2));
  const Instant overdue[] = {kNow - Duration::Days(3), kNow + Duration::Days(2)};
  EXPECT_EQ(ExpectedReceipt(overdue, kNow, {7'000}), kNow);
}

// Out in 2 days, received in 5: three days without stock at 4 a day and 2.50 each: 30.
TEST(Planning, RevenueAtRiskIsWhatCannotBeSoldUntilTheReceipt) {
  const base::Money price{25'000, base::Currency::Parse("GBP").value()};
  const Rate rate = Daily(4, 1);
  const Instant receipt = kNow + Duration::Days(5);
  EXPECT_EQ(RevenueAtRisk(rate, receipt, kNow, kNow + Duration::Days(2), price).ten_thousandths,
            300'000);
  EXPECT_EQ(RevenueAtRisk(rate, receipt, kNow, kNow - Duration::Days(2), price).ten_thousandths,
            500'000)
      << "it is out already";
  EXPECT_EQ(RevenueAtRisk(rate, receipt, kNow, kNow + Duration::Days(6), price).ten_thousandths, 0);
}

TEST(Planning, ADynamicLowKeepsWithinItsGuardRails) {
  struct Case {
    const char* what = nullptr;
    int point = 0;
    std::optional<int> before;
    std::optional<int> floor;
    std::optional<int> ceiling;
    int low = 0;
    LowLimit limit = LowLimit::kNone;
  };
  const Case cases[] = {
      {"the reorder point", 39, 40, {}, {}, 39, LowLimit::kNone},
      {"a quarter up a day", 90, 40, {}, {}, 50, LowLimit::kDay},
      {"a quarter down a day", 4, 40, {}, {}, 30, LowLimit::kDay},
      {"the first forecast is not held back", 90, {}, {}, {}, 90, LowLimit::kNone},
      {"ceiling", 90, {}, 5, 60, 60, LowLimit::kCeiling},
      {"floor", 2, {}, 5, 60, 5, LowLimit::kFloor},
      {"the floor is above a ceiling below it", 2, {}, 7, 6, 7, LowLimit::kFloor},
      {"a ceiling below what a day allows", 90, 40, {}, 45, 45, LowLimit::kCeiling},
      {"nothing before grows to nothing", 9, 0, {}, {}, 0, LowLimit::kDay},
  };
  const auto pieces = [](const std::optional<int>& n) {
    return n ? std::optional(Quantity::Pieces(*n)) : std::nullopt;
  };
  for (const Case& c : cases) {
    EXPECT_EQ(DynamicLow(Quantity::Pieces(c.point), pieces(c.before),
                         {pieces(c.floor), pieces(c.ceiling), {250}}),
              (LimitedLow{Quantity::Pieces(c.low), c.limit}))
        << c.what;
  }
}

// The equations of Demand Driven Technologies' user guide, "Zone Definitions": yellow = ADU · LT,
// red base = ADU · LT · factor, red safety = red base · variability, green = the largest of red
// base, cycle · ADU and MOQ. With 10 a day, 12 days, factors of 50 %, a cycle of 7 days and an MOQ
// of 50: 120; 60 + 30; max(60, 70, 50) = 70.
TEST(Zones, OfThePublishedEquations) {
  const Zones zones =
      ZonesOf(Quantity::Pieces(10), {12'000}, {{500}, {500}, {7'000}, Quantity::Pieces(50)});
  EXPECT_EQ(zones.red, Quantity::Pieces(90));
  EXPECT_EQ(zones.yellow, Quantity::Pieces(120));
  EXPECT_EQ(zones.green, Quantity::Pieces(70));
  EXPECT_EQ(zones.top_of_green(), Quantity::Pieces(280));
  const std::pair<int, Zone> places[] = {
      {-1, Zone::kOut},    {0, Zone::kOut},     {1, Zone::kRed},
      {90, Zone::kRed},    {91, Zone::kYellow}, {210, Zone::kYellow},
      {211, Zone::kGreen}, {280, Zone::kGreen}, {281, Zone::kAbove}};
  for (const auto& [position, zone] : places) {
    EXPECT_EQ(ZoneOf(zones, Quantity::Pieces(position)), zone) << position;
  }
}

// Ten a day with σ 3, nine days, σ_L 0: σ_LT = 9. Type 1 at 95 %: 1.644854 · 9 = 14.804. Type 2 at
// 99 % of lots of 60 (six days, in packs of 30): G(k) = 0.01 · 60 ÷ 9 = 0.066667, k = 1.112 (the
// textbook's table: G(1.11) = 0.0669, G(1.12) = 0.0654). Zones with factors of one half: yellow 90,
// red 45 + 22.5, green 45.
TEST(Buffer, IsOfTheMethodThatTheSettingsName) {
  const auto of = [](BufferMethod method, int service_level, std::optional<Quantity> max = {}) {
    BufferOptions options;
    options.method = method;
    return BufferOf(Daily(10, 3), {{9'000}, {0}, {service_level}},
                    {std::nullopt, Quantity::Pieces(30)}, {6'000}, max, options);
  };
  const Buffer cycles = of(BufferMethod::kCycleService, 950);
  EXPECT_EQ(cycles.safety_stock, Quantity::Thousandths(14'804));
  EXPECT_EQ(cycles.reorder_point, Quantity::Thousandths(104'804));
  EXPECT_EQ(cycles.order_up_to, Quantity::Thousandths(164'804));
  EXPECT_FALSE(cycles.zones);
  const Buffer rate = of(BufferMethod::kFillRate, 990);
  EXPECT_NEAR(static_cast<double>(rate.safety_stock.thousandths()), 9 * 1112, 9 * 5);
  EXPECT_EQ(rate.reorder_point, Quantity::Pieces(90) + rate.safety_stock);
  const Buffer zones = of(BufferMethod::kZones, 950);
  EXPECT_EQ(zones.safety_stock, Quantity::Thousandths(67'500));
  EXPECT_EQ(zones.reorder_point, Quantity::Thousandths(157'500));
  EXPECT_EQ(zones.order_up_to, Quantity::Thousandths(202'500));
  ASSERT_TRUE(zones.zones);
  EXPECT_EQ(of(BufferMethod::kZones, 950, Quantity::Pieces(180)).order_up_to,
            Quantity::Pieces(180));
}

TEST(Suggestion, SaysTheOneThingToDo) {
  Situation plain;
  plain.on_hand = Quantity::Pieces(10);
  plain.cost = base::Money{20'000, base::Currency::Parse("GBP").value()};
  plain.lots = {Quantity::Pieces(12), Quantity::Pieces(6)};
  const auto with = [&](auto change) {
    Situation situation = plain;
    change(situation);
    return Suggest(situation);
  };
  EXPECT_EQ(Suggest(plain).action, Action::kNone);

  const Suggestion buy = with([](Situation& s) { s.need = Quantity::Pieces(13); });
  EXPECT_EQ(buy.action, Action::kBuy);
  EXPECT_EQ(buy.quantity, Quantity::Pieces(18));
  EXPECT_EQ(buy.cost->ten_thousandths, 360'000);

  const Suggestion transfer = with([](Situation& s) {
    s.need = Quantity::Pieces(13);
    s.donor_surplus = Quantity::Pieces(40);
  });
  EXPECT_EQ(transfer.action, Action::kTransfer);
  EXPECT_EQ(transfer.quantity, Quantity::Pieces(13)) << "at most the need";

  const auto short_donor = [](Situation& s) {
    s.need = Quantity::Pieces(13);
    s.donor_surplus = Quantity::Pieces(4);
  };
  EXPECT_EQ(with(short_donor).action, Action::kBuy);
  const Suggestion urgent = with([&](Situation& s) {
    short_donor(s);
    s.urgent = true;
  });
  EXPECT_EQ(urgent.action, Action::kTransfer);
  EXPECT_EQ(urgent.quantity, Quantity::Pieces(4));

  const Suggestion mark_down = with([](Situation& s) { s.max = Quantity::Pieces(7); });
  EXPECT_EQ(mark_down.action, Action::kMarkDown);
  EXPECT_EQ(mark_down.quantity, Quantity::Pieces(3));

  EXPECT_EQ(with([](Situation& s) { s.on_hand = Quantity::Pieces(-1); }).action, Action::kCount);
  const auto doubtful = [](Situation& s) {
    s.in_doubt = true;
    s.need = Quantity::Pieces(13);
  };
  EXPECT_EQ(with(doubtful).action, Action::kCount) << "no order rests on what is in doubt";
}

TEST(Suggestion, WhatIsOversoldIsReplenishedBeforeItIsCounted) {
  Situation oversold;
  oversold.on_hand = Quantity::Pieces(-1);
  oversold.forecast = Forecast{Quantity::Pieces(5), Quantity::Pieces(4), Pattern::kSmooth, 28, 26};
  EXPECT_EQ(Suggest(oversold).action, Action::kCount) << "enough is on its way";
  EXPECT_EQ(Suggest(oversold).confidence, Confidence::kHigh);
  oversold.need = Quantity::Pieces(13);
  EXPECT_EQ(Suggest(oversold).action, Action::kBuy);
  EXPECT_EQ(Suggest(oversold).quantity, Quantity::Pieces(13));
  EXPECT_EQ(Suggest(oversold).confidence, Confidence::kMedium) << "its figure can't be true";
}

TEST(Suggestion, IsTrustedAsFarAsItsForecast) {
  EXPECT_EQ(ConfidenceOf(std::nullopt), Confidence::kLow);
  Forecast forecast{Quantity::Pieces(5), Quantity::Pieces(4), Pattern::kSmooth, 28, 26};
  EXPECT_EQ(ConfidenceOf(forecast), Confidence::kHigh);
  forecast.teaching_days = 20;
  EXPECT_EQ(ConfidenceOf(forecast), Confidence::kMedium);
  forecast.pattern = Pattern::kIntermittent;
  EXPECT_EQ(ConfidenceOf(forecast), Confidence::kMedium);
  forecast.pattern = Pattern::kSparse;
  EXPECT_EQ(ConfidenceOf(forecast), Confidence::kLow);
}

}  // namespace
}  // namespace stockwatch::demand
