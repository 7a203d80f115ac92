#include "app/api/plan.h"

#include "base/json_values.h"

namespace stockwatch::api {
namespace {

using base::WriteMoney;
using base::WriteQuantity;
using base::WriteTime;

void WriteNumber(base::JsonWriter& json, std::string_view key,
                 std::optional<event::Thousandths> number) {
  json.Key(key);
  number ? json.Decimal(number->count, base::Quantity::kFormat.decimals) : json.Null();
}

void WriteForecast(const std::optional<demand::Forecast>& forecast, base::JsonWriter& json) {
  json.Key("forecast");
  if (!forecast) {
    json.Null();
    return;
  }
  json.BeginObject().Key("pattern").String(demand::Name(forecast->pattern));
  WriteQuantity(json, "daily", forecast->daily);
  WriteQuantity(json, "deviation", forecast->deviation);
  json.Key("teaching_days").Unsigned(forecast->teaching_days);
  json.Key("sale_days").Unsigned(forecast->sale_days);
  json.EndObject();
}

void WriteBuffer(const flow::ItemPlan& plan, base::JsonWriter& json) {
  using Figure = std::optional<base::Quantity>;
  const auto& buffer = plan.buffer;
  WriteQuantity(json, "safety_stock", buffer ? buffer->safety_stock : Figure());
  WriteQuantity(json, "reorder_point", buffer ? buffer->reorder_point : Figure());
  WriteQuantity(json, "order_up_to", buffer ? buffer->order_up_to : Figure());
  json.Key("zones");
  if (!buffer || !buffer->zones) {
    json.Null();
    return;
  }
  json.BeginObject();
  WriteQuantity(json, "red", buffer->zones->red);
  WriteQuantity(json, "yellow", buffer->zones->yellow);
  WriteQuantity(json, "green", buffer->zones->green);
  json.Key("now").String(demand::Name(demand::ZoneOf(*buffer->zones, plan.position)));
  json.EndObject();
}

}  // namespace

void WriteOutlook(const flow::ItemPlan& plan, base::JsonWriter& json) {
  WriteNumber(json, "days_of_cover", plan.days_of_cover);
  WriteTime(json, "stockout_at", plan.stockout);
  WriteTime(json, "stockout_early", plan.stockout_early);
  WriteTime(json, "stockout_late", plan.stockout_late);
  json.Key("expected_receipt_at").Time(plan.expected_receipt);
  WriteMoney(json, "revenue_at_risk", plan.revenue_at_risk);
}

void WritePlan(const flow::ItemPlan& plan, base::JsonWriter& json) {
  WriteQuantity(json, "sold_day", plan.velocity);
  WriteQuantity(json, "sold_four_weeks", plan.sold_four_weeks);
  WriteForecast(plan.forecast, json);
  WriteNumber(json, "season_factor", plan.season_factor);
  WriteNumber(json, "lead_time_days", plan.supply.lead_time_days);
  WriteNumber(json, "service_level", plan.supply.service_level);
  WriteOutlook(plan, json);
  WriteBuffer(plan, json);
  WriteQuantity(json, "dynamic_low", plan.dynamic_low);
}

void WriteAdvice(const flow::Advice& advice, base::JsonWriter& json) {
  const demand::Suggestion& suggestion = advice.suggestion;
  json.Key("suggestion");
  if (suggestion.action == demand::Action::kNone) {
    json.Null();
    return;
  }
  json.BeginObject().Key("action").String(demand::Name(suggestion.action));
  WriteQuantity(json, "quantity", suggestion.quantity);
  json.Key("from_warehouse_id");
  advice.donor_warehouse.empty() ? json.Null() : json.String(advice.donor_warehouse);
  WriteMoney(json, "cost", suggestion.cost);
  json.Key("confidence").String(demand::Name(suggestion.confidence)).EndObject();
}

}  // namespace stockwatch::api
