#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/instant.h"

namespace stockwatch::shop {

// What is going to happen, in the order of time; at one instant, in the order in which it was
// noted.
class Agenda {
 public:
  using Task = std::function<void(base::Instant now)>;

  void At(base::Instant at, Task task) { entries_.push({at, ++noted_, std::move(task)}); }

  // Runs the next task if it is due before `end`; it may note others, none before its own instant.
  // False if there is none.
  bool RunNext(base::Instant end) {
    if (entries_.empty() || entries_.top().at >= end) return false;
    const Entry entry = entries_.top();
    entries_.pop();
    entry.task(entry.at);
    return true;
  }

 private:
  struct Entry {
    base::Instant at;
    std::uint64_t number;
    Task task;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return std::pair(a.at, a.number) > std::pair(b.at, b.number);
    }
  };

  std::priority_queue<Entry, std::vector<Entry>, Later> entries_;
  std::uint64_t noted_ = 0;
};

}  // namespace stockwatch::shop
