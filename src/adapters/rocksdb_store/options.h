#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace rocksdb {
class FileSystem;
}

namespace stockwatch::rocksdb_store {

enum class Mode : std::uint8_t {
  kWrite,
  kRead,  // the tail is settled so that it can be read; nothing can be committed
};

enum class SyncPolicy : std::uint8_t {
  kEachCommit,  // what Commit returned for survives a power cut
  kByOwner,     // it survives the end of the process; a power cut takes what came after Sync()
};

// Who has the store now, as in "pid 4711". It pauses by itself; false: no longer.
using WaitsFor = std::function<bool(const std::string& holder)>;

struct Options {
  std::string folder;
  Mode mode = Mode::kWrite;
  // Asked again and again while another process has the store; nullptr: that is refused at once.
  WaitsFor waits_for = nullptr;
  SyncPolicy sync = SyncPolicy::kEachCommit;
  // Size of a journal file; a batch that is larger gets a file of its own.
  std::uint64_t segment_bytes = std::uint64_t{32} << 20;
  // Full journal files that may wait to be settled; one more, and Commit settles one itself. Bounds
  // what a recovery has to read.
  std::uint32_t segments_unsettled_max = 2;
  // With less free space than this Commit refuses, before it has written anything.
  std::uint64_t free_bytes_min = std::uint64_t{256} << 20;
  // Memory for blocks of tables that were read.
  std::uint64_t cache_bytes = std::uint64_t{32} << 20;
  // All of the store but its lock is read and written by it; nullptr: that of the machine. It must
  // outlive the store.
  rocksdb::FileSystem* file_system = nullptr;

  base::Status Validate() const;
};

}  // namespace stockwatch::rocksdb_store
