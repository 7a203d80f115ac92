#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "domain/event/change.h"
#include "domain/key/name_pool.h"
#include "domain/stock/totals.h"

namespace stockwatch::stock {

enum class Tree : std::uint8_t { kWarehouse, kGlobal };
inline std::string_view Name(Tree tree) {
  return tree == Tree::kWarehouse ? "warehouse" : "global";
}

using NodeIndex = std::uint32_t;

// A node between the root and the brand. Products and SKUs hold few items: their figures are added
// up from those when somebody asks, so that a change touches one leaf group and memory does not
// grow with the number of products.
struct Node {
  Tree tree = Tree::kWarehouse;
  std::uint8_t depth = 0;  // length of the path: global 0–3, warehouse 1–4
  bool dirty = false;      // `pending` is to be propagated
  bool unjudged = false;   // changed since TakeChangedCategories
  std::uint32_t applied_seconds =
      0;  // source time of the latest applied change below, with effect or without
  std::uint32_t stored_seconds = 0;  // the same, as it was stored
  key::NameId name = key::kNoName;
  NodeIndex parent = 0xFFFFFFFF;
  NodeIndex twin = 0xFFFFFFFF;  // of a warehouse brand: the same brand in the global tree
  Totals totals;                // as of the last Propagate
  Totals pending;
};

// Both trees. Changes go to a leaf group (warehouse, department, category, brand) and reach the
// other nodes, level by level, at Propagate: 12 nodes an event would be touched otherwise, and most
// events of a second share the upper ones.
class RollUps {
 public:
  explicit RollUps(key::NamePool& names);
  ~RollUps();
  RollUps(const RollUps&) = delete;
  RollUps& operator=(const RollUps&) = delete;

  // The leaf group of an item, made when it is new.
  NodeIndex GroupOf(key::NameId warehouse, const event::Levels& levels);

  void Add(NodeIndex group, const Contribution& c) { Touch(group).pending.Add(c); }
  void Remove(NodeIndex group, const Contribution& c) { Touch(group).pending.Remove(c); }
  // The item stays in its group and adds something else.
  void Change(NodeIndex group, const Contribution& before, const Contribution& after) {
    Touch(group).pending.Change(before, after);
  }

  // An applied change touched an item of the group, with or without effect on its figures.
  void NoteApplied(NodeIndex group, std::uint32_t source_seconds) {
    Touch(group).applied_seconds = source_seconds;
  }

  // After it each node equals the sum of its children.
  void Propagate();

  const Node& at(NodeIndex node) const { return nodes_[node]; }
  std::size_t size() const { return nodes_.size(); }

  // Names from the first level to the node's own.
  std::vector<std::string_view> Path(NodeIndex node) const;
  // Name of the ancestor (or the node itself) at a level of the item hierarchy; kNoName above it.
  key::NameId Department(NodeIndex node) const { return Level(node, 1); }
  key::NameId Category(NodeIndex node) const { return Level(node, 2); }
  key::NameId Brand(NodeIndex node) const { return Level(node, 3); }
  // kNoName in the global tree.
  key::NameId Warehouse(NodeIndex node) const;

  // Category nodes of both trees that were touched since the last call, in order of tree and path.
  std::vector<NodeIndex> TakeChangedCategories();
  // Those that the next call will give, in no order.
  const std::vector<NodeIndex>& unjudged_categories() const { return changed_categories_; }
  // The category was judged by what was applied below it so far.
  void ForgetApplied(NodeIndex category) { nodes_[category].applied_seconds = 0; }
  // After a restart: when a change below a category node was applied last.
  void RestoreApplied(NodeIndex category, std::uint32_t source_seconds) {
    nodes_[category].applied_seconds = source_seconds;
    NoteStored(category);
  }
  void NoteStored(NodeIndex category) {
    nodes_[category].stored_seconds = nodes_[category].applied_seconds;
  }
  // The category node of that path (global: department, category; warehouse: with the warehouse
  // before them), made when it is new.
  NodeIndex CategoryAt(Tree tree, const std::vector<std::string_view>& path);
  // Every category node, in the same order.
  std::vector<NodeIndex> Categories() const;

 private:
  struct Index;

  Node& Touch(NodeIndex group) {
    Node& node = nodes_[group];
    if (!node.dirty) MarkDirty(group);
    return node;
  }
  void MarkDirty(NodeIndex node);
  void PropagateLevel(std::vector<NodeIndex>& level);
  NodeIndex Child(NodeIndex parent, key::NameId name, Tree tree, std::uint8_t depth);
  key::NameId Level(NodeIndex node, int level) const;
  void SortByPath(std::vector<NodeIndex>& nodes) const;

  key::NamePool& names_;
  std::unique_ptr<Index> index_;
  std::vector<Node> nodes_;
  std::vector<std::vector<NodeIndex>> dirty_;  // by 2 × depth + tree, deepest last
  std::vector<NodeIndex> changed_categories_;
};

}  // namespace stockwatch::stock
