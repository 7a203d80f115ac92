#include "domain/stock/risk_index.h"

#include <algorithm>
#include <queue>

namespace stockwatch::stock {
namespace {

constexpr NodeIndex kNoNode = 0xFFFFFFFF;

}  // namespace

std::optional<RiskScore> RiskOf(base::Quantity available, std::optional<base::Quantity> low) {
  const base::Quantity none;
  if (available <= none) return available.thousandths() / 1000;
  if (!low || *low <= none) return std::nullopt;
  const auto score =
      static_cast<RiskScore>(base::Int128{available.thousandths()} * 1000 / low->thousandths());
  if (score > kRiskScoreMax) return std::nullopt;
  return std::max<RiskScore>(score, 1);
}

void RiskIndex::Set(key::ItemIndex item, NodeIndex group, std::optional<RiskScore> score) {
  std::uint32_t& slot = ledger_.at(item).risk_slot;
  if (slot == kNoSlab && !score) return;
  Link(group);
  Summary& summary = nodes_[group];
  if (slot == kNoSlab) {
    summary.heap.push_back({item, *score});
    slot = static_cast<std::uint32_t>(summary.heap.size() - 1);
    SiftUp(summary, slot);
  } else if (!score) {
    TakeOut(summary, slot);
    slot = kNoSlab;
  } else {
    const RiskScore before = summary.heap[slot].score;
    if (before == *score) return;
    summary.heap[slot].score = *score;
    if (*score < before) {
      SiftUp(summary, slot);
    } else {
      SiftDown(summary, slot);
    }
  }
  MarkStale(group);
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
  summary.best = summary.heap.empty() ? kRiskScoreMax + 1 : summary.heap.front().score;
  for (const NodeIndex child : summary.children) {
    summary.best = std::min(summary.best, Refresh(child));
  }
  summary.stale = false;
  return summary.best;
}

std::vector<AtRisk> RiskIndex::Top(NodeIndex node, std::size_t count,
                                   const key::ItemDirectory& directory) {
  if (count == 0) return {};
  if (nodes_.size() < rollups_.size()) nodes_.resize(rollups_.size());
  // Either a node still to be opened, or a slot of a leaf group's heap.
  struct Candidate {
    RiskScore score;
    NodeIndex node;
    std::uint32_t slot;  // kNoSlab: the node itself
  };
  const auto worse = [](const Candidate& a, const Candidate& b) { return a.score > b.score; };
  std::priority_queue<Candidate, std::vector<Candidate>, decltype(worse)> queue(worse);
  queue.push({Refresh(node), node, kNoSlab});
  std::vector<AtRisk> found;
  // Equal scores are all taken before they are cut to `count`: their order is that of the keys.
  while (!queue.empty() && queue.top().score <= kRiskScoreMax &&
         (found.size() < count || queue.top().score == found.back().score)) {
    const Candidate best = queue.top();
    queue.pop();
    const Summary& summary = nodes_[best.node];
    const auto push_slot = [&](std::size_t slot) {
      if (slot >= summary.heap.size()) return;
      queue.push({summary.heap[slot].score, best.node, static_cast<std::uint32_t>(slot)});
    };
    if (best.slot != kNoSlab) {
      found.push_back(summary.heap[best.slot]);
      push_slot(2 * std::size_t{best.slot} + 1);
      push_slot(2 * std::size_t{best.slot} + 2);
      continue;
    }
    push_slot(0);
    for (const NodeIndex child : summary.children) queue.push({Refresh(child), child, kNoSlab});
  }
  std::stable_sort(found.begin(), found.end(), [&](const AtRisk& a, const AtRisk& b) {
    if (a.score != b.score) return a.score < b.score;
    return directory.Key(a.item) < directory.Key(b.item);
  });
  if (found.size() > count) found.resize(count);
  return found;
}

void RiskIndex::Place(Summary& group, std::size_t slot, AtRisk entry) {
  group.heap[slot] = entry;
  ledger_.at(entry.item).risk_slot = static_cast<std::uint32_t>(slot);
}

void RiskIndex::SiftUp(Summary& group, std::size_t slot) {
  const AtRisk entry = group.heap[slot];
  while (slot > 0 && group.heap[(slot - 1) / 2].score > entry.score) {
    Place(group, slot, group.heap[(slot - 1) / 2]);
    slot = (slot - 1) / 2;
  }
  Place(group, slot, entry);
}

void RiskIndex::SiftDown(Summary& group, std::size_t slot) {
  const AtRisk entry = group.heap[slot];
  while (2 * slot + 1 < group.heap.size()) {
    std::size_t child = 2 * slot + 1;
    if (child + 1 < group.heap.size() && group.heap[child + 1].score < group.heap[child].score) {
      ++child;
    }
    if (group.heap[child].score >= entry.score) break;
    Place(group, slot, group.heap[child]);
    slot = child;
  }
  Place(group, slot, entry);
}

void RiskIndex::TakeOut(Summary& group, std::size_t slot) {
  const AtRisk last = group.heap.back();
  group.heap.pop_back();
  if (slot == group.heap.size()) return;
  Place(group, slot, last);
  SiftUp(group, slot);
  SiftDown(group, ledger_.at(last.item).risk_slot);
}

}  // namespace stockwatch::stock
