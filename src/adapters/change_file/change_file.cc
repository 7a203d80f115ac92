#include "adapters/change_file/change_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace stockwatch::change_file {
namespace {

using base::Code;
using base::Error;

Error Cannot(std::string_view what, const std::string& path, Code code) {
  return {code, "cannot " + std::string(what) + " " + path + ": " + std::strerror(errno)};
}

}  // namespace

base::Result<std::unique_ptr<ChangeFile>> ChangeFile::Open(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return Cannot("write", path, Code::kFailedPrecondition);
  std::unique_ptr<ChangeFile> made(new ChangeFile(path, file));
  struct stat about{};
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    return Error{Code::kFailedPrecondition, "cannot write " + path + ": it is no plain file"};
  }
  return made;
}

ChangeFile::~ChangeFile() {
  close(file_);
}

base::Status ChangeFile::Lock() {
  if (flock(file_, LOCK_EX | LOCK_NB) == 0) return {};
  return Error{Code::kFailedPrecondition, "another process writes " + path_};
}

base::Result<std::uint64_t> ChangeFile::Size() const {
  struct stat about{};
  if (fstat(file_, &about) != 0) return Cannot("look at", path_, Code::kFailedPrecondition);
  return static_cast<std::uint64_t>(about.st_size);
}

base::Result<base::Sha256Bytes> ChangeFile::TailBefore(std::uint64_t length) const {
  std::string tail(static_cast<std::size_t>(std::min(length, kTailBytes)), '\0');
  const auto at = static_cast<off_t>(length - tail.size());
  const ssize_t read = pread(file_, tail.data(), tail.size(), at);
  if (read < 0) return Cannot("read", path_, Code::kFailedPrecondition);
  if (static_cast<std::size_t>(read) != tail.size()) {
    return Error{Code::kDataLoss, path_ + " is shorter than " + std::to_string(length) + " bytes"};
  }
  return base::Sha256Of(tail);
}

base::Status ChangeFile::GoOnAt(std::uint64_t length) {
  const auto end = static_cast<off_t>(length);
  if (ftruncate(file_, end) != 0 || lseek(file_, end, SEEK_SET) != end) {
    return Cannot("cut off", path_, Code::kFailedPrecondition);
  }
  length_ = length;
  return {};
}

void ChangeFile::Append(std::string_view line) {
  waiting_.append(line);
  waiting_.push_back('\n');
}

base::Status ChangeFile::Sync() {
  std::string_view rest = waiting_;
  while (!rest.empty()) {
    const ssize_t written = write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Cannot("write", path_, Code::kFailedPrecondition);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fdatasync(file_) != 0) return Cannot("sync", path_, Code::kFailedPrecondition);
  length_ += waiting_.size();
  waiting_.clear();
  return {};
}

}  // namespace stockwatch::change_file
