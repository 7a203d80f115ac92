#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "domain/stock/item_record.h"
#include "flow/command_flow.h"
#include "flow/item_flow.h"
#include "flow/state.h"
#include "flow/threshold_flow.h"
#include "flow/token_ordinals.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// Builds the state from what a store keeps: afterwards it goes on as if it had never stopped.
// Timers are not stored: each follows from a hold, a resolved alert, a document's check, a retired
// item or a rule's interval.
class Restorer {
 public:
  // REQUIRES: all of them are new
  Restorer(State& state, ItemFlow& items, ThresholdFlow& thresholds, CommandFlow& commands,
           TokenOrdinals& ordinals)
      : state_(state),
        items_(items),
        thresholds_(thresholds),
        commands_(commands),
        ordinals_(ordinals) {}

  // kDataLoss, kFailedPrecondition as the records' codecs; any error of the store. A state that
  // could not be built is of no use.
  base::Status Run(ports::StateStore& store);

 private:
  base::Status TakeItems(ports::StateStore& store);
  base::Status TakeEngine(std::string_view record);
  base::Status TakeName(std::string_view key, std::string_view record);
  stock::NodeIndex GroupOf(key::NameId warehouse, const stock::ItemNameRecord& name);
  base::Status TakeItem(std::string_view key, std::string_view record);
  base::Status TakeDemand(std::string_view key, std::string_view record);
  base::Status BuildRings();
  base::Status TakeEpisode(std::string_view record);
  base::Status TakeNode(std::string_view key, std::string_view record);
  base::Result<stock::NodeIndex> NodeOf(std::string_view text);
  base::Status TakeDeparted(std::string_view key, std::string_view record);
  base::Status TakeWatches();
  void AddTimers();

  State& state_;
  ItemFlow& items_;
  ThresholdFlow& thresholds_;
  CommandFlow& commands_;
  TokenOrdinals& ordinals_;
  std::unordered_map<std::string, stock::NodeIndex> groups_;  // by path
  std::string path_;                                          // scratch of GroupOf
  // Records of demand_item_, until another one's come.
  std::optional<std::string> demand_days_;
  std::optional<std::string> demand_hours_;
  bool lists_closed_ = true;  // family kClosedAlert is there
  key::ItemIndex demand_item_ = key::kNoItem;
  // Until the episodes are there: what alerts keep of each item and node.
  std::vector<std::pair<alert::Subject, std::string>> watches_;
};

}  // namespace stockwatch::flow
