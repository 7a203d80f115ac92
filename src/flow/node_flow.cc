#include "flow/node_flow.h"

#include "flow/publish.h"

namespace stockwatch::flow {

using event::ConditionType;

void NodeFlow::FinishSecond(base::Instant second, std::uint64_t rules_epoch) {
  const bool rules_changed = rules_epoch != judged_epoch_;
  judged_epoch_ = rules_epoch;
  const bool judged = state_.rules.AnyGives(threshold::Field::kLowShare);
  if (!judged && !watching_) return;
  state_.rollups.Propagate();
  std::vector<stock::NodeIndex> nodes = state_.rollups.TakeChangedCategories();
  if (rules_changed) {
    resolved_.clear();
    nodes = state_.rollups.Categories();
  }
  watching_ = judged;
  for (const stock::NodeIndex node : nodes) {
    const bool by_change = state_.rollups.at(node).applied_seconds == second.micros() / 1'000'000;
    Judge(node, {second, alert::Place::OfSecond(second), by_change});
    // A restart behind the end of the input finishes the same second again.
    if (by_change) state_.rollups.ForgetApplied(node);
  }
}

void NodeFlow::OnHoldTimer(const Timer& timer) {
  state_.rollups.Propagate();
  state_.episodes.OnHoldTimer(timer.subject, timer.type, FindingOf(timer.subject.index, timer.type),
                              {timer.due, alert::Place::OfTimer(timer.due, timer.kind), false},
                              outcome_);
  Publish(state_, outcome_);
}

void NodeFlow::Judge(stock::NodeIndex node, const alert::Moment& moment) {
  const alert::Subject subject = alert::Subject::OfNode(node);
  for (const ConditionType type : {ConditionType::kCategoryLow, ConditionType::kCategoryOut}) {
    state_.episodes.Judge(subject, type, FindingOf(node, type), moment, outcome_);
    watching_ |= state_.episodes.Active(subject, type).has_value();
  }
  if (!outcome_.transitions.empty()) {
    state_.episodes.FinishSubject(subject, moment.now, outcome_);
  }
  Publish(state_, outcome_);
}

alert::Finding NodeFlow::FindingOf(stock::NodeIndex node, ConditionType type) {
  const stock::Totals& totals = state_.rollups.at(node).totals;
  const threshold::Resolved& thresholds = ThresholdsOf(node);
  const alert::Verdict verdict = alert::JudgeCategory(totals, thresholds);
  alert::Finding finding;
  finding.holds = (verdict.holds & alert::Bit(type)) != 0;
  finding.clears = (verdict.clears & alert::Bit(type)) != 0;
  finding.off = (verdict.off & alert::Bit(type)) != 0 || totals.items == 0;
  finding.off_cause = totals.items == 0 ? alert::Cause::kEmpty : alert::Cause::kRule;
  finding.compared = alert::CompareCategory(totals, thresholds, type);
  finding.severity = thresholds.severity[event::Index(type)];
  finding.hold_for = thresholds.hold_for;
  finding.origin = thresholds.origin[threshold::Index(threshold::Field::kLowShare)];
  return finding;
}

const threshold::Resolved& NodeFlow::ThresholdsOf(stock::NodeIndex node) {
  if (node >= resolved_.size()) resolved_.resize(state_.rollups.size());
  if (!resolved_[node]) {
    resolved_[node] =
        state_.rules.Resolve(NamesOf(state_, alert::Subject::OfNode(node)), state_.now());
  }
  return state_.rules.at(*resolved_[node]);
}

}  // namespace stockwatch::flow
