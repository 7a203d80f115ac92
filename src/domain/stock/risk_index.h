#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/key/item_directory.h"
#include "domain/stock/ledger.h"
#include "domain/stock/rollups.h"

namespace stockwatch::stock {

// How close an item is to running out: available as thousandths of its `low`; at or below 0 it is
// out, and the deeper the worse. Lower is riskier.
using RiskScore = std::int64_t;

// Items above twice their `low` are not at risk and not listed; nor are items without `low` that
// are in stock.
inline constexpr RiskScore kRiskScoreMax = 2000;

// nullopt: not at risk. `low` nullopt: no such threshold is in force.
std::optional<RiskScore> RiskOf(base::Quantity available, std::optional<base::Quantity> low);

struct AtRisk {
  key::ItemIndex item;
  RiskScore score;
};

// The items near their threshold: a heap for each leaf group; each node above knows the best of its
// children, so the first N below any node are found by best-first search. An update costs O(log of
// the group); a query brings the bests of the nodes up to date that changed since the last one. One
// thread at a time.
class RiskIndex {
 public:
  RiskIndex(Ledger& ledger, const RollUps& rollups) : ledger_(ledger), rollups_(rollups) {}

  // Item::risk_slot is kept here. Call with the group that the item stands in.
  void Set(key::ItemIndex item, NodeIndex group, std::optional<RiskScore> score);
  // REQUIRES: before the item leaves `group`.
  void Remove(key::ItemIndex item, NodeIndex group) { Set(item, group, std::nullopt); }

  // The riskiest items below a node of either tree, riskiest first; equal scores in order of the
  // items' keys in `directory`.
  std::vector<AtRisk> Top(NodeIndex node, std::size_t count, const key::ItemDirectory& directory);

 private:
  struct Summary {
    std::vector<AtRisk> heap;         // of a leaf group
    std::vector<NodeIndex> children;  // nodes, or the leaf groups of a global brand
    RiskScore best = kRiskScoreMax + 1;
    bool stale = false;
    bool linked = false;
  };

  void Link(NodeIndex node);
  void MarkStale(NodeIndex group);
  RiskScore Refresh(NodeIndex node);
  void SiftUp(Summary& group, std::size_t slot);
  void SiftDown(Summary& group, std::size_t slot);
  void Place(Summary& group, std::size_t slot, AtRisk entry);
  void TakeOut(Summary& group, std::size_t slot);

  Ledger& ledger_;
  const RollUps& rollups_;
  std::vector<Summary> nodes_;  // by NodeIndex
};

}  // namespace stockwatch::stock
