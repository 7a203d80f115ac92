#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>

#include "domain/alert/episode_book.h"

namespace stockwatch::flow {

// Something due in source time. Timers fire in the order (due, kind, key); the key is text, so that
// the order is the same on every run.
struct Timer {
  base::Instant due;
  alert::TimerKind kind{};
  std::string key;
  // What it is about; which of these counts is decided by `kind`.
  alert::Subject subject;
  event::ConditionType type{};
  base::Position position;

  bool operator<(const Timer& other) const {
    if (due != other.due) return due < other.due;
    if (kind != other.kind) return kind < other.kind;
    return key < other.key;
  }
};

class TimerQueue {
 public:
  // A timer with the same due, kind and key is there once.
  void Add(Timer timer) { timers_.insert(std::move(timer)); }

  bool HasDue(base::Instant by) const { return !timers_.empty() && timers_.begin()->due <= by; }
  // REQUIRES: HasDue at some instant.
  Timer TakeFirst() { return std::move(timers_.extract(timers_.begin()).value()); }
  std::size_t size() const { return timers_.size(); }

 private:
  std::set<Timer> timers_;
};

}  // namespace stockwatch::flow
