#include "app/records_import.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "adapters/rocksdb_store/rocksdb_store.h"
#include "adapters/rocksdb_store/store_folder.h"
#include "app/look/stopped_store.h"

namespace stockwatch::app {
namespace {

namespace fs = std::filesystem;

using base::Code;
using base::Error;

Error CannotMake(const fs::path& path, const std::error_code& failure) {
  return {Code::kFailedPrecondition, "cannot make " + path.string() + ": " + failure.message()};
}

// A store of its own, opened again to see that it is whole.
base::Result<Imported> Fill(const std::string& path, const std::string& folder) {
  Imported imported;
  {
    rocksdb_store::Options options;
    options.folder = folder;
    SW_TRY(const auto store, rocksdb_store::RocksdbStore::Open(options));
    SW_TRY(imported, ReadRecords(path, *store));
  }
  SW_TRY(const auto opened, look::StoppedStore::Open(folder));
  return imported;
}

// The file that makes a folder a store comes last.
base::Status MoveUp(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  std::vector<fs::path> names;
  for (auto entry = fs::directory_iterator(from, failure);
       !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    if (entry->path().filename() != rocksdb_store::kStoreFile) {
      names.push_back(entry->path().filename());
    }
  }
  if (failure) return CannotMake(to, failure);
  names.emplace_back(rocksdb_store::kStoreFile);
  for (const fs::path& name : names) {
    fs::rename(from / name, to / name, failure);
    if (failure) return CannotMake(to / name, failure);
  }
  fs::remove(from, failure);
  return {};
}

base::Result<Imported> FillAndMoveUp(const std::string& path, const fs::path& unfinished,
                                     const fs::path& folder) {
  SW_TRY(const Imported imported, Fill(path, unfinished.string()));
  SW_TRY_STATUS(MoveUp(unfinished, folder));
  return imported;
}

}  // namespace

base::Result<Imported> ImportRecords(const std::string& path, const std::string& folder) {
  std::error_code failure;
  const bool made = fs::create_directory(folder, failure);
  if (failure) return CannotMake(folder, failure);
  if (!fs::is_empty(folder, failure)) {
    return Error{Code::kFailedPrecondition, folder + " is there and not empty"};
  }
  // Inside and not beside it: the folder around may belong to somebody else.
  const fs::path unfinished = fs::path(folder) / "importing";
  auto imported = FillAndMoveUp(path, unfinished, folder);
  if (!imported.ok()) {
    fs::remove_all(unfinished, failure);
    if (made) fs::remove(folder, failure);
  }
  return imported;
}

}  // namespace stockwatch::app
