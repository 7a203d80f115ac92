#include "domain/stock/rollups.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>

#include "base/assertion.h"

namespace stockwatch::stock {
namespace {

constexpr NodeIndex kNoNode = 0xFFFFFFFF;
constexpr NodeIndex kRoot = 0;

// Level of the item hierarchy (1 department, 2 category, 3 brand) as depth in a tree.
constexpr int DepthOf(Tree tree, int level) {
  return tree == Tree::kWarehouse ? level + 1 : level;
}

// Warehouse nodes of a level stand behind the global ones of the same level, so that a brand is
// taken before its twin.
constexpr std::size_t DirtyList(Tree tree, int depth) {
  const bool warehouse = tree == Tree::kWarehouse;
  const auto level = static_cast<std::size_t>(warehouse ? depth - 1 : depth);
  return 2 * level + (warehouse ? 1 : 0);
}

}  // namespace

struct RollUps::Index {
  // (parent, name) → child; warehouses have the parent kNoNode.
  absl::flat_hash_map<std::uint64_t, NodeIndex> children;
};

RollUps::RollUps(key::NamePool& names)
    : names_(names), index_(std::make_unique<Index>()), dirty_(8) {
  Node root;
  root.tree = Tree::kGlobal;
  nodes_.push_back(root);
}

RollUps::~RollUps() = default;

NodeIndex RollUps::Child(NodeIndex parent, key::NameId name, Tree tree, std::uint8_t depth) {
  const std::uint64_t key = std::uint64_t{parent} << 32 | name;
  const auto [place, added] = index_->children.try_emplace(key, size());
  if (added) {
    Node node;
    node.tree = tree;
    node.depth = depth;
    node.name = name;
    node.parent = parent;
    nodes_.push_back(std::move(node));
  }
  return place->second;
}

NodeIndex RollUps::GroupOf(key::NameId warehouse, const event::Levels& levels) {
  const key::NameId department = names_.Intern(levels.department);
  const key::NameId category = names_.Intern(levels.category);
  const key::NameId brand = names_.Intern(levels.brand);
  NodeIndex node = Child(kNoNode, warehouse, Tree::kWarehouse, 1);
  node = Child(node, department, Tree::kWarehouse, 2);
  node = Child(node, category, Tree::kWarehouse, 3);
  const NodeIndex group = Child(node, brand, Tree::kWarehouse, 4);
  if (nodes_[group].twin == kNoNode) {
    NodeIndex global = Child(kRoot, department, Tree::kGlobal, 1);
    global = Child(global, category, Tree::kGlobal, 2);
    global = Child(global, brand, Tree::kGlobal, 3);
    nodes_[group].twin = global;
  }
  return group;
}

NodeIndex RollUps::CategoryAt(Tree tree, const std::vector<std::string_view>& path) {
  NodeIndex node = tree == Tree::kWarehouse ? kNoNode : kRoot;
  std::uint8_t depth = 0;
  for (const std::string_view name : path) {
    node = Child(node, names_.Intern(name), tree, ++depth);
  }
  SW_ASSERT(depth == DepthOf(tree, 2), "a category has a department above it");
  return node;
}

void RollUps::MarkDirty(NodeIndex index) {
  Node& node = nodes_[index];
  node.dirty = true;
  dirty_[DirtyList(node.tree, node.depth)].push_back(index);
}

void RollUps::Propagate() {
  for (auto level = dirty_.rbegin(); level != dirty_.rend(); ++level) PropagateLevel(*level);
}

void RollUps::PropagateLevel(std::vector<NodeIndex>& level) {
  for (const NodeIndex index : level) {
    Node& node = nodes_[index];
    node.totals.Add(node.pending);
    for (const NodeIndex above : {node.parent, node.twin}) {
      if (above == kNoNode) continue;
      Touch(above).pending.Add(node.pending);
      nodes_[above].applied_seconds = std::max(nodes_[above].applied_seconds, node.applied_seconds);
    }
    node.pending.Clear();
    node.dirty = false;
    if (node.depth == DepthOf(node.tree, 2) && !node.unjudged) {
      node.unjudged = true;
      changed_categories_.push_back(index);
    }
  }
  level.clear();
}

std::vector<std::string_view> RollUps::Path(NodeIndex index) const {
  std::vector<std::string_view> path;
  for (; index != kNoNode && nodes_[index].depth > 0; index = nodes_[index].parent) {
    path.push_back(names_.Text(nodes_[index].name));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

key::NameId RollUps::Level(NodeIndex index, int level) const {
  const int depth = DepthOf(nodes_[index].tree, level);
  if (nodes_[index].depth < depth) return key::kNoName;
  while (nodes_[index].depth > depth) index = nodes_[index].parent;
  return nodes_[index].name;
}

key::NameId RollUps::Warehouse(NodeIndex index) const {
  return nodes_[index].tree == Tree::kGlobal ? key::kNoName : Level(index, 0);
}

void RollUps::SortByPath(std::vector<NodeIndex>& nodes) const {
  std::sort(nodes.begin(), nodes.end(), [&](NodeIndex a, NodeIndex b) {
    if (nodes_[a].tree != nodes_[b].tree) return nodes_[a].tree == Tree::kGlobal;
    return Path(a) < Path(b);
  });
}

std::vector<NodeIndex> RollUps::TakeChangedCategories() {
  std::vector<NodeIndex> changed = std::move(changed_categories_);
  changed_categories_.clear();
  for (const NodeIndex node : changed) nodes_[node].unjudged = false;
  SortByPath(changed);
  return changed;
}

std::vector<NodeIndex> RollUps::Categories() const {
  std::vector<NodeIndex> categories;
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].depth == DepthOf(nodes_[i].tree, 2)) categories.push_back(i);
  }
  SortByPath(categories);
  return categories;
}

}  // namespace stockwatch::stock
