#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/instant.h"
#include "base/money.h"
#include "base/quantity.h"
#include "domain/demand/forecast.h"
#include "domain/event/rule.h"

namespace stockwatch::demand {

// The planner's formulas (domain page, section 6), in whole numbers: quantities to the thousandth,
// days to the thousandth, half to even. What would go beyond a million million pieces or the year
// 9999 stays there.

// Demand of a day, with its season.
struct Rate {
  base::Quantity daily;
  base::Quantity deviation;
  event::Thousandths doubt{0};  // how little `daily` itself is known: Forecast::doubt
};
// `season_factor` multiplies d, not its deviation.
Rate RateOf(const Forecast& forecast, event::Thousandths season_factor);

// What stands between an order and its receipt.
struct Supply {
  event::Thousandths lead_time_days{7'000};
  event::Thousandths lead_time_sd_days{0};
  event::Thousandths service_level{950};
};

// max(0, available) ÷ d, in days; none without demand.
std::optional<event::Thousandths> DaysOfCover(base::Quantity available, const Rate& rate);
base::Instant After(base::Instant now, event::Thousandths days);

// When the stock runs out: the 10 % and the 90 % quantile, in days from now, where the demand of t
// days is normal with d t and σ √t, widened by how little d and σ themselves are known (doubt).
// Nothing available: now. nullopt without demand. docs/adr/0008.
struct CoverInterval {
  event::Thousandths early{0};
  event::Thousandths late{0};
};
std::optional<CoverInterval> CoverIntervalOf(base::Quantity available, const Rate& rate);

// √(L σ_d² + d² σ_L²).
base::Quantity LeadTimeDeviation(const Rate& rate, const Supply& supply);
// Type 1: no stock-out in that share of the cycles.
base::Quantity SafetyStock(const Rate& rate, const Supply& supply);
// Type 2: that share of the demand is served from stock, `order` being what is ordered at a time;
// not below 0. Source: Silver, Pyke, Peterson, "Inventory Management and Production Planning and
// Scheduling", 3rd edition, section 7.7.
base::Quantity SafetyStockForFillRate(const Rate& rate, const Supply& supply, base::Quantity order);
// d L + safety stock; compared with the inventory position.
base::Quantity ReorderPoint(const Rate& rate, const Supply& supply, base::Quantity safety_stock);

// `max`, else reorder point + d · review days.
base::Quantity OrderUpTo(base::Quantity reorder_point, const Rate& rate,
                         event::Thousandths review_days, std::optional<base::Quantity> max);
// How much to order at a time.
struct Lots {
  std::optional<base::Quantity> moq;
  std::optional<base::Quantity> pack;
};
// ⌈max(MOQ, need) ÷ pack⌉ · pack, 0 where nothing is needed.
base::Quantity OrderQuantity(base::Quantity need, const Lots& lots);

// The earliest of the receipts that are on their way, one that is overdue counting as `now`; with
// none of them now + lead time.
base::Instant ExpectedReceipt(std::span<const base::Instant> on_their_way, base::Instant now,
                              event::Thousandths lead_time_days);
// What is not sold from the stock-out until the receipt, at that price.
base::Money RevenueAtRisk(const Rate& rate, base::Instant expected_receipt, base::Instant now,
                          base::Instant stockout, const base::Money& price);

// What a dynamic `low` may be.
struct LowBounds {
  std::optional<base::Quantity> floor;
  std::optional<base::Quantity> ceiling;
  // Largest change a day, in thousandths of the figure of the day before.
  event::Thousandths change_max{250};
};
// What keeps a dynamic `low` from the reorder point; of several the one that had the last word.
enum class LowLimit : std::uint8_t { kNone, kDay, kCeiling, kFloor };
std::string_view Name(LowLimit limit);
struct LimitedLow {
  base::Quantity low;
  LowLimit limit = LowLimit::kNone;

  bool operator==(const LimitedLow&) const = default;
};
// The reorder point, no farther from that without the last day than a day may change it (where
// there was one), inside floor and ceiling.
LimitedLow DynamicLow(base::Quantity reorder_point, std::optional<base::Quantity> day_before,
                      const LowBounds& bounds);

}  // namespace stockwatch::demand
