#include "flow/item_moment.h"

#include "flow/planning.h"

namespace stockwatch::flow {

using event::ConditionType;

std::optional<alert::Outlook> OutlookOf(const State& state, key::ItemIndex index) {
  const stock::Item& item = state.ledger.at(index);
  if (item.demand == stock::kNoSlab) return std::nullopt;
  const demand::Rings& rings = state.rings[item.demand];
  const auto plan = rings.plan();
  if (!plan || !plan->daily) return std::nullopt;
  alert::Outlook outlook;
  outlook.rate.daily = *plan->daily;
  outlook.velocity = rings.Velocity();
  const demand::Supply supply = SupplyOf(state, item);
  const auto receipt = FirstReceipt(state, item, supply);
  outlook.receipt_due = receipt.has_value();
  outlook.expected_receipt = receipt.value_or(demand::After(state.now(), supply.lead_time_days));
  return outlook;
}

alert::ItemMoment MomentOf(const State& state, key::ItemIndex index, base::Instant now,
                           threshold::Bounds& dynamic) {
  const stock::Item& item = state.ledger.at(index);
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  alert::ItemMoment moment{item, state.ledger.ShownOf(item), thresholds, now};
  if (!thresholds.NeedsDemand()) return moment;
  if (thresholds.dynamic) {
    dynamic = DynamicBoundsOf(state, item);
    moment.dynamic = &dynamic;
  }
  moment.outlook = OutlookOf(state, index);
  return moment;
}

std::optional<threshold::Field> OriginField(ConditionType type) {
  switch (type) {
    case ConditionType::kCriticalStock:
      return threshold::Field::kCritical;
    case ConditionType::kLowStock:
      return threshold::Field::kLow;
    case ConditionType::kOverstock:
      return threshold::Field::kMax;
    case ConditionType::kStaleStock:
      return threshold::Field::kStaleDays;
    case ConditionType::kProjectedStockout:
      return threshold::Field::kDaysOfCover;
    case ConditionType::kVelocitySpike:
      return threshold::Field::kVelocitySpikeRatio;
    default:
      return std::nullopt;
  }
}

}  // namespace stockwatch::flow
