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

// The items near their threshold: a list of scores for each leaf group, in blocks; each node above
// knows the best of its children, so the first N below any node are found by best-first search. A
// change writes one score and marks what stands above it as stale; a query brings the bests up to
// date that changed since the last one, block by block. One thread at a time.
class RiskIndex {
 public:
  RiskIndex(Ledger& ledger, const RollUps& rollups) : ledger_(ledger), rollups_(rollups) {}

  // Item::risk_slot is kept here. Call with the group that the item stands in.
  void Set(key::ItemIndex item, NodeIndex group, std::optional<RiskScore> score);
  // REQUIRES: before the item leaves `group`.
  void Remove(key::ItemIndex item, NodeIndex group);

  // The riskiest items below a node of either tree, riskiest first; equal scores in order of the
  // items' keys in `directory`.
  std::vector<AtRisk> Top(NodeIndex node, std::size_t count, const key::ItemDirectory& directory);

  // Asks for the memory that Set will touch.
  void Prefetch(const Item& item) const {
    if (item.risk_slot == kNoSlab) return;
    __builtin_prefetch(&nodes_[item.group].scores[item.risk_slot], 1);
  }

 private:
  static constexpr RiskScore kNotAtRisk = kRiskScoreMax + 1;
  static constexpr std::uint32_t kBlock = 16;  // scores: two cache lines

  struct Summary {
    // Of a leaf group. An item that was at risk keeps its slot while it stands in the group.
    std::vector<RiskScore> scores;
    std::vector<key::ItemIndex> items;  // by slot
    std::vector<std::uint32_t> free;    // slots
    std::vector<RiskScore> block_best;  // by slot / kBlock; valid where not stale
    std::vector<std::uint8_t> block_stale;
    std::vector<NodeIndex> children;  // nodes, or the leaf groups of a global brand
    RiskScore best = kNotAtRisk;
    bool stale = false;
    bool linked = false;
  };

  std::uint32_t TakeSlot(Summary& group, key::ItemIndex item);
  void Write(NodeIndex group, std::uint32_t slot, RiskScore score);
  void Link(NodeIndex node);
  void MarkStale(NodeIndex node);
  RiskScore Refresh(NodeIndex node);

  Ledger& ledger_;
  const RollUps& rollups_;
  std::vector<Summary> nodes_;  // by NodeIndex
};

}  // namespace stockwatch::stock
