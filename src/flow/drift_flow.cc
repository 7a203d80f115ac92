#include "flow/drift_flow.h"

#include "domain/stock/drift.h"
#include "flow/publish.h"

namespace stockwatch::flow {
namespace {

using alert::Moment;
using alert::Outcome;
using event::ConditionType;

}  // namespace

base::Quantity DriftFlow::ToleranceOf(key::ItemIndex index) const {
  const stock::Item& item = state_.ledger.at(index);
  return state_.rules.at(item.thresholds)
      .drift_tolerance.value_or(state_.RulesOf(index).drift_tolerance);
}

void DriftFlow::Watch(key::ItemIndex index, const stock::HistoryRow& row, const Moment& moment,
                      Outcome& outcome) {
  const stock::WarehouseRules& rules = state_.RulesOf(index);
  stock::Item& item = state_.ledger.at(index);
  const auto open_before =
      state_.episodes.Active(alert::Subject::OfItem(index), ConditionType::kDrift);
  const bool noted = stock::NoteDriftCheck(state_.ledger, item, row, rules);
  const stock::Book* book = state_.ledger.FindBook(item);
  const bool late = row.position < item.top;
  if (late) {
    CheckWaiting(index, moment, outcome);
  } else if (book != nullptr && !book->checks.empty()) {
    for (std::size_t agreed = stock::TakeAgreeing(state_.ledger, item, ToleranceOf(index)).size();
         agreed > 0; --agreed) {
      Resolve(index, moment, outcome);
    }
  }
  if (row.kind == stock::RowKind::kCount) Resolve(index, moment, outcome);
  const base::Instant due = base::Instant::Seconds(row.position.seconds) + rules.drift_grace;
  const bool grace_over = due <= state_.now();
  // A change counts once, whatever its documents find.
  if (noted) {
    JudgeDocument(index, row.position, {moment.now, moment.place, moment.is_change && !open_before},
                  grace_over, outcome);
  }
  if (open_before && moment.is_change) state_.episodes.NoteChange(*open_before);
  if (!noted || grace_over) return;
  AddTimer(index, row.position, due);
}

void DriftFlow::AddTimer(key::ItemIndex index, base::Position document, base::Instant due) {
  state_.timers.Add({due,
                     alert::TimerKind::kDrift,
                     SubjectKey(state_, alert::Subject::OfItem(index)) + SortableBytes(document),
                     alert::Subject::OfItem(index),
                     {},
                     document});
}

void DriftFlow::RestoreTimers(key::ItemIndex index) {
  const stock::Book* book = state_.ledger.FindBook(state_.ledger.at(index));
  if (book == nullptr) return;
  for (const stock::DriftCheck& check : book->checks) {
    const base::Instant due =
        base::Instant::Seconds(check.position.seconds) + state_.RulesOf(index).drift_grace;
    AddTimer(index, check.position, due);
  }
}

void DriftFlow::OnTimer(const Timer& timer, Outcome& outcome) {
  state_.ledger.Touch(timer.subject.index, stock::Ledger::kFigures);
  JudgeDocument(timer.subject.index, timer.position,
                {timer.due, alert::Place::OfTimer(timer.due, timer.kind), false}, true, outcome);
}

void DriftFlow::JudgeDocument(key::ItemIndex index, base::Position document, const Moment& moment,
                              bool grace_over, Outcome& outcome) {
  const base::Quantity tolerance = ToleranceOf(index);
  const stock::DriftVerdict verdict = stock::JudgeDrift(state_.ledger, index, document, tolerance,
                                                        state_.RulesOf(index), grace_over);
  if (verdict.answer == stock::DriftAnswer::kAgreed) Resolve(index, moment, outcome);
  if (verdict.answer != stock::DriftAnswer::kDisagreed) return;
  const threshold::Resolved& thresholds = state_.rules.at(state_.ledger.at(index).thresholds);
  alert::Finding finding;
  finding.holds = true;
  finding.compared =
      alert::Comparison{verdict.finding.difference.thousandths(), tolerance.thousandths()};
  finding.severity = thresholds.severity[event::Index(ConditionType::kDrift)];
  finding.origin = thresholds.origin[threshold::Index(threshold::Field::kDriftTolerance)];
  Judge(index, finding, moment, outcome);
  // The re-base may be what others waited for.
  CheckWaiting(index, moment, outcome);
}

// Compares each document that waits with the ledger as it stands now.
void DriftFlow::CheckWaiting(key::ItemIndex index, const Moment& moment, Outcome& outcome) {
  const stock::Book* book = state_.ledger.FindBook(state_.ledger.at(index));
  if (book == nullptr || book->checks.empty()) return;
  const base::Quantity tolerance = ToleranceOf(index);
  const std::vector<stock::DriftCheck> waiting = book->checks;
  for (const stock::DriftCheck& check : waiting) {
    const stock::DriftVerdict verdict = stock::JudgeDrift(state_.ledger, index, check.position,
                                                          tolerance, state_.RulesOf(index), false);
    if (verdict.answer == stock::DriftAnswer::kAgreed) Resolve(index, moment, outcome);
  }
}

// A document agreed, or somebody counted.
void DriftFlow::Resolve(key::ItemIndex index, const Moment& moment, Outcome& outcome) {
  const auto active = state_.episodes.Active(alert::Subject::OfItem(index), ConditionType::kDrift);
  if (!active) return;
  const alert::Episode& episode = state_.episodes.at(*active);
  alert::Finding finding;
  finding.clears = true;
  finding.compared = alert::Comparison{episode.now, episode.threshold};
  Judge(index, finding, moment, outcome);
}

void DriftFlow::Judge(key::ItemIndex index, const alert::Finding& finding, const Moment& moment,
                      Outcome& outcome) {
  const alert::Subject subject = alert::Subject::OfItem(index);
  state_.episodes.Judge(subject, ConditionType::kDrift, finding, moment, outcome);
  state_.episodes.FinishSubject(subject, moment.now, outcome);
}

}  // namespace stockwatch::flow
