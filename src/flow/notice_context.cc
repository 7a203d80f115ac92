#include "flow/notice_context.h"

#include <algorithm>
#include <tuple>

#include "flow/planning.h"

namespace stockwatch::flow {
namespace {

constexpr std::size_t kElsewhereMax = 5;
// Warehouses that are asked for their stock of the SKU.
constexpr std::size_t kWarehousesMax = 1000;

// The same SKU in other warehouses, most first.
std::vector<outbox::Elsewhere> ElsewhereOf(State& state, const event::ItemKey& key) {
  std::vector<outbox::Elsewhere> others;
  const std::vector<stock::NodeIndex>& nodes = state.WarehouseNodes();
  for (std::size_t i = 0; i < std::min(nodes.size(), kWarehousesMax); ++i) {
    const stock::NodeIndex node = nodes[i];
    const std::string_view name = state.names.Text(state.rollups.Warehouse(node));
    if (name == key.warehouse.text()) continue;
    const key::ItemIndex index =
        state.directory.Find({event::WarehouseIdView::Trusted(name), key.sku});
    if (index == key::kNoItem) continue;
    const stock::Item& item = state.ledger.at(index);
    if (item.life != stock::Life::kOpened) continue;
    const stock::Shown shown = state.ledger.ShownOf(item);
    if (shown.available() > base::Quantity()) {
      others.push_back({std::string(name), shown.available()});
    }
  }
  std::sort(others.begin(), others.end(), [](const auto& a, const auto& b) {
    return std::tie(b.available, a.warehouse_id) < std::tie(a.available, b.warehouse_id);
  });
  if (others.size() > kElsewhereMax) others.resize(kElsewhereMax);
  return others;
}

void AddPlan(State& state, key::ItemIndex index, outbox::Context& context) {
  const ItemPlan plan = PlanOf(state, index);
  context.trend = outbox::Context::Trend{plan.velocity, plan.sold_four_weeks};
  context.revenue_at_risk = plan.revenue_at_risk;
  if (plan.stockout) {
    context.outlook =
        outbox::Context::Outlook{*plan.days_of_cover, *plan.stockout, *plan.stockout_early,
                                 *plan.stockout_late, plan.expected_receipt};
  }
  const Advice advice = AdviceOf(state, index, plan);
  const demand::Suggestion& say = advice.suggestion;
  if (say.action == demand::Action::kNone) return;
  context.suggestion = outbox::Context::Suggestion{std::string(demand::Name(say.action)),
                                                   say.quantity, advice.donor_warehouse, say.cost,
                                                   std::string(demand::Name(say.confidence))};
}

}  // namespace

outbox::Context ContextOf(State& state, alert::Subject subject) {
  outbox::Context context;
  if (subject.kind != alert::Subject::Kind::kItem) return context;
  const stock::Item& item = state.ledger.at(subject.index);
  const stock::Shown shown = state.ledger.ShownOf(item);
  context.department = state.names.Text(state.rollups.Department(item.group));
  context.category = state.names.Text(state.rollups.Category(item.group));
  context.brand = state.names.Text(state.rollups.Brand(item.group));
  context.product = state.names.Text(item.product);
  context.stock =
      outbox::Context::Figures{shown.on_hand, shown.reserved, shown.inbound, shown.available()};
  if (const stock::Description* known = state.ledger.FindDescription(item)) {
    context.name = known->name;
    context.price = known->shown_price();
  }
  context.elsewhere = ElsewhereOf(state, state.directory.Key(subject.index));
  if (item.life == stock::Life::kOpened) AddPlan(state, subject.index, context);
  return context;
}

}  // namespace stockwatch::flow
