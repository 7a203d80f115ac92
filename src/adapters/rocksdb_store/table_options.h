#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>

#include <memory>
#include <mutex>

#include "adapters/rocksdb_store/disk.h"

namespace stockwatch::rocksdb_store {

// Remembers the first error of a compaction. RocksDB would try to go on by itself; a store that
// can't write stops.
class Watch : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override;
  rocksdb::Status first() const;

 private:
  mutable std::mutex mutex_;
  rocksdb::Status first_;
};

rocksdb::DBOptions DatabaseOptions(const Disk& disk);
// RocksDB shares caches by shared pointers.
rocksdb::ColumnFamilyOptions RecordOptions(const std::shared_ptr<rocksdb::Cache>& cache);
rocksdb::ColumnFamilyOptions HistoryOptions(const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace stockwatch::rocksdb_store
