#pragma once

#include <string>
#include <string_view>

#include "ports/position_store.h"

namespace stockwatch::file_positions {

// A place in a file of its own. The lock of `path`.lock says whose it is: it ends with the process.
// The file is replaced whole, so that it is the one before or the next at any time;
// docs/formats.md, Places of connectors.
class FilePosition : public ports::PositionStore {
 public:
  explicit FilePosition(std::string path) : path_(std::move(path)) {}
  ~FilePosition() override;
  FilePosition(const FilePosition&) = delete;
  FilePosition& operator=(const FilePosition&) = delete;

  // kDataLoss: damaged. kFailedPrecondition: of a newer version, or not to be read or locked.
  base::Result<std::string> Take() override;
  // kFailedPrecondition: the disk does not take it.
  base::Status Put(std::string_view record) override;
  base::Duration lease() const override { return {}; }

 private:
  std::string path_;
  int lock_ = -1;
};

}  // namespace stockwatch::file_positions
