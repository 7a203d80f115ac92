#include "adapters/rocksdb_store/disk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace stockwatch::rocksdb_store {

using base::Code;
using base::Error;
using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

Error ErrorOf(const rocksdb::Status& status, const std::string& tried) {
  const std::string message = tried + ": " + status.ToString();
  if (status.IsNoSpace()) {
    return {Code::kResourceExhausted,
            message + ": free space on the disk of the store, then start again"};
  }
  if (status.IsCorruption()) {
    return {Code::kDataLoss, message + ": restore a backup: stockwatch state restore"};
  }
  for (const int reason : {EROFS, EACCES, EPERM}) {
    if (message.find(std::strerror(reason)) != std::string::npos) {
      return {Code::kFailedPrecondition, message};
    }
  }
  return {Code::kUnavailable, message};
}

Disk::Disk(rocksdb::FileSystem* files) {
  if (files == nullptr) {
    files_ = rocksdb::FileSystem::Default();
    env_ = rocksdb::Env::Default();
    return;
  }
  files_ = std::shared_ptr<rocksdb::FileSystem>(std::shared_ptr<void>(), files);
  own_env_ = rocksdb::NewCompositeEnv(files_);
  env_ = own_env_.get();
}

base::Result<std::vector<std::string>> Disk::List(const std::string& folder) const {
  std::vector<std::string> names;
  const IOStatus status = files_->GetChildren(folder, IOOptions(), &names, nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot list " + folder);
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  std::sort(names.begin(), names.end());
  return names;
}

base::Result<bool> Disk::Exists(const std::string& path) const {
  const IOStatus status = files_->FileExists(path, IOOptions(), nullptr);
  if (status.ok()) return true;
  if (status.IsNotFound()) return false;
  return ErrorOf(status, "cannot look for " + path);
}

base::Result<bool> Disk::IsFolder(const std::string& path) const {
  bool folder = false;
  const IOStatus status = files_->IsDirectory(path, IOOptions(), &folder, nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot look at " + path);
  return folder;
}

base::Result<std::string> Disk::Read(const std::string& path) const {
  std::uint64_t size = 0;
  const IOStatus status = files_->GetFileSize(path, IOOptions(), &size, nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot read " + path);
  return ReadPart(path, 0, size);
}

base::Result<std::string> Disk::ReadPart(const std::string& path, std::uint64_t offset,
                                         std::size_t size) const {
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  IOStatus status = files_->NewRandomAccessFile(path, FileOptions(), &file, nullptr);
  std::string bytes(size, '\0');
  for (std::size_t done = 0; status.ok() && done < size;) {
    rocksdb::Slice part;
    status =
        file->Read(offset + done, size - done, IOOptions(), &part, bytes.data() + done, nullptr);
    if (!status.ok()) break;
    if (part.empty()) {
      return Error{Code::kDataLoss, "cannot read " + path + ": it ends at byte " +
                                        std::to_string(offset + done) +
                                        ": restore a backup: stockwatch state restore"};
    }
    if (part.data() != bytes.data() + done) {
      std::memcpy(bytes.data() + done, part.data(), part.size());
    }
    done += part.size();
  }
  if (!status.ok()) return ErrorOf(status, "cannot read " + path);
  return bytes;
}

base::Status Disk::Replace(const std::string& path, std::string_view bytes) const {
  const std::string unfinished = path + std::string(kUnfinished);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = files_->NewWritableFile(unfinished, FileOptions(), &file, nullptr);
  if (status.ok()) status = file->Append({bytes.data(), bytes.size()}, IOOptions(), nullptr);
  if (status.ok()) status = file->Fsync(IOOptions(), nullptr);
  if (status.ok()) status = file->Close(IOOptions(), nullptr);
  if (status.ok()) status = files_->RenameFile(unfinished, path, IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot write " + path);
  return SyncFolder(path.substr(0, path.rfind('/')));
}

base::Status Disk::Delete(const std::string& path) const {
  const IOStatus status = files_->DeleteFile(path, IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot delete " + path);
  return {};
}

base::Status Disk::SyncFolder(const std::string& folder) const {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  IOStatus status = files_->NewDirectory(folder, IOOptions(), &directory, nullptr);
  if (status.ok()) status = directory->Fsync(IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot sync " + folder);
  return {};
}

base::Status Disk::MakeFolder(const std::string& folder) const {
  const IOStatus status = files_->CreateDirIfMissing(folder, IOOptions(), nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot make " + folder);
  const std::size_t slash = folder.find_last_of('/');
  if (slash == std::string::npos) return SyncFolder(".");
  return SyncFolder(slash == 0 ? "/" : folder.substr(0, slash));
}

base::Result<std::uint64_t> Disk::FreeBytes(const std::string& folder) const {
  std::uint64_t bytes = 0;
  const IOStatus status = files_->GetFreeSpace(folder, IOOptions(), &bytes, nullptr);
  if (!status.ok()) return ErrorOf(status, "cannot ask for the free space of " + folder);
  return bytes;
}

}  // namespace stockwatch::rocksdb_store
