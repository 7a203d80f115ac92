#pragma once

#include <string>
#include <vector>

#include "domain/stock/history_row.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// An item's history: what the store has, and what the batch under way adds to it. A store that
// fails leaves the item without rows: what follows from that must not be committed, so whoever
// commits asks for status() first.
class StoreHistory : public stock::History {
 public:
  StoreHistory(ports::StateStore& store, const ports::Batch& batch)
      : store_(store), batch_(batch) {}

  void Read(key::ItemIndex item, std::vector<stock::HistoryRow>& out) override;

  // The first error of the store; it stays.
  const base::Status& status() const { return status_; }

 private:
  base::Status Decode(std::vector<stock::HistoryRow>& out) const;

  ports::StateStore& store_;
  const ports::Batch& batch_;
  std::string bytes_;  // records of the last Read
  struct Place {
    base::Position position;
    std::size_t size = 0;
  };
  std::vector<Place> places_;  // of each of them
  base::Status status_;
};

}  // namespace stockwatch::flow
