#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/result.h"

namespace stockwatch::change_file {

// A file of lines that only grows behind what was kept: what was written and not kept is cut off
// when it is taken up again. One process and one thread at a time.
class ChangeFile {
 public:
  // Makes the file where there is none. kFailedPrecondition: it cannot be written.
  static base::Result<std::unique_ptr<ChangeFile>> Open(const std::string& path);
  ~ChangeFile();
  ChangeFile(const ChangeFile&) = delete;
  ChangeFile& operator=(const ChangeFile&) = delete;

  // It is ours until the end of the object. kFailedPrecondition: another process writes it.
  base::Status Lock();
  base::Result<std::uint64_t> Size() const;
  // SHA-256 of the last kTailBytes (or fewer) before that length: by it a file is known again.
  // kDataLoss: it is shorter.
  base::Result<base::Sha256Bytes> TailBefore(std::uint64_t length) const;
  static constexpr std::uint64_t kTailBytes = 4096;

  // Cuts off what is behind its first `length` bytes and goes on there. REQUIRES: before Append
  base::Status GoOnAt(std::uint64_t length);
  // With a line break. In memory until Sync.
  void Append(std::string_view line);
  std::uint64_t length() const { return length_ + waiting_.size(); }
  std::size_t waiting() const { return waiting_.size(); }
  // What was appended is on the disk when it returns. kFailedPrecondition: the disk does not take
  // it; the file is of no more use.
  base::Status Sync();

 private:
  ChangeFile(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;
  std::uint64_t length_ = 0;
  std::string waiting_;
};

}  // namespace stockwatch::change_file
