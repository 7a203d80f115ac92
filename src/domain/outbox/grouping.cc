#include "domain/outbox/grouping.h"

#include <algorithm>

namespace stockwatch::outbox {
namespace {

// Names from the warehouse down; of a node of the global tree from the department down.
std::vector<std::string> PathOf(const Message& message) {
  if (message.sku.empty()) return message.path;
  const Context& context = message.context;
  return {message.warehouse_id, context.department, context.category, context.brand};
}

}  // namespace

std::optional<Group> GroupOf(const Message& message, const Grouping& grouping) {
  const bool alone = grouping.by == GroupBy::kNone || message.digest || message.component ||
                     message.severity == event::Severity::kPage;
  if (alone) return std::nullopt;
  const bool global = grouping.tree == stock::Tree::kGlobal;
  const bool of_global_node = message.tree == stock::Name(stock::Tree::kGlobal);
  if (of_global_node && !global) return std::nullopt;
  Group group{grouping.tree, PathOf(message)};
  if (global && !of_global_node) group.path.erase(group.path.begin());
  const std::size_t depth = static_cast<std::size_t>(grouping.by) - (global ? 1 : 0);
  group.path.resize(std::min(group.path.size(), depth));
  return group;
}

}  // namespace stockwatch::outbox
