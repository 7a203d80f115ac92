#pragma once

#include "flow/demand_flow.h"
#include "flow/drift_flow.h"
#include "flow/state.h"

namespace stockwatch::flow {

// The way of one change of one item: ledger → roll-ups → thresholds → conditions → episodes →
// outbox.
class ItemFlow {
 public:
  explicit ItemFlow(State& state) : state_(state), demand_(state), drift_(state) {}

  // A new item, unopened, under the path "(none)". REQUIRES: the key is unknown
  key::ItemIndex Make(const event::ItemKey& key, std::uint8_t source);

  // Whether the row is a change of the item that its alerts count, or the trace of one of another
  // item.
  enum class Counts : std::uint8_t { kYes, kNo };
  // `image`: the document that the row states, nullptr for movements and deletes.
  stock::Applied Apply(key::ItemIndex item, stock::HistoryRow& row,
                       const event::InventoryImage* image, Counts counts = Counts::kYes);
  void NotePrice(key::ItemIndex item, const event::Transaction& transaction,
                 base::Position position);

  // Takes the thresholds that are in force now; to be judged by them is the next step.
  void TakeThresholds(key::ItemIndex item);
  // Those of its conditions that hold as it stands.
  alert::ConditionMask HoldsNow(key::ItemIndex item) const;
  // Judges the item as it stands, though nothing of its stock changed.
  void JudgeAgain(key::ItemIndex item, const alert::Moment& moment);

  // After a restart, when ledger, path and rules are as they were: the item's thresholds, and what
  // it adds to its nodes.
  void Restore(key::ItemIndex item);
  // Those of its documents' checks, of its retirement and of its spike.
  void RestoreTimers(key::ItemIndex item);

  // A day has begun: the item is judged by what it teaches now.
  void TurnDay(key::ItemIndex item, const alert::Moment& moment);
  // An hour has begun, and units left the 24 hours that a spike is seen in.
  void OnHourTimer(const Timer& timer);
  void OnHoldTimer(const Timer& timer);
  void OnDriftTimer(const Timer& timer);
  void OnCloseTimer(const Timer& timer);
  // The history of a retired item has run out.
  void OnRetirementTimer(const Timer& timer);

 private:
  // What an item adds to the roll-ups, and where.
  struct Standing {
    stock::NodeIndex group = 0;
    stock::Contribution contribution;
  };
  Standing StandingOf(const stock::Item& item) const;
  Standing Restand(key::ItemIndex item, const Standing& before);
  void LeaveRanks(key::ItemIndex item, stock::NodeIndex group);
  void Describe(key::ItemIndex item, const event::InventoryImage& image);
  void Resolve(key::ItemIndex item);
  void Judge(key::ItemIndex item, const alert::Moment& moment, alert::ConditionMask types);
  void JudgeConditions(key::ItemIndex item, const alert::Moment& moment,
                       alert::ConditionMask types);
  void Renew(key::ItemIndex item);
  void AddRetirementTimer(key::ItemIndex item, base::Position deleted_at);
  void AppendHistory(key::ItemIndex item, const stock::HistoryRow& row);
  void AddHourTimer(key::ItemIndex item);
  alert::Finding FindingOf(const alert::ItemMoment& item, const alert::Verdict& verdict,
                           event::ConditionType type) const;

  State& state_;
  DemandFlow demand_;
  DriftFlow drift_;
  alert::Outcome outcome_;
  bool sold_ = false;   // the change being judged is a sale
  std::string record_;  // scratch of AppendHistory
};

}  // namespace stockwatch::flow
