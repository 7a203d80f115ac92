#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace stockwatch::rocksdb_store {

// kDataLoss for bytes that are not what was written, kResourceExhausted where space is out,
// kFailedPrecondition where it may not be written, else kUnavailable. `tried`: as in "cannot
// write STORE".
// REQUIRES: !status.ok()
base::Error ErrorOf(const rocksdb::Status& status, const std::string& tried);

// The files of a store, by the file system that was handed in. Nothing is durable before its
// folder's entry is: each call says what it makes so. Any number of threads.
class Disk {
 public:
  explicit Disk(rocksdb::FileSystem* files);

  rocksdb::FileSystem& files() const { return *files_; }
  rocksdb::Env* env() const { return env_; }

  // Names in a folder.
  base::Result<std::vector<std::string>> List(const std::string& folder) const;
  base::Result<bool> Exists(const std::string& path) const;
  // Of a path that exists.
  base::Result<bool> IsFolder(const std::string& path) const;
  base::Result<std::string> Read(const std::string& path) const;
  // `size` bytes from `offset`. kDataLoss: the file is shorter.
  base::Result<std::string> ReadPart(const std::string& path, std::uint64_t offset,
                                     std::size_t size) const;
  // A new file or a new content of it, never a half of it; durable.
  base::Status Replace(const std::string& path, std::string_view bytes) const;
  // Durable with the next SyncFolder.
  base::Status Delete(const std::string& path) const;
  base::Status SyncFolder(const std::string& folder) const;
  // Not its parents; durable.
  base::Status MakeFolder(const std::string& folder) const;
  base::Result<std::uint64_t> FreeBytes(const std::string& folder) const;

 private:
  // RocksDB asks for shared pointers; one that owns nothing stands for what was handed in.
  std::shared_ptr<rocksdb::FileSystem> files_;
  std::unique_ptr<rocksdb::Env> own_env_;  // of what was handed in
  rocksdb::Env* env_ = nullptr;
};

// The ending of a file that is being written and has not got its name yet.
inline constexpr std::string_view kUnfinished = ".new";

}  // namespace stockwatch::rocksdb_store
