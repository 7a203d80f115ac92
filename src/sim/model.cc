#include "sim/model.h"

#include <algorithm>

namespace stockwatch::sim {
namespace {

using event::TransactionType;
using Kind = Event::Kind;
using Life = Stock::Life;

}  // namespace

void Sum::Add(const Sum& other, std::int64_t sign) {
  items += sign * other.items;
  unopened += sign * other.unopened;
  on_hand += sign * other.on_hand;
  reserved += sign * other.reserved;
  out_of_stock += sign * other.out_of_stock;
  critical += sign * other.critical;
  low += sign * other.low;
}

std::string NodeName(char tree, const std::vector<std::string_view>& path) {
  std::string name(1, tree);
  for (const std::string_view part : path) {
    if (name.size() > 1) name += '/';
    name += part;
  }
  return name;
}

void Model::Take(const Event& event) {
  ++read_;
  if (event.kind == Kind::kUnreadable) return;
  now_ = std::max(now_, event.position.seconds);
  if (!event.IsStock()) return;
  if (std::int64_t{event.position.seconds} <= std::int64_t{now_} - world_.keep_seconds()) return;
  Known& item = items_[event.item];
  const bool latest = item.changes.empty() || event.position > item.changes.rbegin()->first;
  if (!item.changes.emplace(event.position, event).second) return;
  ++applied_;
  touched_.push_back(event.item);
  if (latest && !item.stale) return Step(item.stock, event);
  item.stale = true;
}

std::vector<std::uint32_t> Model::TakeTouched() {
  for (const std::uint32_t index : touched_) {
    Known& item = items_[index];
    if (item.stale) {
      item.stock = {};
      for (const auto& [position, event] : item.changes) Step(item.stock, event);
      item.stale = false;
    }
    Count(nodes_, world_.items[index], item.counted, -1);
    Count(nodes_, world_.items[index], item.stock, 1);
    item.counted = item.stock;
  }
  return std::exchange(touched_, {});
}

void Model::Step(Stock& stock, const Event& event) const {
  const bool dropped = stock.life == Life::kRetired &&
                       event.position.seconds >= stock.deleted + world_.keep_seconds();
  if (dropped) stock = {};
  if (event.kind == Kind::kDelete) {
    if (!stock.documented || stock.life == Life::kRetired) return;
    stock.life = Life::kRetired;
    stock.deleted = event.position.seconds;
    return;
  }
  stock.known = true;
  if (event.kind != Kind::kMovement) {
    stock.documented = true;
    stock.category = event.category;
    stock.discontinued = event.discontinued;
  }
  if (world_.keeps_ledger[world_.items[event.item].warehouse]) return StepLedger(stock, event);
  if (event.kind == Kind::kMovement) return;
  stock.life = Life::kOpened;
  stock.on_hand = event.on_hand;
  stock.reserved = event.reserved;
}

// The first document or count opens; later documents only check.
void Model::StepLedger(Stock& stock, const Event& event) const {
  if (event.kind == Kind::kLookup) {
    if (stock.life != Life::kRetired) return;
    stock.life = Life::kUnopened;
    stock.on_hand = stock.reserved = 0;
    return;
  }
  if (event.kind == Kind::kDocument) {
    if (stock.life == Life::kOpened) return;
    stock.life = Life::kOpened;
    stock.on_hand = event.on_hand;
    stock.reserved = event.reserved;
    return;
  }
  if (stock.life == Life::kRetired) return;
  switch (event.type) {
    case TransactionType::kCount:
      stock.life = Life::kOpened;
      stock.on_hand = event.on_hand;
      return;
    case TransactionType::kReserve:
      stock.reserved += event.on_hand;
      return;
    case TransactionType::kRelease:
      stock.reserved -= event.on_hand;
      return;
    case TransactionType::kReturn:
    case TransactionType::kReceipt:
    case TransactionType::kTransferIn:
    case TransactionType::kAdjustment:
      stock.on_hand += event.on_hand;
      return;
    default:
      stock.on_hand -= event.on_hand;
  }
}

Sum Model::SumOf(const Stock& stock) const {
  Sum sum;
  sum.items = 1;
  sum.unopened = stock.life == Life::kUnopened ? 1 : 0;
  sum.on_hand = stock.on_hand;
  sum.reserved = stock.shown_reserved();
  if (stock.life != Life::kOpened || stock.discontinued) return sum;
  const std::int64_t available = stock.on_hand - stock.shown_reserved();
  const std::int64_t low = stock.category == kNoCategory
                               ? world_.low_without_category
                               : world_.low[static_cast<std::size_t>(stock.category)];
  sum.out_of_stock = available <= 0 ? 1 : 0;
  sum.critical = available <= world_.critical ? 1 : 0;
  sum.low = available <= std::max({std::int64_t{0}, world_.critical, low}) ? 1 : 0;
  return sum;
}

void Model::Count(Nodes& nodes, const Item& item, const Stock& stock, std::int64_t sign) const {
  if (!stock.living()) return;
  const Sum sum = SumOf(stock);
  const std::string department = DepartmentOf(stock.category);
  const std::string category = CategoryName(stock.category);
  const std::string brand = BrandOf(stock.category);
  const auto add = [&](const std::string& name) {
    const auto node = nodes.try_emplace(name).first;
    node->second.Add(sum, sign);
    if (node->second.items == 0) nodes.erase(node);
  };
  for (std::string name : {std::string("g"), "w" + world_.warehouses[item.warehouse]}) {
    add(name);
    for (const std::string* part : {&department, &category, &brand}) {
      if (name.size() > 1) name += '/';
      add(name += *part);
    }
  }
}

Nodes Model::AddUp() const {
  Nodes nodes;
  for (std::size_t i = 0; i < items_.size(); ++i) Count(nodes, world_.items[i], items_[i].stock, 1);
  return nodes;
}

}  // namespace stockwatch::sim
