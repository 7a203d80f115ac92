#include "app/look/explanation.h"

#include <algorithm>

#include "domain/threshold/explain.h"
#include "flow/basis.h"

namespace stockwatch::look {
namespace {

using alert::Basis;
using threshold::Field;
using threshold::RuleBook;

ExplainedRule Named(const RuleBook& rules, threshold::VersionIndex index) {
  const threshold::RuleVersion& version = rules.Version(index);
  return {version.rule.id, version.version, version.rule.author, version.rule.reason, {}, {}};
}

std::string Text(base::Quantity quantity) {
  std::string text;
  base::AppendQuantity(text, quantity);
  return text;
}
std::string Text(event::Thousandths number) {
  return Text(base::Quantity::Thousandths(number.count));
}

// "reorder point 35: 5 a day ± 0 (smooth, 14 days) for 7 days, safety stock 0 at 0.95"
std::string TextOf(const Basis& basis) {
  const Basis::Low& low = *basis.low;
  std::string text = "reorder point " + Text(low.reorder_point) + ": " + Text(basis.daily) +
                     " a day ± " + Text(basis.deviation) + " (" +
                     std::string(demand::Name(basis.pattern)) + ", " +
                     std::to_string(basis.teaching_days) + " days)";
  if (basis.season_factor.count != 1000) text += " times " + Text(basis.season_factor);
  text += " for " + Text(basis.lead_time_days) + " days";
  if (basis.lead_time_sd_days.count != 0) text += " ± " + Text(basis.lead_time_sd_days);
  text += ", safety stock " + Text(low.safety_stock) + " at " + Text(basis.service_level);
  switch (low.limit) {
    case demand::LowLimit::kNone:
      return text;
    case demand::LowLimit::kDay:
      return text + "; held to what a day may change, " + Text(*low.day_before) + " without it";
    case demand::LowLimit::kCeiling:
      return text + "; held down by low_ceiling " + Text(*low.ceiling);
    case demand::LowLimit::kFloor:
      return text + "; held up by low_floor " + Text(*low.floor);
  }
  return text;
}

// The field, added where no rule gives it.
ExplainedField& FieldNamed(Explanation& explanation, std::string_view name) {
  auto& fields = explanation.fields;
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const ExplainedField& field) { return field.field == name; });
  if (found != fields.end()) return *found;
  ExplainedField& added = *fields.insert(fields.begin(), ExplainedField());
  added.field = name;
  return added;
}

// As it is placed between the other bounds, which a dynamic `low` may push.
void Place(ExplainedField& field, base::Quantity placed) {
  const std::string given = field.before_clamping.value_or(field.value);
  field.value = Text(placed);
  field.before_clamping.reset();
  if (given != field.value) field.before_clamping = given;
}

// A dynamic `low` is that of the rule that says so, worked out from the item's demand.
void AddDynamicLow(const flow::State& state, key::ItemIndex index, Explanation& explanation) {
  const stock::Item& item = state.ledger.at(index);
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  if (!thresholds.dynamic || item.life != stock::Life::kOpened) return;
  const threshold::Bounds bounds = flow::DynamicBoundsOf(state, item);
  if (bounds.critical) Place(FieldNamed(explanation, "critical"), *bounds.critical);
  if (bounds.max) Place(FieldNamed(explanation, "max"), *bounds.max);
  if (!bounds.low) return;
  ExplainedField& low = FieldNamed(explanation, "low");
  std::optional<Basis> basis = flow::BasisOf(state, index);
  const bool by_demand =
      basis && basis->low && bounds.low_origin == thresholds.origin[threshold::Index(Field::kMode)];
  if (!by_demand) {
    // Nothing is known of its demand: the static one stands, or the floor.
    if (low.value.empty()) low.rule = Named(state.rules, bounds.low_origin);
    if (low.value.empty()) low.value = Text(*bounds.low);
    Place(low, *bounds.low);
    return;
  }
  if (!low.value.empty()) {
    ExplainedRule beaten = low.rule;
    beaten.value = low.before_clamping.value_or(low.value);
    beaten.why = "the reorder point takes its place";
    low.beaten.insert(low.beaten.begin(), std::move(beaten));
  }
  low.rule = Named(state.rules, bounds.low_origin);
  low.dynamic = true;
  low.before_clamping.reset();
  low.value = Text(*bounds.low);
  basis->low->low = *bounds.low;
  low.inputs = TextOf(*basis);
  low.basis = basis;
}

void WriteRule(base::JsonWriter& json, const ExplainedRule& rule) {
  json.Key("id").String(rule.id);
  json.Key("version").Unsigned(rule.version);
  json.Key("author").String(rule.author);
  json.Key("reason").String(rule.reason);
}

void WriteField(base::JsonWriter& json, const ExplainedField& field) {
  json.BeginObject().Key("field").String(field.field).Key("value").String(field.value);
  json.Key("origin").String(field.dynamic ? "dynamic" : "rule");
  json.Key("before_clamping");
  field.before_clamping ? json.String(*field.before_clamping) : json.Null();
  json.Key("inputs");
  field.inputs ? json.String(*field.inputs) : json.Null();
  json.Key("basis");
  if (field.basis) {
    flow::WriteBasis(*field.basis, json);
  } else {
    json.Null();
  }
  json.Key("rule").BeginObject();
  WriteRule(json, field.rule);
  json.EndObject().Key("beaten").BeginArray();
  for (const ExplainedRule& beaten : field.beaten) {
    json.BeginObject();
    WriteRule(json, beaten);
    json.Key("value").String(beaten.value).Key("why").String(beaten.why).EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

Explanation ExplainLevels(const RuleBook& rules, const event::RuleScope& levels, base::Instant at) {
  const threshold::Subject subject{levels.warehouse_id, levels.department, levels.category,
                                   levels.brand,        levels.product_id, levels.sku};
  Explanation explanation{levels, at, {}};
  for (const threshold::FieldExplanation& field : threshold::Explain(rules, subject, at)) {
    ExplainedField& explained = explanation.fields.emplace_back();
    explained.field = field.field;
    explained.value = field.value;
    explained.before_clamping = field.before_clamping;
    explained.rule = Named(rules, field.winner);
    for (const auto& beaten : field.beaten) {
      ExplainedRule rule = Named(rules, beaten.version);
      rule.value = beaten.value;
      rule.why = beaten.why;
      explained.beaten.push_back(std::move(rule));
    }
  }
  return explanation;
}

Explanation ExplainItem(const flow::State& state, key::ItemIndex index, base::Instant at) {
  const stock::Item& item = state.ledger.at(index);
  const event::ItemKey key = state.directory.Key(index);
  event::RuleScope levels;
  levels.warehouse_id = key.warehouse.text();
  levels.sku = key.sku.text();
  levels.department = state.names.Text(state.rollups.Department(item.group));
  levels.category = state.names.Text(state.rollups.Category(item.group));
  levels.brand = state.names.Text(state.rollups.Brand(item.group));
  levels.product_id = state.names.Text(item.product);
  Explanation explanation = ExplainLevels(state.rules, levels, at);
  AddDynamicLow(state, index, explanation);
  return explanation;
}

std::string ExplanationText(const Explanation& explanation) {
  const event::RuleScope& levels = explanation.levels;
  std::string out = levels.warehouse_id + " / " + levels.department + " / " + levels.category +
                    " / " + levels.brand + " / " + levels.product_id + " / " + levels.sku + "\n";
  if (explanation.fields.empty())
    out += "no rule matches: only out_of_stock, negative_stock, drift\n";
  for (const ExplainedField& field : explanation.fields) {
    out += field.field + " = " + field.value + "   rule " + field.rule.id + " v" +
           std::to_string(field.rule.version);
    if (!field.rule.author.empty()) out += " by " + field.rule.author;
    if (!field.rule.reason.empty()) out += ": " + field.rule.reason;
    if (field.before_clamping) out += "   (clamped, the rule says " + *field.before_clamping + ")";
    if (field.inputs) out += "   (" + *field.inputs + ")";
    out += "\n";
    for (const ExplainedRule& beaten : field.beaten) {
      out += "    beats " + beaten.id + " v" + std::to_string(beaten.version) + " = " +
             beaten.value + ": " + beaten.why + "\n";
    }
  }
  return out;
}

void WriteExplanation(const Explanation& explanation, base::JsonWriter& json) {
  const event::RuleScope& levels = explanation.levels;
  json.Key("warehouse_id").String(levels.warehouse_id);
  json.Key("department").String(levels.department);
  json.Key("category").String(levels.category);
  json.Key("brand").String(levels.brand);
  json.Key("product_id").String(levels.product_id);
  json.Key("sku").String(levels.sku);
  json.Key("at").Time(explanation.at);
  json.Key("fields").BeginArray();
  for (const ExplainedField& field : explanation.fields) WriteField(json, field);
  json.EndArray();
}

std::string ExplanationJson(const Explanation& explanation) {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  WriteExplanation(explanation, json);
  json.EndObject();
  out += '\n';
  return out;
}

}  // namespace stockwatch::look
