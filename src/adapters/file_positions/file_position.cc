#include "adapters/file_positions/file_position.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/bytes.h"
#include "base/digest.h"

namespace stockwatch::file_positions {
namespace {

using base::Code;
using base::Error;

constexpr std::uint8_t kVersion = 1;

Error Cannot(std::string_view what, const std::string& path, Code code) {
  return {code, "cannot " + std::string(what) + " " + path + ": " + std::strerror(errno)};
}

std::string Encoded(std::string_view record) {
  std::string bytes;
  base::ByteWriter writer(bytes);
  writer.Put(kVersion);
  writer.PutBytes(record);
  const base::Sha256Bytes digest = base::Sha256Of(bytes);
  writer.PutRaw({reinterpret_cast<const char*>(digest.data()), digest.size()});
  return bytes;
}

base::Result<std::string> Decoded(std::string_view bytes, const std::string& path) {
  base::ByteReader reader(bytes);
  if (const auto version = reader.Take<std::uint8_t>(); version > kVersion) {
    return Error{Code::kFailedPrecondition, "a newer version wrote the position " + path};
  }
  const std::string record(reader.TakeBytes());
  if (!reader.ok() || Encoded(record) != bytes) {
    return Error{Code::kDataLoss, "damaged position " + path +
                                      ": take it away to begin anew, with a new file of changes"};
  }
  return record;
}

// Its bytes, and the name that it is renamed to, are on the disk when this returns.
base::Status WriteWhole(const std::string& path, std::string_view bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Cannot("write", path, Code::kFailedPrecondition);
  const bool written =
      write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  const bool synced = written && fsync(file) == 0;
  const int reason = errno;
  close(file);
  errno = reason;
  if (!synced) return Cannot("write", path, Code::kFailedPrecondition);
  return {};
}

base::Status SyncFolderOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string folder = parent.empty() ? "." : parent;
  const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = handle >= 0 && fsync(handle) == 0;
  if (handle >= 0) close(handle);
  if (!synced) return Cannot("sync", folder, Code::kFailedPrecondition);
  return {};
}

}  // namespace

FilePosition::~FilePosition() {
  if (lock_ >= 0) close(lock_);
}

base::Result<std::string> FilePosition::Take() {
  const std::string lock = path_ + ".lock";
  if (lock_ < 0) lock_ = open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return Cannot("lock", lock, Code::kFailedPrecondition);
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Cannot("lock", lock, Code::kFailedPrecondition);
    return Error{Code::kUnavailable, "another process has the position " + path_};
  }
  std::error_code trouble;
  if (!std::filesystem::exists(path_, trouble)) return std::string();
  std::ifstream file(path_, std::ios::binary);
  if (!file) return Cannot("read", path_, Code::kFailedPrecondition);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return Decoded(bytes, path_);
}

base::Status FilePosition::Put(std::string_view record) {
  const std::string unfinished = path_ + ".new";
  SW_TRY_STATUS(WriteWhole(unfinished, Encoded(record)));
  if (rename(unfinished.c_str(), path_.c_str()) != 0) {
    return Cannot("replace", path_, Code::kFailedPrecondition);
  }
  return SyncFolderOf(path_);
}

}  // namespace stockwatch::file_positions
