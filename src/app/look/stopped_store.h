#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/rocksdb_store/rocksdb_store.h"
#include "base/result.h"
#include "flow/engine.h"

namespace stockwatch::look {

// The store of an engine that does not run, with its state as the last commit left it; for looking,
// not for changing.
class StoppedStore {
 public:
  // Errors as RocksdbStore::Open and Engine::Restore; kNotFound: there is no store.
  static base::Result<std::unique_ptr<StoppedStore>> Open(const std::string& folder);

  const flow::State& state() const { return engine_.state(); }
  flow::State& state() { return engine_.state(); }
  rocksdb_store::RocksdbStore& store() { return *store_; }

 private:
  StoppedStore(std::unique_ptr<rocksdb_store::RocksdbStore> store, flow::Options options);

  std::unique_ptr<rocksdb_store::RocksdbStore> store_;
  flow::Options options_;
  flow::Engine engine_;
};

// One object: format, batches, source time, counts, items, alerts, bytes on disk.
std::string InspectJson(const flow::State& state, const rocksdb_store::RocksdbStore& store,
                        const std::string& folder);

// Everything that must hold of a store: its checksums, each roll-up the sum of its items, each
// item's figures what its history folds to, alerts within their rules. A line for each violation.
struct Verified {
  std::uint64_t items = 0;
  std::uint64_t nodes = 0;
  std::uint64_t alerts = 0;
  std::uint64_t history_rows = 0;
  std::vector<std::string> violations;

  // "7 items, 12 nodes, …": one line.
  std::string Summary() const;
};
base::Result<Verified> Verify(flow::State& state, rocksdb_store::RocksdbStore& store);

}  // namespace stockwatch::look
