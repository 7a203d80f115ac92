#include "app/explain.h"

#include <algorithm>

#include "app/replay.h"
#include "base/json_writer.h"
#include "domain/threshold/explain.h"
#include "flow/planning.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using threshold::RuleBook;

ExplainedRule Named(const RuleBook& rules, threshold::VersionIndex index) {
  const threshold::RuleVersion& version = rules.Version(index);
  return {version.rule.id, version.version, version.rule.author, version.rule.reason, {}, {}};
}

Explanation Collect(const RuleBook& rules, const event::RuleScope& levels, base::Instant at) {
  const threshold::Subject subject{levels.warehouse_id, levels.department, levels.category,
                                   levels.brand,        levels.product_id, levels.sku};
  Explanation explanation{levels, at, {}};
  for (const threshold::FieldExplanation& field : threshold::Explain(rules, subject, at)) {
    ExplainedField explained{
        field.field, field.value, field.before_clamping, std::nullopt, Named(rules, field.winner),
        {}};
    for (const auto& beaten : field.beaten) {
      ExplainedRule rule = Named(rules, beaten.version);
      rule.value = beaten.value;
      rule.why = beaten.why;
      explained.beaten.push_back(std::move(rule));
    }
    explanation.fields.push_back(std::move(explained));
  }
  return explanation;
}

std::string Text(base::Quantity quantity) {
  std::string text;
  base::AppendQuantity(text, quantity);
  return text;
}
std::string Text(event::Thousandths number) {
  return Text(base::Quantity::Thousandths(number.count));
}

// "reorder point 35: 5 a day (smooth, 14 days) for 7 days, safety stock 0 at 0.95"
std::string InputsOf(const flow::ItemPlan& plan) {
  if (!plan.forecast) return "no forecast: fewer than 14 days taught what it sells";
  std::string text = "reorder point " + Text(plan.buffer->reorder_point) + ": " +
                     Text(plan.forecast->daily) + " a day (" +
                     std::string(demand::Name(plan.forecast->pattern)) + ", " +
                     std::to_string(plan.forecast->teaching_days) + " days)";
  if (plan.season_factor.count != 1000) text += " times " + Text(plan.season_factor);
  text += " for " + Text(plan.supply.lead_time_days) + " days, ";
  if (plan.buffer->zones) return text + "red zone " + Text(plan.buffer->zones->red);
  return text + "safety stock " + Text(plan.buffer->safety_stock) + " at " +
         Text(plan.supply.service_level);
}

// A dynamic `low` is that of the rule that says so, worked out from the item's demand.
void AddDynamicLow(const flow::State& state, key::ItemIndex index, Explanation& explanation) {
  const stock::Item& item = state.ledger.at(index);
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  if (!thresholds.dynamic || item.life != stock::Life::kOpened) return;
  const flow::ItemPlan plan = flow::PlanOf(state, index);
  if (!plan.dynamic_low) return;
  auto& fields = explanation.fields;
  auto low = std::find_if(fields.begin(), fields.end(),
                          [](const ExplainedField& field) { return field.field == "low"; });
  if (low == fields.end())
    low = fields.insert(fields.begin(), ExplainedField{"low", {}, {}, {}, {}, {}});
  if (plan.forecast) {
    const std::string given = low->before_clamping.value_or(low->value);
    if (!given.empty()) {
      ExplainedRule beaten = low->rule;
      beaten.value = given;
      beaten.why = "the reorder point takes its place";
      low->beaten.insert(low->beaten.begin(), std::move(beaten));
    }
    low->rule = Named(state.rules, thresholds.origin[threshold::Index(threshold::Field::kMode)]);
    low->before_clamping.reset();
  } else if (low->value.empty()) {
    low->rule =
        Named(state.rules, thresholds.origin[threshold::Index(threshold::Field::kLowFloor)]);
  }
  low->value = Text(*plan.dynamic_low);
  low->inputs = InputsOf(plan);
}

// Levels that were not given are those of a document without them.
event::RuleScope WithDefaults(event::RuleScope levels) {
  for (std::string* level : {&levels.department, &levels.category, &levels.brand}) {
    if (level->empty()) *level = event::kNoLevel;
  }
  if (levels.product_id.empty()) levels.product_id = levels.sku;
  return levels;
}

base::Result<Explanation> ExplainFromSettings(const config::Settings& settings,
                                              const ExplainOptions& options) {
  RuleBook rules;
  std::uint32_t ordinal = 0;
  for (const event::Rule& rule : settings.flow.rules) {
    (void)rules.Put(rule, base::Position{0, 0, 0, ordinal++});
  }
  return Collect(rules, WithDefaults(options.levels), options.at.value_or(base::Instant()));
}

base::Result<Explanation> ExplainFromChanges(config::Settings settings,
                                             const ExplainOptions& options) {
  SW_TRY(auto replay,
         Replay::Open(ReplayOptionsFrom(std::move(settings), *options.changes), nullptr));
  while (true) {
    SW_TRY(const bool more, replay->Step());
    if (!more) break;
  }
  const flow::State& state = replay->state();
  const event::ItemKey key{event::WarehouseIdView::Trusted(options.levels.warehouse_id),
                           event::SkuView::Trusted(options.levels.sku)};
  const key::ItemIndex index = state.directory.Find(key);
  if (index == key::kNoItem) {
    return Error{Code::kNotFound, "no such stock item in the changes: " +
                                      options.levels.warehouse_id + "/" + options.levels.sku};
  }
  const stock::Item& item = state.ledger.at(index);
  event::RuleScope levels = options.levels;
  levels.department = state.names.Text(state.rollups.Department(item.group));
  levels.category = state.names.Text(state.rollups.Category(item.group));
  levels.brand = state.names.Text(state.rollups.Brand(item.group));
  levels.product_id = state.names.Text(item.product);
  Explanation explanation = Collect(state.rules, levels, options.at.value_or(state.now()));
  AddDynamicLow(state, index, explanation);
  return explanation;
}

void WriteRule(base::JsonWriter& json, const ExplainedRule& rule) {
  json.Key("id").String(rule.id);
  json.Key("version").Unsigned(rule.version);
  json.Key("author").String(rule.author);
  json.Key("reason").String(rule.reason);
}

}  // namespace

base::Result<Explanation> Explain(config::Settings settings, const ExplainOptions& options) {
  if (options.levels.warehouse_id.empty() || options.levels.sku.empty()) {
    return Error{Code::kInvalidArgument, "an item has a warehouse and a SKU: name both"};
  }
  const event::RuleScope& levels = options.levels;
  for (const std::string* level : {&levels.warehouse_id, &levels.department, &levels.category,
                                   &levels.brand, &levels.product_id, &levels.sku}) {
    if (!level->empty()) SW_TRY_STATUS(base::ValidateId(*level));
  }
  if (options.changes) return ExplainFromChanges(std::move(settings), options);
  return ExplainFromSettings(settings, options);
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

std::string ExplanationJson(const Explanation& explanation) {
  std::string out;
  base::JsonWriter json(out);
  const event::RuleScope& levels = explanation.levels;
  json.BeginObject();
  json.Key("warehouse_id").String(levels.warehouse_id);
  json.Key("department").String(levels.department);
  json.Key("category").String(levels.category);
  json.Key("brand").String(levels.brand);
  json.Key("product_id").String(levels.product_id);
  json.Key("sku").String(levels.sku);
  json.Key("at").Time(explanation.at);
  json.Key("fields").BeginArray();
  for (const ExplainedField& field : explanation.fields) {
    json.BeginObject().Key("field").String(field.field).Key("value").String(field.value);
    json.Key("before_clamping");
    field.before_clamping ? json.String(*field.before_clamping) : json.Null();
    json.Key("inputs");
    field.inputs ? json.String(*field.inputs) : json.Null();
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
  json.EndArray().EndObject();
  out += '\n';
  return out;
}

}  // namespace stockwatch::app
