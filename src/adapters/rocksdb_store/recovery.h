#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/rocksdb_store/store_folder.h"
#include "adapters/rocksdb_store/tables.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

struct Recovered {
  std::unique_ptr<Tables> tables;    // with all that was committed
  std::uint64_t last = 0;            // number of the last batch
  std::vector<std::string> settled;  // paths of journal files that are needed no more
  Recovery figures;
};

// Looks at everything before it changes anything; then raises the epoch (Mode::kWrite) and settles
// the journal. Cut off anywhere, it begins anew.
base::Result<Recovered> Recover(const Disk& disk, StoreFolder& folder, const Options& options);

}  // namespace stockwatch::rocksdb_store
