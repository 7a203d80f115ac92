#include "app/api/thresholds.h"

#include <map>

#include "app/api/list.h"
#include "app/api/stock.h"
#include "domain/threshold/explain.h"
#include "flow/rule_json.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;

constexpr std::string_view kList = "thresholds";

// By id; their number is bounded where they are taken.
base::Result<Response> List(Engine& engine, const Call& call) {
  SW_TRY(const Page page, PageOf(engine, call, kList));
  const threshold::RuleBook& rules = engine.state().rules;
  std::map<std::string_view, const threshold::RuleVersion*> living;
  for (threshold::VersionIndex i = 0; i < rules.versions(); ++i) {
    const threshold::RuleVersion& version = rules.Version(i);
    if (rules.Latest(version.rule.id) == &version) living[version.rule.id] = &version;
  }
  ListAnswer answer(engine);
  auto at = page.place ? living.upper_bound(*page.place) : living.begin();
  std::string_view last;
  for (std::size_t written = 0; at != living.end() && written < page.limit; ++at, ++written) {
    last = at->first;
    answer.json().BeginObject();
    flow::WriteRuleMembers(at->second->rule, answer.json());
    answer.json().Key("version").Unsigned(at->second->version).EndObject();
  }
  if (at == living.end()) return answer.Finish(std::nullopt);
  return answer.Finish(MakeCursor(kList, last));
}

void WriteVersion(base::JsonWriter& json, const threshold::RuleVersion& version) {
  json.Key("id").String(version.rule.id);
  json.Key("version").Unsigned(version.version);
  json.Key("author").String(version.rule.author);
  json.Key("reason").String(version.rule.reason);
}

void WriteField(base::JsonWriter& json, const threshold::RuleBook& rules,
                const threshold::FieldExplanation& field) {
  json.BeginObject().Key("field").String(field.field).Key("value").String(field.value);
  json.Key("before_clamping");
  field.before_clamping ? json.String(*field.before_clamping) : json.Null();
  json.Key("rule").BeginObject();
  WriteVersion(json, rules.Version(field.winner));
  json.EndObject().Key("beaten").BeginArray();
  for (const auto& beaten : field.beaten) {
    json.BeginObject();
    WriteVersion(json, rules.Version(beaten.version));
    json.Key("value").String(beaten.value).Key("why").String(beaten.why).EndObject();
  }
  json.EndArray().EndObject();
}

base::Result<Response> Effective(Engine& engine, const Call& call) {
  const flow::State& state = engine.state();
  const std::string* warehouse = call.Parameter("warehouse");
  const std::string* sku = call.Parameter("sku");
  if (warehouse == nullptr || sku == nullptr) {
    return Error{Code::kInvalidArgument,
                 std::string(warehouse == nullptr ? "warehouse" : "sku") + ": is missing"};
  }
  SW_TRY(const key::ItemIndex index, ItemOf(state, *warehouse, *sku));
  const stock::Item& item = state.ledger.at(index);
  threshold::Subject subject;
  subject.warehouse = *warehouse;
  subject.sku = *sku;
  subject.department = state.names.Text(state.rollups.Department(item.group));
  subject.category = state.names.Text(state.rollups.Category(item.group));
  subject.brand = state.names.Text(state.rollups.Brand(item.group));
  subject.product = state.names.Text(item.product);
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine);
  json.Key("warehouse_id").String(subject.warehouse);
  json.Key("department").String(subject.department);
  json.Key("category").String(subject.category);
  json.Key("brand").String(subject.brand);
  json.Key("product_id").String(subject.product);
  json.Key("sku").String(subject.sku);
  json.Key("fields").BeginArray();
  for (const auto& field : threshold::Explain(state.rules, subject, state.now())) {
    WriteField(json, state.rules, field);
  }
  json.EndArray().EndObject();
  response.body += '\n';
  return response;
}

}  // namespace

std::vector<Route> ThresholdRoutes() {
  return {{"GET", "/api/v1/thresholds", {"limit", "cursor"}, List},
          {"GET", "/api/v1/thresholds/effective", {"warehouse", "sku"}, Effective}};
}

}  // namespace stockwatch::api
