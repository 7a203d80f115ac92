#pragma once

#include <optional>
#include <string>

#include "domain/alert/condition.h"
#include "domain/demand/buffer.h"
#include "domain/demand/suggestion.h"
#include "flow/state.h"

namespace stockwatch::flow {

// A dynamic `low` as the item's demand gives it: before it is placed between `critical` and `max`.
struct LowPlan {
  base::Quantity reorder_point;
  std::optional<base::Quantity> day_before;  // the same without what the last day taught
  demand::LimitedLow limited;
};

// What a planner reads of an item at the present moment of source time. Worked out when it is asked
// for, from rings, figures and thresholds as they stand: no part of identity or digest.
struct ItemPlan {
  std::optional<demand::Forecast> forecast;
  event::Thousandths season_factor{1000};
  demand::Supply supply;
  base::Quantity position;         // inventory position
  base::Quantity velocity;         // units of the hour in progress and the 23 before
  base::Quantity sold_four_weeks;  // of the day in progress and the 28 before
  // With a forecast:
  std::optional<demand::Buffer> buffer;
  // With a forecast of some demand:
  std::optional<event::Thousandths> days_of_cover;
  std::optional<base::Instant> stockout;        // projected
  std::optional<base::Instant> stockout_early;  // of its 80 % interval
  std::optional<base::Instant> stockout_late;
  base::Instant expected_receipt;
  std::optional<base::Money> revenue_at_risk;  // where the price is known
  // Of a dynamic rule: its `low` in force, and with a forecast how it came about.
  std::optional<base::Quantity> dynamic_low;
  std::optional<LowPlan> low;
};

// REQUIRES: the item is opened
ItemPlan PlanOf(const State& state, key::ItemIndex item);

// The one thing to do about the item now. Asks every warehouse what it can spare.
struct Advice {
  demand::Suggestion suggestion;
  std::string donor_warehouse;  // of a transfer
};
Advice AdviceOf(State& state, key::ItemIndex item, const ItemPlan& plan);

// Whether anything of the item was available; of what is unopened nobody knows, and it teaches.
demand::Rings::Stock StockOf(const State& state, const stock::Item& item);
// Its rings as they stand at the present moment, beside those that are kept.
demand::Rings RingsNow(const State& state, const stock::Item& item);
// The day of its opening.
std::optional<demand::Day> OpenedOn(const stock::Item& item);
// Lead time and service level by their precedence: a rule that names SKU or product, the document,
// other rules, the settings.
demand::Supply SupplyOf(const State& state, const stock::Item& item);
// When something of what is on its way is expected first; nullopt: nothing is.
std::optional<base::Instant> FirstReceipt(const State& state, const stock::Item& item,
                                          const demand::Supply& supply);
// The dynamic `low` of rings that stand at the present moment; nullopt without a forecast.
std::optional<LowPlan> LowOf(const State& state, const stock::Item& item,
                             const demand::Rings& rings,
                             const std::optional<demand::Forecast>& forecast);

}  // namespace stockwatch::flow
