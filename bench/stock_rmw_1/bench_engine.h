#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "adapters/memory_store/memory_store.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "domain/decode/decoder.h"
#include "flow/engine.h"
#include "run.h"

namespace stock_rmw_1 {

// What arrives, made beforehand.
struct Arrival {
  std::string_view bytes;  // of a document in BSON
  stockwatch::base::Position position;
  std::string_view collection;
};

// Wall time of the parts of a step, in seconds.
struct Spent {
  double decode = 0;
  double core = 0;     // behind decoding: ledger, roll-ups, thresholds, alerts
  double images = 0;   // records of what changed
  double journal = 0;  // the store's commit: write and sync
};

// The engine with everything around it that a change passes, on the store of a durability class; a
// thread of its own settles the journal.
class BenchEngine {
 public:
  // `folder`: of the store; not used for D0.
  BenchEngine(Durability durability, const std::string& folder);
  // Leaves the store as a kill would: nothing is settled at the end.
  ~BenchEngine();
  BenchEngine(const BenchEngine&) = delete;
  BenchEngine& operator=(const BenchEngine&) = delete;

  // One group commit.
  void Step(std::span<const Arrival> arrivals);

  const Spent& spent() const { return spent_; }
  void ResetClock() { spent_ = {}; }
  // Of opening the store: the journal's tail is settled in it.
  double open_seconds() const {
    return durable_ ? std::chrono::duration<double>(durable_->recovery().duration).count() : 0;
  }
  double background_cpu_seconds() const { return background_cpu_; }
  // Only after the background has been stopped.
  void StopBackground();
  // Of history rows in memory.
  std::uint64_t history_bytes() const { return memory_.history_bytes(); }
  const stockwatch::flow::State& state() const { return engine_.state(); }
  stockwatch::ports::StateStore& store() { return *store_; }

 private:
  void Decode(const Arrival& arrival, stockwatch::flow::Arrival& slot);
  void Settle(const std::stop_token& stop);

  stockwatch::flow::Options options_;
  stockwatch::decode::Decoder decoder_;
  stockwatch::memory_store::MemoryStore memory_;
  std::unique_ptr<stockwatch::rocksdb_store::RocksdbStore> durable_;
  stockwatch::ports::StateStore* store_ = &memory_;
  stockwatch::flow::Engine engine_;
  std::vector<stockwatch::flow::Arrival> block_;
  Spent spent_;
  Durability durability_;
  std::chrono::steady_clock::time_point synced_;
  double background_cpu_ = 0;
  std::jthread background_;
};

}  // namespace stock_rmw_1
