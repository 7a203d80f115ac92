#include "app/settler.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace stockwatch::app {
namespace {

// A segment fills in a tenth of a second at the least.
constexpr std::chrono::milliseconds kPause{20};

void Run(const std::stop_token& stop, rocksdb_store::RocksdbStore& store) {
  std::mutex mutex;
  std::condition_variable_any pause;
  while (!stop.stop_requested()) {
    const auto settled = store.Settle();
    if (!settled.ok()) return;
    if (settled.value()) continue;
    std::unique_lock lock(mutex);
    pause.wait_for(lock, stop, kPause, [] { return false; });
  }
}

}  // namespace

Settler::Settler(rocksdb_store::RocksdbStore& store)
    : thread_([&store](const std::stop_token& stop) { Run(stop, store); }) {}

Settler::~Settler() = default;

}  // namespace stockwatch::app
