#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/oplog.h"
#include "adapters/mongo_source/progress.h"
#include "base/instant.h"

namespace stockwatch::mongo_source {

// Looks each interval how far the oplog reaches back behind the place, how late it is on the server
// and by how much its clock differs from ours: whatever the reader does meanwhile, and above all
// when it does nothing. One thread of its own.
class OplogWatch {
 public:
  // `local`: to the database of the oplog. `progress` outlives it.
  OplogWatch(Link local, Progress& progress, base::Duration interval);

  void Run(const std::stop_token& stop);

 private:
  void Look();
  bool LookAtServer();
  void LookAtOplog(std::chrono::steady_clock::time_point now);

  Link local_;
  Progress& progress_;
  const std::chrono::microseconds interval_;
  OplogHeadroom headroom_;
  bool reached_ = false;                               // the link has a server
  std::chrono::steady_clock::time_point next_look_{};  // where we were not let in
  std::chrono::steady_clock::time_point next_ask_{};   // for the oplog, where it was refused
  std::mutex mutex_;
  std::condition_variable_any wake_;
};

}  // namespace stockwatch::mongo_source
