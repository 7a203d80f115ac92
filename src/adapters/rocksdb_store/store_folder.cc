#include "adapters/rocksdb_store/store_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace stockwatch::rocksdb_store {
namespace {

using base::Code;
using base::Error;

constexpr std::string_view kMagic = "SWSTORE1";
constexpr const char* kRemedy = ": restore a backup: stockwatch state restore";

StoreId RandomId() {
  std::random_device device;
  StoreId id{};
  for (char& byte : id) byte = static_cast<char>(device());
  return id;
}

base::Result<StoreId> DecodeStore(std::string_view bytes, const std::string& path) {
  base::ByteReader in(bytes);
  const std::string_view magic = in.TakeRaw(kMagic.size());
  const auto version = in.Take<std::uint32_t>();
  if (magic == kMagic && version > kFormatVersion) {
    return Error{Code::kFailedPrecondition,
                 "cannot open store " + path + ": a newer version wrote it: use that one: format " +
                     std::to_string(version)};
  }
  StoreId id{};
  const std::string_view raw = in.TakeRaw(id.size());
  std::memcpy(id.data(), raw.data(), raw.size());
  if (EncodeStore(id) != bytes) {
    return Error{Code::kDataLoss, "damaged store: " + path + "/" + kStoreFile + kRemedy};
  }
  return id;
}

enum class Found : std::uint8_t { kNothing, kStore };

// Looks only: what is not ours stays as it is.
base::Result<Found> Look(const Disk& disk, const std::string& path) {
  SW_TRY(const bool exists, disk.Exists(path));
  if (!exists) return Found::kNothing;
  SW_TRY(const bool folder, disk.IsFolder(path));
  if (!folder) {
    return Error{Code::kFailedPrecondition,
                 "cannot open store " + path + ": it is a file: a store is a folder"};
  }
  SW_TRY(const std::vector<std::string> names, disk.List(path));
  bool foreign = false;
  for (const std::string& name : names) {
    if (name == kStoreFile) return Found::kStore;
    // What an earlier attempt left that was cut off before its first durable step.
    foreign |= name != kLockFile && name != std::string(kStoreFile).append(kUnfinished);
  }
  if (!foreign) return Found::kNothing;
  return Error{Code::kFailedPrecondition,
               "cannot open store " + path +
                   ": the folder holds other files and no store: name an empty folder or a store"};
}

Error CannotLock(const std::string& path, int reason) {
  const bool fixed = reason == EROFS || reason == EACCES || reason == EPERM;
  return {fixed ? Code::kFailedPrecondition : Code::kUnavailable,
          "cannot lock store " + path +
              (fixed ? ": it must be writable, also to be read: " : ": ") + std::strerror(reason)};
}

// The first line of the file; none yet where its first holder has only just locked it.
std::string HolderOf(int lock) {
  char bytes[20];
  const ssize_t size = pread(lock, bytes, sizeof bytes, 0);
  const std::string_view text(bytes, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return "pid not known yet";
  return "pid " + std::string(text.substr(0, end));
}

// Over the pid of the holder before: whoever reads meanwhile finds one of the two, never nothing.
bool WriteHolder(int lock) {
  const std::string pid = std::to_string(getpid()) + "\n";
  const auto size = static_cast<ssize_t>(pid.size());
  return pwrite(lock, pid.data(), pid.size(), 0) == size && ftruncate(lock, size) == 0;
}

Error InUse(const std::string& path, const std::string& holder) {
  return {Code::kFailedPrecondition, "store " + path + " is in use by another process (" + holder +
                                         "): ask it with --server, or stop it"};
}

// Closed when it is destroyed, and with that unlocked.
class LockFile {
 public:
  explicit LockFile(const std::string& file)
      : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
  LockFile(LockFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile() {
    if (file_ >= 0) close(file_);
  }
  int get() const { return file_; }
  int Release() { return std::exchange(file_, -1); }
  // False: somebody has removed it since, and the lock of a removed file keeps nobody out.
  bool IsAt(const std::string& path) const {
    struct stat opened{};
    struct stat named{};
    return fstat(file_, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  }

 private:
  int file_;
};

base::Result<int> Lock(const std::string& path, const WaitsFor& waits_for) {
  const std::string file = path + "/" + kLockFile;
  while (true) {
    LockFile lock(file);
    if (lock.get() < 0) return CannotLock(path, errno);
    if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return CannotLock(path, errno);
      const std::string holder = HolderOf(lock.get());
      if (!waits_for || !waits_for(holder)) return InUse(path, holder);
      continue;
    }
    if (!lock.IsAt(file)) continue;
    if (!WriteHolder(lock.get())) return CannotLock(path, errno);
    return lock.Release();
  }
}

}  // namespace

std::string EncodeStore(const StoreId& id) {
  std::string bytes(kMagic);
  base::ByteWriter writer(bytes);
  writer.Put(kFormatVersion);
  bytes.append(id.data(), id.size());
  writer.Put(Crc32(0, bytes));
  return bytes;
}

std::string EncodeEpoch(const StoreId& id, std::uint64_t epoch) {
  std::string bytes;
  base::ByteWriter writer(bytes);
  writer.Put(epoch);
  writer.Put(Crc32(Crc32(0, {id.data(), id.size()}), bytes));
  return bytes;
}

StoreFolder::StoreFolder(StoreFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      id_(other.id_),
      epoch_(other.epoch_) {}

StoreFolder::~StoreFolder() {
  if (lock_ >= 0) close(lock_);
}

base::Result<StoreFolder> StoreFolder::Open(const Disk& disk, const std::string& path, Mode mode,
                                            const WaitsFor& waits_for) {
  SW_TRY(const Found before, Look(disk, path));
  if (before == Found::kNothing && mode == Mode::kRead) {
    return Error{Code::kNotFound, "no store in " + path};
  }
  if (before == Found::kStore) {  // a newer version may lock in another way
    SW_TRY(const std::string bytes, disk.Read(path + "/" + kStoreFile));
    SW_TRY([[maybe_unused]] const StoreId id, DecodeStore(bytes, path));
  } else {
    SW_TRY_STATUS(disk.MakeFolder(path));
  }
  SW_TRY(const int lock, Lock(path, waits_for));
  StoreFolder folder(path, lock);
  // Another process may have been between.
  SW_TRY(const Found found, Look(disk, path));
  if (found == Found::kNothing) {
    SW_TRY_STATUS(disk.Replace(folder.Path(kStoreFile), EncodeStore(RandomId())));
  }
  SW_TRY(const std::string bytes, disk.Read(folder.Path(kStoreFile)));
  SW_TRY(folder.id_, DecodeStore(bytes, path));
  SW_TRY_STATUS(folder.ReadEpoch(disk));
  return folder;
}

base::Status StoreFolder::ReadEpoch(const Disk& disk) {
  SW_TRY(const bool exists, disk.Exists(Path(kEpochFile)));
  if (!exists) {
    // Written before everything that is listed here.
    SW_TRY(const std::vector<std::string> names, disk.List(path_));
    const bool used = std::any_of(names.begin(), names.end(), [](const std::string& name) {
      return name == kTablesFolder || FirstOfSegment(name).has_value();
    });
    if (!used) return {};
    return Error{Code::kDataLoss, "missing file: " + Path(kEpochFile) + kRemedy};
  }
  SW_TRY(const std::string bytes, disk.Read(Path(kEpochFile)));
  base::ByteReader in(bytes);
  epoch_ = in.Take<std::uint64_t>();
  if (EncodeEpoch(id_, epoch_) == bytes) return {};
  return Error{Code::kDataLoss, "damaged store: " + Path(kEpochFile) + kRemedy};
}

base::Status StoreFolder::CheckEpoch(const Disk& disk) const {
  SW_TRY(const std::string bytes, disk.Read(Path(kEpochFile)));
  if (bytes == EncodeEpoch(id_, epoch_)) return {};
  return Error{Code::kFailedPrecondition,
               "another engine has opened store " + path_ + " since: this one must end"};
}

base::Status StoreFolder::RaiseEpoch(const Disk& disk) {
  SW_TRY_STATUS(disk.Replace(Path(kEpochFile), EncodeEpoch(id_, epoch_ + 1)));
  ++epoch_;
  return {};
}

}  // namespace stockwatch::rocksdb_store
