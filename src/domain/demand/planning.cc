#include "domain/demand/planning.h"

#include <algorithm>
#include <array>

#include "domain/demand/fixed_point.h"
#include "domain/demand/normal.h"

namespace stockwatch::demand {
namespace {

using event::Thousandths;

constexpr std::int64_t kMicrosPerThousandthDay = 86'400'000;
// 9999-12-31T23:59:59.999999Z.
constexpr std::int64_t kLastMicros = 253'402'300'799'999'999;
// Φ⁻¹(0.9), ten-thousandths: between the 10 % and the 90 % quantile lie 80 %.
constexpr Unsigned128 kNinthDecile = 12'816;
constexpr Unsigned128 kTenThousand = 10'000;

// In millionths of a thousandth squared.
Unsigned128 LeadTimeVariance(const Rate& rate, const Supply& supply) {
  const Unsigned128 deviation = Positive(rate.deviation);
  const Unsigned128 daily = Positive(rate.daily);
  const Unsigned128 lead_sd = Positive(supply.lead_time_sd_days.count);
  const Unsigned128 of_demand = MultiplyBounded(MultiplyBounded(deviation, deviation),
                                                Positive(supply.lead_time_days.count) * 1000);
  const Unsigned128 of_supply =
      MultiplyBounded(MultiplyBounded(daily, daily), MultiplyBounded(lead_sd, lead_sd));
  return AddBounded(of_demand, of_supply);
}

// In thousandths of a thousandth.
Unsigned128 LeadTimeRoot(const Rate& rate, const Supply& supply) {
  const Unsigned128 variance = LeadTimeVariance(rate, supply);
  return variance > kUnsignedMax / 4 ? RootOf(variance) : RootHalfEven(variance, 1);
}

// (z² + 1) ÷ 4 for that quantile: Student's quantile of ν degrees of freedom is about
// z (1 + (z² + 1) ÷ 4ν). Source: Abramowitz and Stegun, 26.7.5.
constexpr Unsigned128 kStudent = 6'606;

// σ of a day as the interval takes it: σ √((1 + doubt · cover) ÷ (1 − doubt)), by Student's
// quantile in place of the normal one: the mean is learnt, and so is σ itself, both from 1 ÷ doubt
// days as it were.
Unsigned128 WidenedDeviation(Unsigned128 stock, Unsigned128 daily, const Rate& rate) {
  constexpr Unsigned128 kMillion = 1'000'000;
  constexpr Unsigned128 kCoverMax = 1'000'000'000;  // a million days
  const Unsigned128 cover = std::min(stock * 1000 / daily, kCoverMax);
  const Unsigned128 doubt = Positive(std::min<std::int64_t>(rate.doubt.count, 500));
  const Unsigned128 known = 1000 - doubt;
  const Unsigned128 root = RootOf((kMillion + doubt * cover) * kMillion * 1000 / known);
  const Unsigned128 widened = Positive(rate.deviation) * root / known *
                              (kTenThousand * known + kStudent * doubt) / kTenThousand;
  return DivideHalfEven(widened, kMillion);
}

}  // namespace

Rate RateOf(const Forecast& forecast, Thousandths season_factor) {
  const Unsigned128 daily = Positive(forecast.daily) * Positive(season_factor.count);
  return {QuantityOf(DivideHalfEven(daily, 1000)), forecast.deviation, forecast.doubt};
}

std::optional<Thousandths> DaysOfCover(base::Quantity available, const Rate& rate) {
  const Unsigned128 daily = Positive(rate.daily);
  if (daily == 0) return std::nullopt;
  return Thousandths{Figure(DivideHalfEven(Positive(available) * 1000, daily))};
}

base::Instant After(base::Instant now, Thousandths days) {
  const auto at = base::Int128{days.count} * kMicrosPerThousandthDay + now.micros();
  return base::Instant::Micros(at > kLastMicros ? kLastMicros : static_cast<std::int64_t>(at));
}

// √t = (∓ s + √(s² + 4 d A)) ÷ (2 d) with s = 1.2816 σ. Everything under the root times 10^8.
std::optional<CoverInterval> CoverIntervalOf(base::Quantity available, const Rate& rate) {
  const Unsigned128 daily = Positive(rate.daily);
  if (daily == 0) return std::nullopt;
  const Unsigned128 stock = Positive(std::min(available.thousandths(), kFigureMax));
  // What is out runs out now, though the formula would wait for the next customer.
  if (stock == 0) return CoverInterval{};
  const Unsigned128 spread = WidenedDeviation(stock, daily, rate) * kNinthDecile;
  const Unsigned128 root =
      RootOf(AddBounded(MultiplyBounded(spread, spread),
                        MultiplyBounded(stock * daily, 4 * kTenThousand * kTenThousand)));
  // Days are asked in thousandths.
  const Unsigned128 below = 4 * daily * daily * (kTenThousand * kTenThousand / 1000);
  const auto days = [&](Unsigned128 numerator) {
    return Thousandths{Figure(DivideHalfEven(MultiplyBounded(numerator, numerator), below))};
  };
  // The root is rounded down: with little stock it may lie just below the spread.
  return CoverInterval{days(root > spread ? root - spread : 0), days(root + spread)};
}

base::Quantity LeadTimeDeviation(const Rate& rate, const Supply& supply) {
  return QuantityOf(DivideHalfEven(LeadTimeRoot(rate, supply), 1000));
}

base::Quantity SafetyStock(const Rate& rate, const Supply& supply) {
  const Deviations z = NormalQuantile(supply.service_level);
  constexpr Unsigned128 kScale = 1'000'000'000;  // z in millionths, the root in thousandths
  const base::Quantity size =
      QuantityOf(DivideHalfEven(LeadTimeRoot(rate, supply) * Positive(z < 0 ? -z : z), kScale));
  return z < 0 ? -size : size;
}

base::Quantity SafetyStockForFillRate(const Rate& rate, const Supply& supply,
                                      base::Quantity order) {
  const Unsigned128 root = LeadTimeRoot(rate, supply);
  if (root == 0) return {};
  const auto unserved = static_cast<Unsigned128>(
      1000 - std::clamp<std::int64_t>(supply.service_level.count, 0, 1000));
  // (1 − β) Q ÷ σ_LT in thousand-millionths: β in thousandths, the root in thousandths of one.
  const Unsigned128 loss =
      DivideHalfEven(MultiplyBounded(Positive(order) * unserved, 1'000'000'000), root);
  const Deviations k = LossQuantile(Figure(loss));
  return QuantityOf(DivideHalfEven(root * Positive(k), 1'000'000'000));
}

base::Quantity ReorderPoint(const Rate& rate, const Supply& supply, base::Quantity safety_stock) {
  const Unsigned128 on_the_way = DivideHalfEven(
      MultiplyBounded(Positive(rate.daily), Positive(supply.lead_time_days.count)), 1000);
  const std::int64_t point = Figure(on_the_way) + safety_stock.thousandths();
  return base::Quantity::Thousandths(std::clamp<std::int64_t>(point, 0, kFigureMax));
}

base::Quantity OrderUpTo(base::Quantity reorder_point, const Rate& rate, Thousandths review_days,
                         std::optional<base::Quantity> max) {
  if (max) return *max;
  const Unsigned128 until_review =
      DivideHalfEven(MultiplyBounded(Positive(rate.daily), Positive(review_days.count)), 1000);
  return QuantityOf(AddBounded(Positive(reorder_point), until_review));
}

base::Quantity OrderQuantity(base::Quantity need, const Lots& lots) {
  if (need <= base::Quantity()) return {};
  const Unsigned128 wanted = Positive(std::max(need, lots.moq.value_or(need)));
  const Unsigned128 pack = Positive(lots.pack.value_or(base::Quantity()));
  if (pack == 0) return QuantityOf(wanted);
  return QuantityOf((wanted + pack - 1) / pack * pack);
}

base::Instant ExpectedReceipt(std::span<const base::Instant> on_their_way, base::Instant now,
                              Thousandths lead_time_days) {
  if (on_their_way.empty()) return After(now, lead_time_days);
  return std::max(now, *std::min_element(on_their_way.begin(), on_their_way.end()));
}

base::Money RevenueAtRisk(const Rate& rate, base::Instant expected_receipt, base::Instant now,
                          base::Instant stockout, const base::Money& price) {
  const std::int64_t without = (expected_receipt - std::max(now, stockout)).micros();
  constexpr Unsigned128 kThousandthsADay = 86'400'000'000'000ull;
  // The price in ten-thousandths of a piece, the demand in thousandths of it a day.
  const Unsigned128 value = MultiplyBounded(
      MultiplyBounded(Positive(rate.daily), Positive(price.ten_thousandths)), Positive(without));
  return {Figure(DivideHalfEven(value, kThousandthsADay)), price.currency};
}

std::string_view Name(LowLimit limit) {
  constexpr std::array<std::string_view, 4> kNames{"none", "day", "ceiling", "floor"};
  return kNames[static_cast<std::size_t>(limit)];
}

LimitedLow DynamicLow(base::Quantity reorder_point, std::optional<base::Quantity> day_before,
                      const LowBounds& bounds) {
  LimitedLow limited{reorder_point};
  const auto limit = [&](base::Quantity low, LowLimit by) {
    if (low != limited.low) limited = {low, by};
  };
  if (day_before) {
    const base::Quantity change = QuantityOf(DivideHalfEven(
        MultiplyBounded(Positive(*day_before), Positive(bounds.change_max.count)), 1000));
    limit(std::clamp(limited.low, *day_before - change, *day_before + change), LowLimit::kDay);
  }
  if (bounds.ceiling) limit(std::min(limited.low, *bounds.ceiling), LowLimit::kCeiling);
  if (bounds.floor) limit(std::max(limited.low, *bounds.floor), LowLimit::kFloor);
  return limited;
}

}  // namespace stockwatch::demand
