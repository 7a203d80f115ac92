#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/store_folder.h"
#include "adapters/rocksdb_store/tables.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

// What is committed of a journal file.
struct JournalPart {
  std::string path;
  std::uint64_t first = 0;  // number of its first batch
  std::uint64_t last = 0;   // first - 1: none
  std::uint64_t end = 0;    // offset behind its last record
};

// An empty `journal`: the tables have it all, up to the batch `covered`. REQUIRES: nothing is
// settled meanwhile
base::Status CopyStore(const Disk& disk, const StoreFolder& folder, const Tables& tables,
                       const std::vector<JournalPart>& journal, std::uint64_t covered,
                       const std::string& target);

// What is wrong, a line each. REQUIRES: as above
std::vector<std::string> VerifyStore(const Disk& disk, const StoreFolder& folder,
                                     const Tables& tables, const std::vector<JournalPart>& journal);

}  // namespace stockwatch::rocksdb_store
