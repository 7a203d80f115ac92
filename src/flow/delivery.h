#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "ports/notifier.h"

namespace stockwatch::flow {

// Drains what was committed to the outbox, in its order. Stepped: a row that cannot go now waits
// for the next step, and those behind it with it.
class Delivery {
 public:
  explicit Delivery(ports::Notifier& notifier) : notifier_(notifier) {}

  void Add(const std::vector<outbox::Row>& rows) {
    waiting_.insert(waiting_.end(), rows.begin(), rows.end());
  }

  struct Counts {
    std::uint64_t delivered = 0;
    std::uint64_t refused = 0;  // the receiver will never take it
  };
  // Sends what waits until the notifier is not available.
  void Step();

  // Keys of rows that ended since the last call: delivered or refused.
  std::vector<std::string> TakeFinished() { return std::exchange(finished_, {}); }

  const Counts& counts() const { return counts_; }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  ports::Notifier& notifier_;
  std::deque<outbox::Row> waiting_;
  std::vector<std::string> finished_;
  Counts counts_;
};

}  // namespace stockwatch::flow
