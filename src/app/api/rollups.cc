#include <charconv>
#include <map>
#include <optional>

#include "app/api/list.h"
#include "app/api/nodes.h"
#include "app/api/plan.h"
#include "app/api/stock.h"
#include "flow/canonical.h"
#include "flow/item_moment.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;

constexpr std::string_view kList = "rollups";

// By name, and so in the order in which they are listed.
using Children = std::map<std::string_view, stock::Totals>;

Children NodesBelow(const flow::State& state, stock::NodeIndex parent, stock::Tree tree) {
  const bool warehouses = tree == stock::Tree::kWarehouse && state.rollups.at(parent).depth == 0;
  Children children;
  for (stock::NodeIndex index = 0; index < state.rollups.size(); ++index) {
    const stock::Node& node = state.rollups.at(index);
    if (node.tree != tree || node.totals.items == 0) continue;
    const bool is_child = warehouses ? node.depth == 1 : node.parent == parent;
    if (is_child) children[state.names.Text(node.name)] = node.totals;
  }
  return children;
}

// Below a brand the figures are added up from its items: its products, or the SKUs of one product,
// or one SKU.
struct Below {
  stock::Totals totals;
  Children children;
};
Below ItemsBelow(const flow::State& state, stock::NodeIndex brand, const NodePath& path) {
  const std::size_t depth = path.brand_depth();
  Below below;
  for (key::ItemIndex index = 0; index < state.ledger.size(); ++index) {
    const stock::Item& item = state.ledger.at(index);
    if (item.group == stock::kNoSlab) continue;
    const bool is_below = item.group == brand || state.rollups.at(item.group).twin == brand;
    if (!is_below || !flow::IsLiving(state, index)) continue;
    const std::string_view product = state.names.Text(item.product);
    const std::string_view sku = state.directory.Key(index).sku.text();
    if (path.names.size() > depth && path.names[depth] != product) continue;
    if (path.names.size() > depth + 1 && path.names[depth + 1] != sku) continue;
    const stock::Contribution contribution = ContributionOf(state, item);
    below.totals.Add(contribution);
    if (path.names.size() == depth) below.children[product].Add(contribution);
    if (path.names.size() == depth + 1) below.children[sku].Add(contribution);
  }
  return below;
}

void WriteNode(base::JsonWriter& json, const NodePath& path, const std::string_view* child,
               const stock::Totals& totals) {
  std::vector<std::string_view> names(path.names.begin(), path.names.end());
  if (child != nullptr) names.push_back(*child);
  json.BeginObject();
  flow::WriteNodeMembers(path.tree, names, totals, json);
}

base::Result<Response> Show(Engine& engine, const Call& call) {
  const flow::State& state = engine.state();
  SW_TRY(const NodePath path, NodePathOf(call));
  SW_TRY(Page page, PageOf(engine, call, kList));
  if (call.Parameter("limit") == nullptr) page.limit = engine.options.page_max;
  SW_TRY(const stock::NodeIndex node, FindNode(state, path));
  Below below;
  if (path.names.size() < path.brand_depth()) {
    below = {state.rollups.at(node).totals, NodesBelow(state, node, path.tree)};
  } else {
    below = ItemsBelow(state, node, path);
  }
  if (below.totals.items == 0) {
    return Error{Code::kNotFound, "there is no item below that path"};
  }
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine).Key("node");
  WriteNode(json, path, nullptr, below.totals);
  json.EndObject().Key("children").BeginArray();
  std::size_t written = 0;
  std::string_view last;
  auto child = page.place ? below.children.upper_bound(*page.place) : below.children.begin();
  for (; child != below.children.end() && written < page.limit; ++child, ++written) {
    last = child->first;
    WriteNode(json, path, &child->first, child->second);
    json.EndObject();
  }
  json.EndArray().Key("next");
  child == below.children.end() ? json.Null() : json.String(MakeCursor(kList, last));
  json.EndObject();
  response.body += '\n';
  return response;
}

// By risk, or by when the stock runs out.
struct Order {
  std::string_view list;  // of its cursors
  stock::RiskIndex* index;
};
base::Result<Order> OrderOf(flow::State& state, const Call& call) {
  const std::string* order = call.Parameter("order");
  if (order == nullptr || *order == "risk") return Order{"at-risk", &state.risk};
  if (*order == "stockout") return Order{"at-risk/stockout", &state.running_out};
  return Error{Code::kInvalidArgument, "order: neither risk nor stockout: \"" + *order + "\""};
}

// "-7\nGB\n85123A": no id has a line feed.
std::string PlaceOf(const flow::State& state, const stock::AtRisk& at_risk) {
  const event::ItemKey key = state.directory.Key(at_risk.item);
  return std::to_string(at_risk.score) + "\n" + std::string(key.warehouse.text()) + "\n" +
         std::string(key.sku.text());
}
// Refers to `place`.
base::Result<stock::RiskIndex::Place> ReadPlace(std::string_view place) {
  stock::RiskScore score = 0;
  const auto read = std::from_chars(place.data(), place.data() + place.size(), score);
  const auto end = static_cast<std::size_t>(read.ptr - place.data());
  const std::size_t middle = place.find('\n', end + 1);
  if (read.ec != std::errc() || place.find('\n') != end || middle == std::string_view::npos) {
    return Error{Code::kInvalidArgument, "cursor: is none that this list gave"};
  }
  return stock::RiskIndex::Place{
      score,
      {event::WarehouseIdView::Trusted(place.substr(end + 1, middle - end - 1)),
       event::SkuView::Trusted(place.substr(middle + 1))}};
}

void WriteRisk(const flow::State& state, key::ItemIndex index, base::JsonWriter& json) {
  const stock::Item& item = state.ledger.at(index);
  const auto risk = flow::RiskOf(state, item, state.ledger.ShownOf(item).available());
  json.Key("risk");
  risk ? json.Decimal(*risk, 3) : json.Null();
}

base::Result<Response> AtRisk(Engine& engine, const Call& call) {
  flow::State& state = engine.state();
  SW_TRY(const NodePath path, NodePathOf(call));
  SW_TRY(const Order order, OrderOf(state, call));
  SW_TRY(const Page page, PageOf(engine, call, order.list));
  std::optional<stock::RiskIndex::Place> behind;
  if (page.place) {
    SW_TRY(behind, ReadPlace(*page.place));
  }
  if (path.names.size() > path.brand_depth()) {
    return Error{Code::kInvalidArgument, "path: ends at the brand: products have few items"};
  }
  SW_TRY(const stock::NodeIndex node, FindNode(state, path));
  // One more than a page: whether the list goes on.
  auto items = order.index->Top(node, page.limit + 1, state.directory, behind);
  std::optional<std::string> next;
  if (items.size() > page.limit) {
    items.pop_back();
    next = MakeCursor(order.list, PlaceOf(state, items.back()));
  }
  ListAnswer answer(engine);
  for (const stock::AtRisk& at_risk : items) {
    answer.json().BeginObject();
    WriteStockItem(state, at_risk.item, answer.json());
    WriteRisk(state, at_risk.item, answer.json());
    answer.json().Key("outlook").BeginObject();
    WriteOutlook(flow::PlanOf(state, at_risk.item), answer.json());
    answer.json().EndObject().EndObject();
  }
  return answer.Finish(next);
}

}  // namespace

std::vector<Route> NodeRoutes() {
  return {{"GET", "/api/v1/rollups", {"tree", "path", "limit", "cursor"}, Show},
          {"GET", "/api/v1/at-risk", {"tree", "path", "limit", "cursor", "order"}, AtRisk}};
}

}  // namespace stockwatch::api
