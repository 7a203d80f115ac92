#include "flow/basis.h"

#include "base/json_values.h"

namespace stockwatch::flow {
namespace {

using alert::Basis;
using base::WriteQuantity;
using base::WriteTime;
using event::ConditionType;

void WriteNumber(base::JsonWriter& json, std::string_view key, event::Thousandths number) {
  json.Key(key).Decimal(number.count, event::Thousandths::kFormat.decimals);
}

Basis::Low LowBasis(const State& state, const stock::Item& item, const ItemPlan& plan) {
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  Basis::Low low;
  low.safety_stock = plan.buffer->safety_stock;
  low.reorder_point = plan.low->reorder_point;
  low.day_before = plan.low->day_before;
  low.floor = thresholds.low_floor;
  low.ceiling = thresholds.low_ceiling;
  low.limit = plan.low->limited.limit;
  low.low = *plan.dynamic_low;
  return low;
}

void WriteLow(const Basis::Low& low, base::JsonWriter& json) {
  WriteQuantity(json, "safety_stock", low.safety_stock);
  WriteQuantity(json, "reorder_point", low.reorder_point);
  WriteQuantity(json, "day_before", low.day_before);
  WriteQuantity(json, "low_floor", low.floor);
  WriteQuantity(json, "low_ceiling", low.ceiling);
  json.Key("limited_by");
  low.limit == demand::LowLimit::kNone ? json.Null() : json.String(demand::Name(low.limit));
  WriteQuantity(json, "dynamic_low", low.low);
}

}  // namespace

std::optional<Basis> BasisOf(const State& state, key::ItemIndex index) {
  const stock::Item& item = state.ledger.at(index);
  const ItemPlan plan = PlanOf(state, index);
  if (!plan.forecast) return std::nullopt;
  Basis basis;
  basis.pattern = plan.forecast->pattern;
  basis.teaching_days = plan.forecast->teaching_days;
  basis.daily = plan.forecast->daily;
  basis.deviation = plan.forecast->deviation;
  basis.season_factor = plan.season_factor;
  basis.sold_day = plan.velocity;
  if (plan.days_of_cover) {
    basis.cover = {*plan.days_of_cover, *plan.stockout, *plan.stockout_early, *plan.stockout_late};
  }
  basis.receipt_due = FirstReceipt(state, item, plan.supply).has_value();
  basis.receipt = plan.expected_receipt;
  basis.lead_time_days = plan.supply.lead_time_days;
  basis.lead_time_sd_days = plan.supply.lead_time_sd_days;
  basis.service_level = plan.supply.service_level;
  basis.review_days =
      state.rules.at(item.thresholds).review_days.value_or(state.options.demand.review_days);
  if (plan.low) basis.low = LowBasis(state, item, plan);
  return basis;
}

std::optional<Basis> BasisOfOpening(const State& state, const alert::Episode& episode) {
  if (episode.subject.kind != alert::Subject::Kind::kItem) return std::nullopt;
  const stock::Item& item = state.ledger.at(episode.subject.index);
  const bool asks =
      episode.type == ConditionType::kProjectedStockout ||
      episode.type == ConditionType::kVelocitySpike ||
      (episode.type == ConditionType::kLowStock && state.rules.at(item.thresholds).dynamic);
  if (!asks || item.life != stock::Life::kOpened) return std::nullopt;
  return BasisOf(state, episode.subject.index);
}

void WriteBasis(const Basis& basis, base::JsonWriter& json) {
  json.BeginObject().Key("pattern").String(demand::Name(basis.pattern));
  json.Key("teaching_days").Unsigned(basis.teaching_days);
  WriteQuantity(json, "daily", basis.daily);
  WriteQuantity(json, "deviation", basis.deviation);
  WriteNumber(json, "season_factor", basis.season_factor);
  WriteQuantity(json, "sold_day", basis.sold_day);
  WriteNumber(json, "lead_time_days", basis.lead_time_days);
  WriteNumber(json, "lead_time_sd_days", basis.lead_time_sd_days);
  WriteNumber(json, "service_level", basis.service_level);
  WriteNumber(json, "review_days", basis.review_days);
  json.Key("receipt_due").Bool(basis.receipt_due);
  json.Key("expected_receipt_at").Time(basis.receipt);
  if (basis.cover) {
    WriteNumber(json, "days_of_cover", basis.cover->days);
    WriteTime(json, "stockout_at", basis.cover->stockout);
    WriteTime(json, "stockout_early", basis.cover->early);
    WriteTime(json, "stockout_late", basis.cover->late);
  }
  if (basis.low) WriteLow(*basis.low, json);
  json.EndObject();
}

}  // namespace stockwatch::flow
