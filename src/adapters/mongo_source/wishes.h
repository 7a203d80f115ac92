#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "adapters/mongo_source/place.h"
#include "adapters/mongo_source/token.h"

namespace stockwatch::mongo_source {

// What somebody wants of a running reader; it looks between two round trips.
class Wishes {
 public:
  struct Taken {
    bool paused = false;
    std::optional<SnapshotPlace> snapshot;  // from its beginning
    std::optional<Start> seek;
    std::vector<std::string> again;  // ids of documents of the inventory
  };

  void Pause() {
    Set([](Taken& wished) { wished.paused = true; });
  }
  void GoOn() {
    Set([](Taken& wished) { wished.paused = false; });
  }
  void Seek(Start start) {
    Set([&](Taken& wished) { wished.seek = std::move(start); });
  }
  void Snapshot(SnapshotPlace place) {
    Set([&](Taken& wished) { wished.snapshot = std::move(place); });
  }

  void ReadAgain(std::string id) {
    Set([&](Taken& wished) { wished.again.push_back(std::move(id)); });
  }

  // What is wished now; all but the pause is told once.
  Taken Take() {
    const std::lock_guard lock(mutex_);
    Taken taken = wished_;
    wished_.seek.reset();
    wished_.snapshot.reset();
    wished_.again.clear();
    changed_ = false;
    return taken;
  }
  // Until something is wished, or so long.
  void Wait(std::chrono::microseconds longest, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, longest, [&] { return changed_; });
  }

 private:
  template <typename Change>
  void Set(Change change) {
    const std::lock_guard lock(mutex_);
    change(wished_);
    changed_ = true;
    wake_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  Taken wished_;
  bool changed_ = false;
};

}  // namespace stockwatch::mongo_source
