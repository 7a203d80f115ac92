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
  const demand::Supply supply = SupplyOf(state, item);
  const auto receipt = FirstReceipt(state, item, supply);
  outlook.receipt_due = receipt.has_value();
  outlook.expected_receipt = receipt.value_or(demand::After(state.now(), supply.lead_time_days));
  return outlook;
}

std::optional<stock::RiskScore> RiskOf(const State& state, const stock::Item& item,
                                       base::Quantity available) {
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  return stock::RiskOf(available,
                       thresholds.dynamic ? DynamicBoundsOf(state, item).low : thresholds.low);
}

std::optional<stock::RiskScore> CoverOf(const State& state, const stock::Item& item,
                                        base::Quantity available) {
  // Without such a rule there is no plan: one test, and nothing of its demand is read.
  if (!state.rules.at(item.thresholds).NeedsDemand()) return std::nullopt;
  if (item.demand == stock::kNoSlab || available <= base::Quantity()) return std::nullopt;
  const auto plan = state.rings[item.demand].plan();
  if (!plan || !plan->daily) return std::nullopt;
  const auto cover = demand::DaysOfCover(available, {*plan->daily, {}, {}});
  if (!cover) return std::nullopt;
  return cover->count;
}

namespace {

// How its demand varies, which the day's plan does not keep. Asked for by few moments: where a
// receipt is due for an item that may run out.
void AddSpread(const State& state, alert::ItemMoment& moment) {
  const auto cover = moment.Cover();
  const bool wanted = cover && moment.outlook->receipt_due && moment.thresholds.days_of_cover &&
                      *cover <= *moment.thresholds.days_of_cover;
  if (!wanted) return;
  const demand::Rings& rings = state.rings[moment.item.demand];
  const auto forecast = demand::ForecastOf(rings, OpenedOn(moment.item), rings.day());
  if (!forecast) return;
  const demand::Rate rate = demand::RateOf(*forecast, moment.thresholds.season_factor);
  moment.outlook->rate.deviation = rate.deviation;
  moment.outlook->rate.doubt = rate.doubt;
}

}  // namespace

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
  if (item.demand != stock::kNoSlab) moment.velocity = state.rings[item.demand].Velocity();
  moment.outlook = OutlookOf(state, index);
  AddSpread(state, moment);
  return moment;
}

threshold::VersionIndex OriginOf(const alert::ItemMoment& moment, ConditionType type) {
  using threshold::Field;
  const auto of = [&](Field field) { return moment.thresholds.origin[threshold::Index(field)]; };
  switch (type) {
    case ConditionType::kCriticalStock:
      return of(Field::kCritical);
    case ConditionType::kLowStock:
      return moment.dynamic != nullptr ? moment.dynamic->low_origin : of(Field::kLow);
    case ConditionType::kOverstock:
      return of(Field::kMax);
    case ConditionType::kStaleStock:
      return of(Field::kStaleDays);
    case ConditionType::kProjectedStockout:
      return of(Field::kDaysOfCover);
    case ConditionType::kVelocitySpike:
      return of(Field::kVelocitySpikeRatio);
    default:
      return threshold::kNoVersion;
  }
}

}  // namespace stockwatch::flow
