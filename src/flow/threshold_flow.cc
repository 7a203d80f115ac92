#include "flow/threshold_flow.h"

#include <algorithm>

namespace stockwatch::flow {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

}  // namespace

void ThresholdFlow::Start() {
  std::uint32_t ordinal = 0;
  for (const event::Rule& rule : state_.options.rules) {
    (void)state_.rules.Put(rule, base::Position{0, 0, 0, ordinal++});
  }
  ++epoch_;
}

threshold::Accepted ThresholdFlow::Put(const event::Rule& rule, base::Position place) {
  std::vector<event::RuleScope> scopes{rule.scope};
  if (const auto* before = state_.rules.Latest(rule.id)) scopes.push_back(before->rule.scope);
  const threshold::Accepted accepted = state_.rules.Put(rule, place);
  if (accepted == threshold::Accepted::kInForce) {
    Sweep(scopes, {state_.now(), alert::Place::OfChange(place), false});
  }
  return accepted;
}

threshold::Accepted ThresholdFlow::Remove(std::string_view rule_id, base::Position place) {
  std::vector<event::RuleScope> scopes;
  if (const auto* before = state_.rules.Latest(rule_id)) scopes.push_back(before->rule.scope);
  const threshold::Accepted accepted = state_.rules.Remove(rule_id, place);
  if (accepted == threshold::Accepted::kInForce) {
    Sweep(scopes, {state_.now(), alert::Place::OfChange(place), false});
  }
  return accepted;
}

void ThresholdFlow::OnIntervalTimer(const Timer& timer) {
  std::vector<event::RuleScope> scopes;
  for (const auto* version : state_.rules.RulesThatTurn(timer.due)) {
    scopes.push_back(version->rule.scope);
  }
  Sweep(scopes, {timer.due, alert::Place::OfTimer(timer.due, timer.kind), false});
}

void ThresholdFlow::Sweep(const std::vector<event::RuleScope>& scopes,
                          const alert::Moment& moment) {
  // The turn of a version that was replaced since turns nothing.
  if (scopes.empty()) return ScheduleTimers();
  ++epoch_;
  for (key::ItemIndex item = 0; item < state_.ledger.size(); ++item) {
    if (state_.ledger.at(item).group == stock::kNoSlab) continue;  // a number that is free
    const threshold::Subject subject = items_.SubjectOf(item);
    const bool covered = std::any_of(
        scopes.begin(), scopes.end(),
        [&](const event::RuleScope& scope) { return threshold::Matches(scope, subject); });
    if (covered) items_.TakeThresholds(item);
    items_.JudgeAgain(item, moment);
  }
  ScheduleTimers();
}

void ThresholdFlow::OnDayTimer(const Timer& timer) {
  const alert::Moment moment{timer.due, alert::Place::OfTimer(timer.due, timer.kind), false};
  for (key::ItemIndex item = 0; item < state_.ledger.size(); ++item) {
    const stock::Item& candidate = state_.ledger.at(item);
    if (candidate.life != stock::Life::kOpened) continue;
    if (state_.rules.at(candidate.thresholds).stale_days) items_.JudgeAgain(item, moment);
  }
  ScheduleTimers();
}

void ThresholdFlow::ScheduleTimers() {
  if (!state_.source_time) return;
  if (const auto next = state_.rules.NextTurn(state_.now())) {
    state_.timers.Add({*next, alert::TimerKind::kRuleInterval, "rules", {}, {}, 0, {}});
  }
  if (state_.rules.AnyGives(threshold::Field::kStaleDays)) {
    const std::int64_t day = state_.now().micros() / kMicrosPerDay + 1;
    state_.timers.Add({base::Instant::Micros(day * kMicrosPerDay),
                       alert::TimerKind::kDay,
                       "stale",
                       {},
                       {},
                       0,
                       {}});
  }
}

}  // namespace stockwatch::flow
