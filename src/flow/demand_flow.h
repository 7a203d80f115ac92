#pragma once

#include "domain/stock/history_row.h"
#include "flow/state.h"

namespace stockwatch::flow {

// Feeds what is sold of an item into its rings, and says how its days ended. An item has rings from
// its first sale on, or once it was without stock at the end of a day and changes again, or a day
// of it was frozen: without rings every complete day since its opening ended with stock, and
// teaches.
class DemandFlow {
 public:
  explicit DemandFlow(State& state) : state_(state) {}

  // Before the ledger takes a change of the item: the days that passed since the last one ended
  // with the figures as they stand.
  void BeforeChange(key::ItemIndex item);
  // The row was applied and stands in the history. `in_order`: above every other one of the item.
  enum class Order : bool { kLate, kInOrder };
  void AfterChange(key::ItemIndex item, const stock::HistoryRow& row, Order order);
  // What is known of the item's demand is forgotten.
  void Forget(key::ItemIndex item);

  // Works out again what the item's thresholds need of its demand, where days or what else it
  // follows from changed.
  void Plan(key::ItemIndex item);
  // Thresholds, opening or document of the item are others.
  void ForgetPlan(key::ItemIndex item);
  // The day before the present one lay in an interval in which a rule froze the item.
  void FreezeYesterday(key::ItemIndex item, const threshold::Subject& subject);

 private:
  demand::Rings& RingsOf(key::ItemIndex item);
  bool IsLivingSale(key::ItemIndex item, const stock::HistoryRow& row);
  void TakeBackOrGive(key::ItemIndex item, const stock::HistoryRow& row);
  void ReadEndsAgain(key::ItemIndex item, const stock::HistoryRow& row);

  State& state_;
};

}  // namespace stockwatch::flow
