#pragma once

#include <rocksdb/file_system.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"

// For tests: the machine's file system, from which the power can be cut. What was written and not
// synced, and entries of folders that were not synced, then go wholly or in parts. Syncs take no
// time. Files are in a folder of the test; a second one keeps what was deleted and may come back.
namespace stockwatch::rocksdb_store {

class LossyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  using IOStatus = rocksdb::IOStatus;
  using IOOptions = rocksdb::IOOptions;
  using FileOptions = rocksdb::FileOptions;
  using Debug = rocksdb::IODebugContext;

  enum class Step : std::uint8_t { kWrite, kSync, kEntry };  // kEntry: of a folder

  // Asked before each step that changes something; an error fails it.
  using Fault = std::function<IOStatus(Step step, const std::string& path)>;

  explicit LossyFileSystem(std::string graveyard)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), graveyard_(std::move(graveyard)) {
    std::filesystem::create_directories(graveyard_);
  }
  const char* Name() const override { return "LossyFileSystem"; }

  void SetFault(Fault fault) {
    const std::lock_guard lock(mutex_);
    fault_ = std::move(fault);
  }
  // After so many more steps nothing reaches the disk any more. Calls go on without an error: what
  // a process does then is of no consequence.
  void CutAfter(std::uint64_t steps) {
    const std::lock_guard lock(mutex_);
    steps_left_ = steps;
  }
  bool dead() const {
    const std::lock_guard lock(mutex_);
    return steps_left_ == 0;
  }
  void set_free_bytes(std::uint64_t bytes) { free_bytes_ = bytes; }

  // REQUIRES: all files are closed
  void LoseUnsynced(base::Random& random) {
    const std::lock_guard lock(mutex_);
    for (auto& [folder, entries] : entries_) LoseEntries(folder, entries, random);
    entries_.clear();
    for (auto& [path, file] : files_) {
      if (std::filesystem::exists(path)) LoseBytes(path, *file, random);
    }
    files_.clear();
    steps_left_ = kForever;
  }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override;
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              Debug* debug) override;
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* result, Debug* debug) override;
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result, Debug* debug) override;

  IOStatus DeleteFile(const std::string& path, const IOOptions& options, Debug* debug) override {
    const std::lock_guard lock(mutex_);
    IOStatus status = TakeStep(Step::kEntry, path);
    if (status.ok()) status = Bury(path, options, debug);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      Debug* debug) override {
    const std::lock_guard lock(mutex_);
    IOStatus status = TakeStep(Step::kEntry, to);
    std::string grave;  // of what had the name
    if (status.ok() && std::filesystem::exists(to)) {
      grave = NewGrave();
      status = target()->LinkFile(to, grave, options, debug);
    }
    if (status.ok()) status = target()->RenameFile(from, to, options, debug);
    if (!status.ok()) return status;
    const auto file = StateOf(from);
    const auto replaced = StateOf(to);
    files_.erase(from);
    files_[to] = file;
    Note(to, [this, from, to, grave, file, replaced] {
      std::filesystem::rename(to, from);
      files_[from] = file;
      files_[to] = replaced;
      if (!grave.empty()) std::filesystem::rename(grave, to);
    });
    return status;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    Debug* debug) override {
    const std::lock_guard lock(mutex_);
    IOStatus status = TakeStep(Step::kEntry, to);
    if (status.ok()) status = target()->LinkFile(from, to, options, debug);
    if (!status.ok()) return status;
    files_[to] = StateOf(from);
    Note(to, [to] { std::filesystem::remove(to); });
    return status;
  }
  IOStatus CreateDir(const std::string& path, const IOOptions& options, Debug* debug) override {
    const std::lock_guard lock(mutex_);
    IOStatus status = TakeStep(Step::kEntry, path);
    if (status.ok()) status = target()->CreateDir(path, options, debug);
    if (status.ok()) Note(path, [path] { std::filesystem::remove_all(path); });
    return status;
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              Debug* debug) override {
    if (std::filesystem::is_directory(path)) return IOStatus::OK();
    return CreateDir(path, options, debug);
  }
  IOStatus GetFreeSpace(const std::string&, const IOOptions&, std::uint64_t* bytes,
                        Debug*) override {
    *bytes = free_bytes_;
    return IOStatus::OK();
  }

 private:
  static constexpr std::uint64_t kForever = ~std::uint64_t{0};
  static constexpr std::size_t kSectorBytes = 512;

  // Bytes that were there before a write that is not synced; what lay behind the end is left out.
  struct Write {
    std::uint64_t offset;
    std::string before;
    std::uint64_t end_before;
    bool behind_cut;
  };
  struct FileState {
    std::vector<Write> unsynced;
  };
  // How to undo the changes of a folder that are not synced.
  struct Entries {
    std::vector<std::function<void()>> undo;
    std::size_t before_cut = 0;  // so many of them
  };
  class WritableFile;
  class RandomFile;
  class Folder;

  static std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

  IOStatus TakeStep(Step step, const std::string& path) {
    if (steps_left_ != kForever && steps_left_ > 0) --steps_left_;
    return fault_ ? fault_(step, path) : IOStatus::OK();
  }
  void Note(const std::string& path, std::function<void()> undo) {
    Entries& entries = entries_[FolderOf(path)];
    entries.undo.push_back(std::move(undo));
    if (steps_left_ > 0) entries.before_cut = entries.undo.size();
  }
  std::shared_ptr<FileState> StateOf(const std::string& path) {
    auto& file = files_[path];
    if (file == nullptr) file = std::make_shared<FileState>();
    return file;
  }
  std::string NewGrave() { return graveyard_ + "/" + std::to_string(++graves_); }
  IOStatus Bury(const std::string& path, const IOOptions& options, Debug* debug) {
    const std::string grave = NewGrave();
    IOStatus status = target()->LinkFile(path, grave, options, debug);
    if (status.ok()) status = target()->DeleteFile(path, options, debug);
    if (!status.ok()) return status;
    const auto file = StateOf(path);
    files_.erase(path);
    Note(path, [this, path, grave, file] {
      std::filesystem::rename(grave, path);
      files_[path] = file;
    });
    return status;
  }
  template <typename DoWrite>
  IOStatus AddWrite(const std::string& path, FileState& file, std::uint64_t offset,
                    std::size_t size, DoWrite write) {
    const std::lock_guard lock(mutex_);
    const bool cut = steps_left_ == 0;  // the write in which the power goes may come in parts
    IOStatus status = TakeStep(Step::kWrite, path);
    if (!status.ok()) return status;
    const std::uint64_t end = std::filesystem::file_size(path);
    Write record{offset, {}, end, cut};
    if (offset < end) {
      record.before.resize(std::min<std::uint64_t>(size, end - offset));
      std::ifstream in(path, std::ios::binary);
      in.seekg(static_cast<std::streamoff>(offset));
      in.read(record.before.data(), static_cast<std::streamsize>(record.before.size()));
    }
    file.unsynced.push_back(std::move(record));
    return write();
  }
  IOStatus SyncFile(const std::string& path, FileState& file) {
    const std::lock_guard lock(mutex_);
    IOStatus status = TakeStep(Step::kSync, path);
    if (status.ok() && steps_left_ > 0) file.unsynced.clear();
    return status;
  }
  IOStatus SyncEntries(const std::string& folder) {
    const std::lock_guard lock(mutex_);
    IOStatus status = TakeStep(Step::kSync, folder);
    if (status.ok() && steps_left_ > 0) entries_.erase(folder);
    return status;
  }

  // The first so many changes of a folder are kept.
  static void LoseEntries(const std::string& folder, Entries& entries, base::Random& random) {
    if (!std::filesystem::exists(folder)) return;  // itself lost
    const std::size_t kept = random.Below(static_cast<std::uint32_t>(entries.before_cut) + 1);
    for (std::size_t i = entries.undo.size(); i > kept; --i) entries.undo[i - 1]();
  }
  // A file keeps some of its writes, each by sectors of its own; of what was appended it keeps a
  // beginning.
  static void LoseBytes(const std::string& path, FileState& file, base::Random& random) {
    const std::uint32_t quarters = random.Below(5);  // that reached the disk
    for (auto write = file.unsynced.rbegin(); write != file.unsynced.rend(); ++write) {
      const std::uint32_t share = write->behind_cut ? 0 : quarters;
      const std::uint64_t end = std::filesystem::file_size(path);
      const std::uint64_t appended = end > write->end_before ? end - write->end_before : 0;
      const std::uint64_t kept = share == 4   ? appended
                                 : share == 0 ? 0
                                              : random.Below(static_cast<std::uint32_t>(appended));
      if (kept < appended) std::filesystem::resize_file(path, write->end_before + kept);
      std::fstream out(path, std::ios::binary | std::ios::in | std::ios::out);
      for (std::size_t at = 0; at < write->before.size();) {
        const std::size_t size = std::min<std::size_t>(
            write->before.size() - at, kSectorBytes - (write->offset + at) % kSectorBytes);
        if (!random.Chance(share, 4)) {
          out.seekp(static_cast<std::streamoff>(write->offset + at));
          out.write(write->before.data() + at, static_cast<std::streamsize>(size));
        }
        at += size;
      }
    }
    file.unsynced.clear();
  }

  mutable std::mutex mutex_;
  std::string graveyard_;
  std::uint64_t graves_ = 0;
  std::uint64_t steps_left_ = kForever;
  std::atomic<std::uint64_t> free_bytes_ = std::uint64_t{1} << 40;
  Fault fault_;
  // Shared by the names of a file and those who have it open.
  std::map<std::string, std::shared_ptr<FileState>> files_;
  std::map<std::string, Entries> entries_;  // by folder
};

class LossyFileSystem::WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> file, LossyFileSystem& system,
               std::string path, std::shared_ptr<FileState> state)
      : FSWritableFileOwnerWrapper(std::move(file)),
        system_(system),
        path_(std::move(path)),
        state_(std::move(state)) {}

  IOStatus Append(const rocksdb::Slice& bytes, const IOOptions& options, Debug* debug) override {
    return system_.AddWrite(path_, *state_, std::filesystem::file_size(path_), bytes.size(),
                            [&] { return target()->Append(bytes, options, debug); });
  }
  IOStatus Append(const rocksdb::Slice& bytes, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, Debug* debug) override {
    return Append(bytes, options, debug);
  }
  IOStatus Sync(const IOOptions&, Debug*) override { return system_.SyncFile(path_, *state_); }
  IOStatus Fsync(const IOOptions&, Debug*) override { return system_.SyncFile(path_, *state_); }
  // As far as it came it is as if it was not called.
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, Debug*) override {
    return IOStatus::OK();
  }

 private:
  LossyFileSystem& system_;
  std::string path_;
  std::shared_ptr<FileState> state_;
};

class LossyFileSystem::RandomFile : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RandomFile(std::unique_ptr<rocksdb::FSRandomRWFile> file, LossyFileSystem& system,
             std::string path, std::shared_ptr<FileState> state)
      : FSRandomRWFileOwnerWrapper(std::move(file)),
        system_(system),
        path_(std::move(path)),
        state_(std::move(state)) {}

  IOStatus Write(std::uint64_t offset, const rocksdb::Slice& bytes, const IOOptions& options,
                 Debug* debug) override {
    return system_.AddWrite(path_, *state_, offset, bytes.size(),
                            [&] { return target()->Write(offset, bytes, options, debug); });
  }
  IOStatus Sync(const IOOptions&, Debug*) override { return system_.SyncFile(path_, *state_); }
  IOStatus Fsync(const IOOptions&, Debug*) override { return system_.SyncFile(path_, *state_); }

 private:
  LossyFileSystem& system_;
  std::string path_;
  std::shared_ptr<FileState> state_;
};

class LossyFileSystem::Folder : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(std::unique_ptr<rocksdb::FSDirectory> folder, LossyFileSystem& system, std::string path)
      : FSDirectoryWrapper(std::move(folder)), system_(system), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, Debug*) override { return system_.SyncEntries(path_); }
  IOStatus FsyncWithDirOptions(const IOOptions&, Debug*, const rocksdb::DirFsyncOptions&) override {
    return system_.SyncEntries(path_);
  }

 private:
  LossyFileSystem& system_;
  std::string path_;
};

inline rocksdb::IOStatus LossyFileSystem::NewWritableFile(
    const std::string& path, const FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) {
  const std::lock_guard lock(mutex_);
  IOStatus status = TakeStep(Step::kEntry, path);
  if (status.ok() && std::filesystem::exists(path)) status = Bury(path, IOOptions(), debug);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  if (status.ok()) status = target()->NewWritableFile(path, options, &file, debug);
  if (!status.ok()) return status;
  files_[path] = std::make_shared<FileState>();
  Note(path, [path] { std::filesystem::remove(path); });
  *result = std::make_unique<WritableFile>(std::move(file), *this, path, StateOf(path));
  return status;
}

inline rocksdb::IOStatus LossyFileSystem::ReopenWritableFile(
    const std::string& path, const FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = target()->ReopenWritableFile(path, options, &file, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<WritableFile>(std::move(file), *this, path, StateOf(path));
  return status;
}

inline rocksdb::IOStatus LossyFileSystem::NewRandomRWFile(
    const std::string& path, const FileOptions& options,
    std::unique_ptr<rocksdb::FSRandomRWFile>* result, Debug* debug) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  IOStatus status = target()->NewRandomRWFile(path, options, &file, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<RandomFile>(std::move(file), *this, path, StateOf(path));
  return status;
}

inline rocksdb::IOStatus LossyFileSystem::NewDirectory(
    const std::string& path, const IOOptions& options,
    std::unique_ptr<rocksdb::FSDirectory>* result, Debug* debug) {
  std::unique_ptr<rocksdb::FSDirectory> folder;
  IOStatus status = target()->NewDirectory(path, options, &folder, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<Folder>(std::move(folder), *this, path);
  return status;
}

}  // namespace stockwatch::rocksdb_store
