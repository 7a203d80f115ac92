#pragma once

#include <cstdint>
#include <limits>
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

// Items by a score, lowest first: those near their threshold, or those that run out next. A list of
// scores for each leaf group, in blocks; each node above knows the best of its children, so the
// first N below any node are found by best-first search. A change writes one score and marks what
// stands above it as stale; a query brings the bests up to date that changed since the last one,
// block by block. One thread at a time.
class RiskIndex {
 public:
  // Where it is kept which slot an item has: in Item::risk_slot, or by the index itself, for one
  // that shops without certain rules leave empty.
  enum class Slots : std::uint8_t { kInItem, kOwn };
  RiskIndex(Ledger& ledger, const RollUps& rollups, Slots slots = Slots::kInItem)
      : ledger_(ledger), rollups_(rollups), slots_(slots) {}

  // Call with the group that the item stands in. nullopt: it is none of those that are listed.
  void Set(key::ItemIndex item, NodeIndex group, std::optional<RiskScore> score);
  // REQUIRES: before the item leaves `group`.
  void Remove(key::ItemIndex item, NodeIndex group);

  // Where a list ended, so that it goes on behind it.
  struct Place {
    RiskScore score;
    event::ItemKey key;
  };
  // The items with the lowest scores below a node of either tree; equal scores in order of the
  // items' keys in `directory`. Those behind `behind` where it is given; what is before it costs a
  // look each.
  std::vector<AtRisk> Top(NodeIndex node, std::size_t count, const key::ItemDirectory& directory,
                          const std::optional<Place>& behind = std::nullopt);

  // Asks for the memory that Set will touch. REQUIRES: slots in items
  void Prefetch(const Item& item) const {
    if (item.risk_slot == kNoSlab) return;
    __builtin_prefetch(&nodes_[item.group].scores[item.risk_slot], 1);
  }

 private:
  static constexpr RiskScore kNotListed = std::numeric_limits<RiskScore>::max();
  static constexpr std::uint32_t kBlock = 16;  // scores: two cache lines

  struct Summary {
    // Of a leaf group. An item that was listed keeps its slot while it stands in the group.
    std::vector<RiskScore> scores;
    std::vector<key::ItemIndex> items;  // by slot
    std::vector<std::uint32_t> free;    // slots
    std::vector<RiskScore> block_best;  // by slot / kBlock; valid where not stale
    std::vector<std::uint8_t> block_stale;
    std::vector<NodeIndex> children;  // nodes, or the leaf groups of a global brand
    RiskScore best = kNotListed;
    bool stale = false;
    bool linked = false;
  };

  // kNoSlab: it was never listed where it stands.
  std::uint32_t SlotOf(key::ItemIndex item) const;
  void KeepSlot(key::ItemIndex item, std::uint32_t slot);
  std::uint32_t TakeSlot(Summary& group, key::ItemIndex item);
  void Write(NodeIndex group, std::uint32_t slot, RiskScore score);
  void Link(NodeIndex node);
  void MarkStale(NodeIndex node);
  RiskScore Refresh(NodeIndex node);

  Ledger& ledger_;
  const RollUps& rollups_;
  Slots slots_;
  std::vector<std::uint32_t> own_slots_;  // by ItemIndex, as far as any has one
  std::vector<Summary> nodes_;            // by NodeIndex
};

}  // namespace stockwatch::stock
