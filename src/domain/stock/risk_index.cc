#include "domain/stock/risk_index.h"

#include <algorithm>
#include <queue>

namespace stockwatch::stock {
namespace {

constexpr NodeIndex kNoNode = 0xFFFFFFFF;

// Items that are out share a score by the thousands: most of them are compared once.
void KeepFirst(std::vector<AtRisk>& found, std::size_t count, const key::ItemDirectory& directory) {
  const auto kept = static_cast<std::ptrdiff_t>(std::min(count, found.size()));
  std::partial_sort(found.begin(), found.begin() + kept, found.end(),
                    [&](const AtRisk& a, const AtRisk& b) {
                      if (a.score != b.score) return a.score < b.score;
                      return directory.Key(a.item) < directory.Key(b.item);
                    });
  found.resize(static_cast<std::size_t>(kept));
}

}  // namespace

std::optional<RiskScore> RiskOf(base::Quantity available, std::optional<base::Quantity> low) {
  const base::Quantity none;
  if (available <= none) return available.thousandths() / 1000;
  if (!low || *low <= none) return std::nullopt;
  // More than 64 bits hold is thousands of times the largest legal `low`.
  std::int64_t scaled = 0;
  if (__builtin_mul_overflow(available.thousandths(), 1000, &scaled)) return std::nullopt;
  const RiskScore score = scaled / low->thousandths();
  if (score > kRiskScoreMax) return std::nullopt;
  return std::max<RiskScore>(score, 1);
}

void RiskIndex::Set(key::ItemIndex item, NodeIndex group, std::optional<RiskScore> score) {
  std::uint32_t slot = SlotOf(item);
  if (slot == kNoSlab) {
    if (!score) return;
    Link(group);
    slot = TakeSlot(nodes_[group], item);
    KeepSlot(item, slot);
  }
  Write(group, slot, score.value_or(kNotListed));
}

void RiskIndex::Remove(key::ItemIndex item, NodeIndex group) {
  const std::uint32_t slot = SlotOf(item);
  if (slot == kNoSlab) return;
  Write(group, slot, kNotListed);
  nodes_[group].free.push_back(slot);
  KeepSlot(item, kNoSlab);
}

std::uint32_t RiskIndex::SlotOf(key::ItemIndex item) const {
  if (slots_ == Slots::kInItem) return ledger_.at(item).risk_slot;
  return item < own_slots_.size() ? own_slots_[item] : kNoSlab;
}

void RiskIndex::KeepSlot(key::ItemIndex item, std::uint32_t slot) {
  if (slots_ == Slots::kInItem) {
    ledger_.at(item).risk_slot = slot;
    return;
  }
  if (item >= own_slots_.size()) own_slots_.resize(item + std::size_t{1}, kNoSlab);
  own_slots_[item] = slot;
}

std::uint32_t RiskIndex::TakeSlot(Summary& group, key::ItemIndex item) {
  if (!group.free.empty()) {
    const std::uint32_t slot = group.free.back();
    group.free.pop_back();
    group.items[slot] = item;
    return slot;
  }
  const auto slot = static_cast<std::uint32_t>(group.scores.size());
  group.scores.push_back(kNotListed);
  group.items.push_back(item);
  if (slot % kBlock == 0) {
    group.block_best.push_back(kNotListed);
    group.block_stale.push_back(0);
  }
  return slot;
}

void RiskIndex::Write(NodeIndex node, std::uint32_t slot, RiskScore score) {
  Summary& group = nodes_[node];
  if (group.scores[slot] == score) return;
  group.scores[slot] = score;
  group.block_stale[slot / kBlock] = 1;
  if (!group.stale) MarkStale(node);
}

// Makes the node's ancestors in both trees know it.
void RiskIndex::Link(NodeIndex node) {
  if (nodes_.size() < rollups_.size()) nodes_.resize(rollups_.size());
  if (nodes_[node].linked) return;
  nodes_[node].linked = true;
  const Node& place = rollups_.at(node);
  for (const NodeIndex above : {place.parent, place.twin}) {
    if (above == kNoNode) continue;
    nodes_[above].children.push_back(node);
    Link(above);
  }
}

void RiskIndex::MarkStale(NodeIndex node) {
  if (nodes_[node].stale) return;
  nodes_[node].stale = true;
  const Node& place = rollups_.at(node);
  if (place.parent != kNoNode) MarkStale(place.parent);
  if (place.twin != kNoNode) MarkStale(place.twin);
}

RiskScore RiskIndex::Refresh(NodeIndex node) {
  Summary& summary = nodes_[node];
  if (!summary.stale) return summary.best;
  summary.best = kNotListed;
  for (std::size_t block = 0; block < summary.block_best.size(); ++block) {
    if (summary.block_stale[block] != 0) {
      const auto first = summary.scores.begin() + static_cast<std::ptrdiff_t>(block * kBlock);
      const auto length = std::min<std::ptrdiff_t>(kBlock, summary.scores.end() - first);
      summary.block_best[block] = *std::min_element(first, first + length);
      summary.block_stale[block] = 0;
    }
    summary.best = std::min(summary.best, summary.block_best[block]);
  }
  for (const NodeIndex child : summary.children) {
    summary.best = std::min(summary.best, Refresh(child));
  }
  summary.stale = false;
  return summary.best;
}

std::vector<AtRisk> RiskIndex::Top(NodeIndex node, std::size_t count,
                                   const key::ItemDirectory& directory,
                                   const std::optional<Place>& behind) {
  if (count == 0) return {};
  if (nodes_.size() < rollups_.size()) nodes_.resize(rollups_.size());
  // A node, a block of a leaf group, or one slot of it: each is opened when it is the best left.
  struct Candidate {
    RiskScore score;
    NodeIndex node;
    std::uint32_t block;  // kNoSlab: the node itself
    std::uint32_t slot;   // kNoSlab: the block itself
  };
  const auto worse = [](const Candidate& a, const Candidate& b) { return a.score > b.score; };
  std::priority_queue<Candidate, std::vector<Candidate>, decltype(worse)> queue(worse);
  std::vector<AtRisk> found;
  // Once there are enough, only those that share the last one's score are still wanted. A node or
  // block whose best stands before the place may have what stands behind it.
  const RiskScore least = behind ? behind->score : std::numeric_limits<RiskScore>::min();
  const auto push = [&](Candidate candidate) {
    const RiskScore most = found.size() < count ? kNotListed - 1 : found.back().score;
    candidate.score = std::max(candidate.score, least);
    if (candidate.score <= most) queue.push(candidate);
  };
  const auto take = [&](key::ItemIndex item, RiskScore score) {
    if (behind && score == least && directory.Key(item) <= behind->key) return;
    found.push_back({item, score});
  };
  push({Refresh(node), node, kNoSlab, kNoSlab});
  // Equal scores are all taken before they are cut to `count`: their order is that of the keys.
  while (!queue.empty() && (found.size() < count || queue.top().score == found.back().score)) {
    const Candidate best = queue.top();
    queue.pop();
    const Summary& summary = nodes_[best.node];
    if (best.slot != kNoSlab) {
      take(summary.items[best.slot], best.score);
    } else if (best.block != kNoSlab) {
      const std::size_t end =
          std::min<std::size_t>(summary.scores.size(), std::size_t{best.block} * kBlock + kBlock);
      for (auto slot = best.block * kBlock; slot < end; ++slot) {
        const RiskScore score = summary.scores[slot];
        if (score == best.score) take(summary.items[slot], score);
        if (score > best.score) push({score, best.node, best.block, slot});
      }
    } else {
      for (std::uint32_t block = 0; block < summary.block_best.size(); ++block) {
        push({summary.block_best[block], best.node, block, kNoSlab});
      }
      for (const NodeIndex child : summary.children) {
        push({nodes_[child].best, child, kNoSlab, kNoSlab});
      }
    }
  }
  KeepFirst(found, count, directory);
  return found;
}

}  // namespace stockwatch::stock
