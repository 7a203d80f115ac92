#pragma once

#include <cstdint>
#include <string>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/journal_format.h"
#include "adapters/rocksdb_store/options.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

inline constexpr const char* kStoreFile = "STORE";
inline constexpr const char* kEpochFile = "EPOCH";
inline constexpr const char* kLockFile = "LOCK";
inline constexpr const char* kTablesFolder = "tables";

// Who may write a folder: its identity, its lock and its epoch. docs/store-format.md.
class StoreFolder {
 public:
  // Takes the lock, for which it waits as long as `waits_for` says so, and gives it back when it is
  // destroyed; Mode::kWrite makes a store of an empty or missing folder. kNotFound: nothing is
  // there to be read. kFailedPrecondition: the folder is not ours, is in use, is of a newer
  // version, or may not be written; kDataLoss: it is damaged.
  static base::Result<StoreFolder> Open(const Disk& disk, const std::string& path, Mode mode,
                                        const WaitsFor& waits_for = nullptr);
  StoreFolder(StoreFolder&& other) noexcept;
  StoreFolder& operator=(StoreFolder&&) = delete;
  ~StoreFolder();

  const std::string& path() const { return path_; }
  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  const StoreId& id() const { return id_; }
  std::uint64_t epoch() const { return epoch_; }

  // Durable. Before anything else is written in the name of this process.
  base::Status RaiseEpoch(const Disk& disk);
  // kFailedPrecondition: a later epoch wrote here, though the lock is held.
  base::Status CheckEpoch(const Disk& disk) const;

 private:
  StoreFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  base::Status ReadEpoch(const Disk& disk);

  std::string path_;
  int lock_;
  StoreId id_{};
  std::uint64_t epoch_ = 0;
};

// The two files, for a copy of a store.
std::string EncodeStore(const StoreId& id);
std::string EncodeEpoch(const StoreId& id, std::uint64_t epoch);

}  // namespace stockwatch::rocksdb_store
