#include "flow/rule_json.h"

namespace stockwatch::flow {
namespace {

using base::JsonWriter;
using event::RuleFields;

void WriteScope(const event::RuleScope& scope, JsonWriter& json) {
  json.Key("scope").BeginObject();
  const auto write = [&](std::string_view name, const std::string& level) {
    if (!level.empty()) json.Key(name).String(level);
  };
  write("warehouse_id", scope.warehouse_id);
  write("department", scope.department);
  write("category", scope.category);
  write("brand", scope.brand);
  write("product_id", scope.product_id);
  write("sku", scope.sku);
  json.EndObject();
}

void Write(JsonWriter& json, std::string_view name, const std::optional<base::Quantity>& value) {
  if (value) json.Key(name).Decimal(value->thousandths(), base::Quantity::kFormat.decimals);
}

void Write(JsonWriter& json, std::string_view name,
           const std::optional<event::Thousandths>& value) {
  if (value) json.Key(name).Decimal(value->count, event::Thousandths::kFormat.decimals);
}

void WriteMargin(JsonWriter& json, const std::optional<event::Margin>& margin) {
  if (!margin) return;
  json.Key("clear_margin");
  if (margin->kind == event::Margin::Kind::kQuantity) {
    json.Decimal(margin->amount, 3);
    return;
  }
  std::string text;
  base::AppendDecimal(text, margin->amount, 3);
  json.String(text + "%");
}

void WriteThresholds(const RuleFields& fields, JsonWriter& json) {
  Write(json, "critical", fields.critical);
  Write(json, "low", fields.low);
  Write(json, "max", fields.max);
  WriteMargin(json, fields.clear_margin);
  if (fields.hold_for) json.Key("hold_for").String(base::FormatDuration(*fields.hold_for));
  if (fields.compare) json.Key("compare").String(event::Name(*fields.compare));
  Write(json, "days_of_cover", fields.days_of_cover);
  if (fields.mode) {
    json.Key("mode").String(*fields.mode == event::Mode::kStatic ? "static" : "dynamic");
  }
  Write(json, "low_floor", fields.low_floor);
  Write(json, "low_ceiling", fields.low_ceiling);
  Write(json, "service_level", fields.service_level);
  Write(json, "lead_time_days", fields.lead_time_days);
  Write(json, "lead_time_sd_days", fields.lead_time_sd_days);
  Write(json, "review_days", fields.review_days);
  Write(json, "velocity_spike_ratio", fields.velocity_spike_ratio);
  Write(json, "stale_days", fields.stale_days);
  Write(json, "low_share", fields.low_share);
  Write(json, "season_factor", fields.season_factor);
  if (fields.freeze) json.Key("freeze").Bool(*fields.freeze);
  Write(json, "drift_tolerance", fields.drift_tolerance);
  if (fields.enabled) json.Key("enabled").Bool(*fields.enabled);
}

void WriteTelling(const RuleFields& fields, JsonWriter& json) {
  bool any = false;
  for (const auto& severity : fields.severity) any = any || severity.has_value();
  if (any) {
    json.Key("severity").BeginObject();
    for (std::size_t type = 0; type < fields.severity.size(); ++type) {
      if (!fields.severity[type]) continue;
      json.Key(event::Name(static_cast<event::ConditionType>(type)));
      json.String(event::Name(*fields.severity[type]));
    }
    json.EndObject();
  }
  if (!fields.channels) return;
  json.Key("channels").BeginArray();
  for (const std::string& channel : *fields.channels) json.String(channel);
  json.EndArray();
}

}  // namespace

void WriteRuleMembers(const event::Rule& rule, JsonWriter& json) {
  json.Key("id").String(rule.id);
  WriteScope(rule.scope, json);
  WriteThresholds(rule.fields, json);
  WriteTelling(rule.fields, json);
  if (rule.effective_from) json.Key("effective_from").Time(*rule.effective_from);
  if (rule.effective_until) json.Key("effective_until").Time(*rule.effective_until);
  if (rule.priority != 0) json.Key("priority").Integer(rule.priority);
  if (rule.locked) json.Key("locked").Bool(true);
  if (rule.is_default) json.Key("default").Bool(true);
  if (!rule.author.empty()) json.Key("author").String(rule.author);
  if (!rule.reason.empty()) json.Key("reason").String(rule.reason);
}

std::string RuleJson(const event::Rule& rule) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  WriteRuleMembers(rule, json);
  json.EndObject();
  return text;
}

}  // namespace stockwatch::flow
