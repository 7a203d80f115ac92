#pragma once

#include "flow/state.h"

namespace stockwatch::flow {

// Documents against the (shadow) ledger: each waits for its grace and agrees before it, or opens a
// drift alert behind it.
class DriftFlow {
 public:
  explicit DriftFlow(State& state) : state_(state) {}

  // The row was applied to the item. What it led to is added to `outcome`.
  void Watch(key::ItemIndex item, const stock::HistoryRow& row, const alert::Moment& moment,
             alert::Outcome& outcome);
  // The grace of a document is over.
  void OnTimer(const Timer& timer, alert::Outcome& outcome);
  // After a restart: the item's documents wait on.
  void RestoreTimers(key::ItemIndex item);

 private:
  void AddTimer(key::ItemIndex item, base::Position document, base::Instant due);
  base::Quantity ToleranceOf(key::ItemIndex item) const;
  void JudgeDocument(key::ItemIndex item, base::Position document, const alert::Moment& moment,
                     bool grace_over, alert::Outcome& outcome);
  void CheckWaiting(key::ItemIndex item, const alert::Moment& moment, alert::Outcome& outcome);
  void Resolve(key::ItemIndex item, const alert::Moment& moment, alert::Outcome& outcome);
  void Judge(key::ItemIndex item, const alert::Finding& finding, const alert::Moment& moment,
             alert::Outcome& outcome);

  State& state_;
};

}  // namespace stockwatch::flow
