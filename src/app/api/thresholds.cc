#include "app/api/thresholds.h"

#include <map>

#include "app/api/list.h"
#include "app/api/stock.h"
#include "app/look/explanation.h"
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

base::Result<Response> Effective(Engine& engine, const Call& call) {
  const flow::State& state = engine.state();
  const std::string* warehouse = call.Parameter("warehouse");
  const std::string* sku = call.Parameter("sku");
  if (warehouse == nullptr || sku == nullptr) {
    return Error{Code::kInvalidArgument,
                 std::string(warehouse == nullptr ? "warehouse" : "sku") + ": is missing"};
  }
  SW_TRY(const key::ItemIndex index, ItemOf(state, *warehouse, *sku));
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine);
  look::WriteExplanation(look::ExplainItem(state, index, state.now()), json);
  json.EndObject();
  response.body += '\n';
  return response;
}

}  // namespace

std::vector<Route> ThresholdRoutes() {
  return {{"GET", "/api/v1/thresholds", {"limit", "cursor"}, List},
          {"GET", "/api/v1/thresholds/effective", {"warehouse", "sku"}, Effective}};
}

}  // namespace stockwatch::api
