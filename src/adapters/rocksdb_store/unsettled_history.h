#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/journal_format.h"
#include "base/position.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

// History rows of the segments that are not in the tables yet. Follows the journal when somebody
// reads, so that a commit pays nothing; keeps copies of checked rows, at most what the segments
// hold. One thread.
class UnsettledHistory {
 public:
  UnsettledHistory(const Disk& disk, const StoreId& store);
  ~UnsettledHistory();

  struct Part {
    std::string path;
    std::uint64_t first;  // number of its first batch
    std::uint64_t end;    // offset behind its last record
  };
  // Reads what came since the last call. kDataLoss: it is not what was written.
  base::Status Follow(const Part& part);
  // Segments whose first batch is below this are in the tables.
  void DropBefore(std::uint64_t first);

  using Row = std::function<void(base::Position position, std::string_view record)>;
  // The item's rows; kForgotten: what the tables have of it counts no more.
  enum class Before : std::uint8_t { kCounts, kForgotten };
  Before Read(std::uint32_t item, const Row& row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::rocksdb_store
