#pragma once

#include <string>
#include <vector>

#include "domain/stock/history_row.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// An item's history: what the store has, and what the batch under way adds to it.
class StoreHistory : public stock::History {
 public:
  StoreHistory(ports::StateStore& store, const ports::Batch& batch)
      : store_(store), batch_(batch) {}

  void Read(key::ItemIndex item, std::vector<stock::HistoryRow>& out) override;

 private:
  ports::StateStore& store_;
  const ports::Batch& batch_;
  std::string bytes_;                 // records of the last Read
  std::vector<std::size_t> lengths_;  // of each of them
};

}  // namespace stockwatch::flow
