#include "app/api/stock.h"

#include <algorithm>

#include "app/api/list.h"
#include "app/api/plan.h"
#include "base/json_values.h"
#include "base/strong_id.h"
#include "domain/event/alert_id.h"
#include "flow/canonical.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using base::WriteQuantity;
using http_server::Response;

constexpr std::string_view kList = "stock";

// Letters of ASCII alone: names of other scripts are found as they are written.
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool Contains(std::string_view text, std::string_view lower) {
  const auto found = std::search(text.begin(), text.end(), lower.begin(), lower.end(),
                                 [](char a, char b) { return Lower(a) == b; });
  return found != text.end();
}

bool HasStatus(const stock::Item& item, const stock::Contribution& c, Status status) {
  switch (status) {
    case Status::kOut:
      return c.out_of_stock;
    case Status::kCritical:
      return c.critical;
    case Status::kLow:
      return c.low;
    case Status::kOver:
      return c.over;
    case Status::kOk:
      return c.active && !c.out_of_stock && !c.critical && !c.low && !c.over;
    case Status::kUnopened:
      return c.unopened;
    case Status::kDiscontinued:
      return item.discontinued;
  }
  return false;
}

void WriteAlerts(const flow::State& state, key::ItemIndex index, base::JsonWriter& json) {
  json.Key("alerts").BeginArray();
  for (std::size_t type = 0; type < event::kConditionTypes; ++type) {
    const auto condition = static_cast<event::ConditionType>(type);
    const auto episode = state.episodes.Active(alert::Subject::OfItem(index), condition);
    if (!episode) continue;
    const alert::Episode& active = state.episodes.at(*episode);
    json.BeginObject();
    json.Key("id").String(event::AlertIdText(active.id));
    json.Key("type").String(event::Name(active.type));
    json.Key("state").String(alert::Name(active.state));
    json.Key("severity").String(event::Name(active.severity)).EndObject();
  }
  json.EndArray();
}

base::Result<StockFilter> FilterOf(const Call& call) {
  StockFilter filter;
  const std::pair<const char*, std::string*> levels[] = {{"warehouse", &filter.warehouse},
                                                         {"department", &filter.department},
                                                         {"category", &filter.category},
                                                         {"brand", &filter.brand},
                                                         {"product", &filter.product}};
  for (const auto& [name, level] : levels) {
    const std::string* given = call.Parameter(name);
    if (given == nullptr) continue;
    if (const auto valid = base::ValidateId(*given); !valid.ok()) {
      return Error{Code::kInvalidArgument, std::string(name) + ": " + valid.error().message};
    }
    *level = *given;
  }
  if (const std::string* status = call.Parameter("status")) {
    const auto* found = std::find(std::begin(kStatusNames), std::end(kStatusNames), *status);
    if (found == std::end(kStatusNames)) {
      std::string known;
      for (const std::string_view name : kStatusNames) known.append(" ").append(name);
      return Error{Code::kInvalidArgument, "status: is none of" + known + ": \"" + *status + "\""};
    }
    filter.status = static_cast<Status>(found - std::begin(kStatusNames));
  }
  if (const std::string* search = call.Parameter("search")) {
    filter.search = *search;
    std::transform(filter.search.begin(), filter.search.end(), filter.search.begin(), Lower);
  }
  return filter;
}

// In the order in which items were first seen. One answer looks at so many items at most: where a
// filter takes few, a page is short, even empty, and `next` goes on.
base::Result<Response> List(Engine& engine, const Call& call) {
  const flow::State& state = engine.state();
  SW_TRY(StockFilter filter, FilterOf(call));
  SW_TRY(const Page page, PageOf(engine, call, kList));
  std::uint64_t at = 0;
  if (page.place) {
    SW_TRY(at, NumberOfPlace(*page.place));
  }
  StockMatcher matcher(state, std::move(filter));
  ListAnswer answer(engine);
  const std::uint64_t size = state.ledger.size();
  const std::uint64_t end = std::min<std::uint64_t>(size, at + engine.options.scan_items_max);
  std::size_t taken = 0;
  for (; at < end && taken < page.limit; ++at) {
    const auto item = static_cast<key::ItemIndex>(at);
    if (!flow::IsLiving(state, item) || !matcher.Takes(item)) continue;
    answer.json().BeginObject();
    WriteStockItem(state, item, answer.json());
    answer.json().EndObject();
    ++taken;
  }
  if (at >= size) return answer.Finish(std::nullopt);
  return answer.Finish(MakeCursor(kList, std::to_string(at)));
}

void WritePlanOf(flow::State& state, key::ItemIndex item, base::JsonWriter& json) {
  json.Key("plan");
  if (state.ledger.at(item).life != stock::Life::kOpened) {
    json.Null();
    return;
  }
  const flow::ItemPlan plan = flow::PlanOf(state, item);
  json.BeginObject();
  WritePlan(plan, json);
  WriteAdvice(flow::AdviceOf(state, item, plan), json);
  json.EndObject();
}

base::Result<Response> Show(Engine& engine, const Call& call) {
  flow::State& state = engine.state();
  SW_TRY(const key::ItemIndex item, ItemOf(state, call.named[0], call.named[1]));
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine);
  WriteStockItem(state, item, json);
  WriteAlerts(state, item, json);
  WritePlanOf(state, item, json);
  json.EndObject();
  response.body += '\n';
  return response;
}

}  // namespace

void WriteStockItem(const flow::State& state, key::ItemIndex index, base::JsonWriter& json) {
  const stock::Item& item = state.ledger.at(index);
  const stock::Contribution c = ContributionOf(state, item);
  const threshold::Resolved& thresholds = state.rules.at(item.thresholds);
  flow::WriteItemMembers(state, index, json);
  json.Key("standing").BeginArray();
  for (std::size_t i = 0; i < std::size(kStatusNames); ++i) {
    if (HasStatus(item, c, static_cast<Status>(i))) json.String(kStatusNames[i]);
  }
  json.EndArray().Key("thresholds").BeginObject();
  WriteQuantity(json, "critical", thresholds.critical);
  WriteQuantity(json, "low", thresholds.low);
  WriteQuantity(json, "max", thresholds.max);
  json.EndObject();
}

StockMatcher::StockMatcher(const flow::State& state, StockFilter filter)
    : state_(state), filter_(std::move(filter)), groups_(state.rollups.size(), Known::kNot) {}

bool StockMatcher::TakesGroup(stock::NodeIndex group) {
  Known& known = groups_[group];
  if (known == Known::kNot) {
    const stock::RollUps& nodes = state_.rollups;
    const auto is = [&](key::NameId name, const std::string& wanted) {
      return wanted.empty() || state_.names.Text(name) == wanted;
    };
    const bool taken = is(nodes.Warehouse(group), filter_.warehouse) &&
                       is(nodes.Department(group), filter_.department) &&
                       is(nodes.Category(group), filter_.category) &&
                       is(nodes.Brand(group), filter_.brand);
    known = taken ? Known::kTaken : Known::kLeft;
  }
  return known == Known::kTaken;
}

bool StockMatcher::TakesText(key::ItemIndex index) const {
  if (Contains(state_.directory.Key(index).sku.text(), filter_.search)) return true;
  const stock::Description* known = state_.ledger.FindDescription(state_.ledger.at(index));
  return known != nullptr && Contains(known->name, filter_.search);
}

bool StockMatcher::Takes(key::ItemIndex index) {
  const stock::Item& item = state_.ledger.at(index);
  if (!TakesGroup(item.group)) return false;
  if (!filter_.product.empty() && state_.names.Text(item.product) != filter_.product) return false;
  if (filter_.status && !HasStatus(item, ContributionOf(state_, item), *filter_.status)) {
    return false;
  }
  return filter_.search.empty() || TakesText(index);
}

base::Result<key::ItemIndex> ItemOf(const flow::State& state, const std::string& warehouse,
                                    const std::string& sku) {
  const key::ItemIndex item = state.directory.Find(
      {event::WarehouseIdView::Trusted(warehouse), event::SkuView::Trusted(sku)});
  if (item != key::kNoItem && flow::IsLiving(state, item)) return item;
  return Error{Code::kNotFound, "there is no item " + warehouse + "/" + sku};
}

std::vector<Route> StockRoutes() {
  return {{"GET",
           "/api/v1/stock",
           {"warehouse", "department", "category", "brand", "product", "status", "search", "limit",
            "cursor"},
           List},
          {"GET", "/api/v1/stock/{warehouse}/{sku}", {}, Show}};
}

}  // namespace stockwatch::api
