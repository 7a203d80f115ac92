#pragma once

#include <thread>

#include "adapters/rocksdb_store/rocksdb_store.h"

namespace stockwatch::app {

// The thread that settles a store's journal into its tables while the engine goes on. Ends with the
// object. An error stops the store: the next commit says so too.
class Settler {
 public:
  // `store` must outlive it.
  explicit Settler(rocksdb_store::RocksdbStore& store);
  ~Settler();
  Settler(const Settler&) = delete;
  Settler& operator=(const Settler&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace stockwatch::app
