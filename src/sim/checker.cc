#include "sim/checker.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace stockwatch::sim {
namespace {

std::string Text(const Stock& stock) {
  static constexpr const char* kLives[] = {"unopened", "opened", "retired"};
  return std::string(kLives[static_cast<std::size_t>(stock.life)]) + " " +
         std::to_string(stock.on_hand) + "/" + std::to_string(stock.shown_reserved());
}

std::string Text(const Sum& sum) {
  std::string text;
  for (const std::int64_t figure : {sum.items, sum.unopened, sum.on_hand, sum.reserved,
                                    sum.out_of_stock, sum.critical, sum.low}) {
    text += std::to_string(figure) + " ";
  }
  return text;
}

std::string NameOf(const flow::State& state, stock::NodeIndex node) {
  const bool global = state.rollups.at(node).tree == stock::Tree::kGlobal;
  return NodeName(global ? 'g' : 'w', state.rollups.Path(node));
}

}  // namespace

std::string Checker::CheckTouched(const flow::State& state) {
  std::vector<std::uint32_t> items = model_.TakeTouched();
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  std::set<stock::NodeIndex> nodes;
  const auto add_with_parents = [&](stock::NodeIndex node) {
    while (node != stock::kNoSlab && nodes.insert(node).second)
      node = state.rollups.at(node).parent;
  };
  for (const std::uint32_t item : items) {
    if (std::string broken = CheckItem(state, item); !broken.empty()) return broken;
    const key::ItemIndex index = Find(state, item);
    if (index == key::kNoItem) continue;
    const stock::NodeIndex group = state.ledger.at(index).group;
    add_with_parents(group);
    add_with_parents(state.rollups.at(group).twin);
  }
  for (const stock::NodeIndex node : nodes) {
    if (std::string broken = CheckNode(state, node); !broken.empty()) return broken;
  }
  return CheckCounts(state);
}

std::string Checker::CheckAll(const flow::State& state) {
  if (std::string broken = CheckTouched(state); !broken.empty()) return broken;
  for (std::uint32_t item = 0; item < world_.items.size(); ++item) {
    if (std::string broken = CheckItem(state, item); !broken.empty()) return broken;
  }
  if (model_.AddUp() != model_.nodes()) return "the model's own sums differ from its items";
  std::size_t present = 0;
  for (stock::NodeIndex node = 0; node < state.rollups.size(); ++node) {
    if (std::string broken = CheckNode(state, node); !broken.empty()) return broken;
    present += state.rollups.at(node).totals.items > 0 ? 1 : 0;
  }
  if (present != model_.nodes().size()) return "a node is missing";
  std::set<std::tuple<event::ConditionType, alert::Subject::Kind, std::uint32_t>> open;
  std::string broken;
  state.episodes.ForEach([&](const alert::Episode& episode, const alert::Notes*) {
    if (!episode.active()) return;
    if (open.emplace(episode.type, episode.subject.kind, episode.subject.index).second) return;
    broken = "two open alerts: " + std::string(event::Name(episode.type));
  });
  return broken;
}

key::ItemIndex Checker::Find(const flow::State& state, std::uint32_t item) const {
  return state.directory.Find(
      {event::WarehouseIdView::Trusted(world_.warehouses[world_.items[item].warehouse]),
       event::SkuView::Trusted(world_.items[item].sku)});
}

std::string Checker::CheckItem(const flow::State& state, std::uint32_t item) {
  const Stock& expected = model_.at(item);
  const std::string name =
      "item " + world_.warehouses[world_.items[item].warehouse] + "/" + world_.items[item].sku;
  const key::ItemIndex index = Find(state, item);
  if (index == key::kNoItem) return expected.living() ? name + " is unknown" : "";
  const stock::Item& found = state.ledger.at(index);
  if (found.top < tops_[item]) return name + ": its position went down";
  tops_[item] = found.top;
  if (found.life == stock::Life::kRetired && !expected.living()) return {};
  Stock shown;
  shown.life = static_cast<Stock::Life>(found.life);
  const stock::Shown figures = state.ledger.ShownOf(found);
  shown.on_hand = figures.on_hand.thousandths();
  shown.reserved = figures.reserved.thousandths();
  if (Text(shown) == Text(expected)) return {};
  return name + " has " + Text(shown) + ", by the model " + Text(expected);
}

std::string Checker::CheckNode(const flow::State& state, stock::NodeIndex node) const {
  const stock::Totals& totals = state.rollups.at(node).totals;
  const Sum found{totals.items,
                  totals.unopened,
                  totals.on_hand.thousandths(),
                  totals.reserved.thousandths(),
                  totals.out_of_stock,
                  totals.critical,
                  totals.low};
  const std::string name = NameOf(state, node);
  const auto known = model_.nodes().find(name);
  const Sum expected = known == model_.nodes().end() ? Sum() : known->second;
  if (found == expected) return {};
  return "node " + name + " has " + Text(found) + ", by the model " + Text(expected);
}

std::string Checker::CheckCounts(const flow::State& state) const {
  const flow::ChangeCounts& counts = state.changes;
  if (counts.read !=
      counts.applied + counts.duplicate + counts.stale + counts.dead_lettered + counts.control) {
    return "changes read are not the sum of what became of them";
  }
  if (counts.read < model_.read()) return "changes were not read";  // redelivered ones are read too
  if (counts.applied == model_.applied()) return {};
  return std::to_string(counts.applied) + " changes were applied, by the model " +
         std::to_string(model_.applied());
}

}  // namespace stockwatch::sim
