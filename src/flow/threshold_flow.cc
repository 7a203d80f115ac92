#include "flow/threshold_flow.h"

#include <algorithm>
#include <array>
#include <set>

#include "flow/rule_json.h"

namespace stockwatch::flow {
namespace {

using threshold::RuleEdit;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

}  // namespace

void ThresholdFlow::TakeSettings(const std::vector<event::Rule>& rules) {
  std::vector<event::RuleScope> scopes;
  std::set<std::string_view> given;
  base::Position place;
  for (const event::Rule& rule : rules) {
    given.insert(rule.id);
    const auto known = of_settings_.find(rule.id);
    if (known != of_settings_.end() && known->second == rule) continue;
    scopes.push_back(rule.scope);
    const auto* before = state_.rules.Latest(rule.id);
    if (before != nullptr) scopes.push_back(before->rule.scope);
    Audit(before == nullptr ? nullptr : &before->rule, &rule);
    place = NextPlace();
    (void)state_.rules.Put(rule, place);
    Keep(RuleEdit::Origin::kSettings, rule, place);
  }
  std::vector<std::string> ended;
  for (const auto& [id, rule] : of_settings_) {
    if (!given.contains(id)) ended.push_back(id);
  }
  for (const std::string& id : ended) {
    if (const auto* before = state_.rules.Latest(id)) {
      scopes.push_back(before->rule.scope);
      Audit(&before->rule, nullptr);
    }
    place = NextPlace();
    (void)state_.rules.Remove(id, place);
    KeepRemoval(RuleEdit::Origin::kSettings, id, place);
  }
  if (!scopes.empty()) Sweep(scopes, {state_.now(), alert::Place::OfChange(place), false});
}

// Behind the last change applied; those of one place follow one another.
base::Position ThresholdFlow::NextPlace() {
  base::Position place = state_.last_applied;
  constexpr std::uint32_t kBehindChanges = 0x80000000;  // no transaction has that many
  if (place != base::Position()) place.ordinal = kBehindChanges;
  place.ordinal += state_.rule_edits;
  return place;
}

// `before`: the rule as it was, `after`: as it is; nullptr: there is none.
void ThresholdFlow::Audit(const event::Rule* before, const event::Rule* after) {
  const event::Rule& rule = after == nullptr ? *before : *after;
  state_.audit.Append(state_.engine_time,
                      {"settings", "settings file", after == nullptr ? std::string() : rule.reason},
                      after == nullptr ? "rule.remove" : "rule.put", rule.id,
                      before == nullptr ? std::string() : RuleJson(*before),
                      after == nullptr ? std::string() : RuleJson(*after));
}

void ThresholdFlow::Keep(RuleEdit::Origin origin, const event::Rule& rule, base::Position place) {
  RuleEdit edit;
  edit.origin = origin;
  edit.version.rule = rule;
  edit.version.place = place;
  std::string record;
  threshold::EncodeRuleEdit(edit, record);
  state_.batch.Put(ports::Family::kRule, NumberKey(state_.rule_edits++), record);
  Note(edit);
}

void ThresholdFlow::KeepRemoval(RuleEdit::Origin origin, std::string_view rule_id,
                                base::Position place) {
  RuleEdit edit;
  edit.origin = origin;
  edit.removal = true;
  edit.version.rule.id = rule_id;
  edit.version.place = place;
  std::string record;
  threshold::EncodeRuleEdit(edit, record);
  state_.batch.Put(ports::Family::kRule, NumberKey(state_.rule_edits++), record);
  Note(edit);
}

void ThresholdFlow::Note(const RuleEdit& edit) {
  if (edit.origin != RuleEdit::Origin::kSettings) return;
  const event::Rule& rule = edit.version.rule;
  if (edit.removal) {
    of_settings_.erase(rule.id);
  } else {
    of_settings_.insert_or_assign(rule.id, rule);
  }
}

base::Status ThresholdFlow::Restore(std::string_view record) {
  SW_TRY(const RuleEdit edit, threshold::DecodeRuleEdit(record));
  if (edit.removal) {
    (void)state_.rules.Remove(edit.version.rule.id, edit.version.place);
  } else {
    (void)state_.rules.Put(edit.version.rule, edit.version.place);
  }
  Note(edit);
  ++epoch_;
  return {};
}

threshold::Accepted ThresholdFlow::Put(const event::Rule& rule, base::Position place) {
  std::vector<event::RuleScope> scopes{rule.scope};
  if (const auto* before = state_.rules.Latest(rule.id)) scopes.push_back(before->rule.scope);
  const threshold::Accepted accepted = state_.rules.Put(rule, place);
  if (accepted != threshold::Accepted::kDuplicate) Keep(RuleEdit::Origin::kStream, rule, place);
  if (accepted == threshold::Accepted::kInForce) {
    Sweep(scopes, {state_.now(), alert::Place::OfChange(place), false});
  }
  return accepted;
}

threshold::Accepted ThresholdFlow::Remove(std::string_view rule_id, base::Position place) {
  std::vector<event::RuleScope> scopes;
  if (const auto* before = state_.rules.Latest(rule_id)) scopes.push_back(before->rule.scope);
  const threshold::Accepted accepted = state_.rules.Remove(rule_id, place);
  if (accepted != threshold::Accepted::kDuplicate) {
    KeepRemoval(RuleEdit::Origin::kStream, rule_id, place);
  }
  if (accepted == threshold::Accepted::kInForce) {
    Sweep(scopes, {state_.now(), alert::Place::OfChange(place), false});
  }
  return accepted;
}

void ThresholdFlow::RemoveUnseen(base::Position since) {
  std::vector<std::string> unseen;
  for (threshold::VersionIndex i = 0; i < state_.rules.versions(); ++i) {
    const threshold::RuleVersion& version = state_.rules.Version(i);
    const bool in_force = state_.rules.Latest(version.rule.id) == &version;
    if (in_force && version.place < since && !of_settings_.contains(version.rule.id)) {
      unseen.push_back(version.rule.id);
    }
  }
  for (const std::string& id : unseen) (void)Remove(id, since);
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
    const threshold::Subject subject = NamesOf(state_, alert::Subject::OfItem(item));
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
    if (state_.ledger.at(item).group == stock::kNoSlab) continue;  // a number that is free
    items_.TurnDay(item, moment);
  }
  ScheduleTimers();
}

void ThresholdFlow::ScheduleTimers() {
  if (!state_.source_time) return;
  if (const auto next = state_.rules.NextTurn(state_.now())) {
    state_.timers.Add({*next, alert::TimerKind::kRuleInterval, "rules", {}, {}, {}});
  }
  using threshold::Field;
  const std::array by_day{Field::kStaleDays, Field::kDaysOfCover, Field::kMode,
                          Field::kVelocitySpikeRatio, Field::kFreeze};
  if (std::any_of(by_day.begin(), by_day.end(),
                  [&](Field field) { return state_.rules.AnyGives(field); })) {
    const std::int64_t day = state_.now().micros() / kMicrosPerDay + 1;
    state_.timers.Add(
        {base::Instant::Micros(day * kMicrosPerDay), alert::TimerKind::kDay, "day", {}, {}, {}});
  }
}

}  // namespace stockwatch::flow
