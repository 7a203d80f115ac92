#pragma once

#include <cstdint>
#include <string>

#include "flow/state.h"

namespace stockwatch::flow {

// Bounds what a store keeps of histories: four times in the length of the history of source time it
// goes through the items, a few with each commit, and carries over what is older than the history
// where that is the greater part (stock::CarryOver). So an item's rows reach back twice the length
// of the history and a quarter, whatever it sells, and some sixty say what was before.
class HistorySweep {
 public:
  explicit HistorySweep(State& state) : state_(state) {}

  // REQUIRES: the batch is empty; what is carried over stands in it afterwards
  void AfterCommit();

  // One that holds more than this inside the history alone would make a batch too large: it is left
  // as it is.
  static constexpr std::size_t kRowsMax = 200'000;

 private:
  // How many rows it stored anew.
  std::size_t Carry(key::ItemIndex index);

  State& state_;
  std::int64_t period_ = -1;            // of the latest sweep; none began since the restart: -1
  key::ItemIndex next_ = key::kNoItem;  // of the sweep under way
  std::string record_;
};

}  // namespace stockwatch::flow
