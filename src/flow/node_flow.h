#pragma once

#include <vector>

#include "flow/state.h"

namespace stockwatch::flow {

// Conditions of category nodes, judged when all changes of a second are in.
class NodeFlow {
 public:
  explicit NodeFlow(State& state) : state_(state) {}

  // All changes and timers up to `second` are in. `rules_epoch`: ThresholdFlow::epoch.
  void FinishSecond(base::Instant second, std::uint64_t rules_epoch);
  // Those of the node's conditions that hold as it stands.
  alert::ConditionMask HoldsNow(stock::NodeIndex node) {
    return alert::JudgeCategory(state_.rollups.at(node).totals, ThresholdsOf(node)).holds;
  }
  void OnHoldTimer(const Timer& timer);
  // After a restart: which nodes have alerts or holds is found out at the next judgement.
  void WatchAll() { watching_ = true; }

 private:
  void Judge(stock::NodeIndex node, const alert::Moment& moment);
  alert::Finding FindingOf(stock::NodeIndex node, event::ConditionType type);
  const threshold::Resolved& ThresholdsOf(stock::NodeIndex node);

  State& state_;
  alert::Outcome outcome_;
  std::uint64_t judged_epoch_ = 0;
  bool watching_ = false;  // some node had an alert or a hold when it was last judged
  std::vector<std::optional<threshold::ResolvedId>> resolved_;  // by node, of the present epoch
};

}  // namespace stockwatch::flow
