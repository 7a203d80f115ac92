#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/journal_format.h"
#include "base/position.h"
#include "base/result.h"
#include "ports/state_store.h"

namespace stockwatch::rocksdb_store {

// History rows and records of listed families of the segments that are not in the tables yet.
// Follows the journal when somebody reads, so that a commit pays nothing; keeps copies of what was
// checked, at most what the segments hold. One thread.
class UnsettledBatches {
 public:
  UnsettledBatches(const Disk& disk, const StoreId& store);
  ~UnsettledBatches();

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

  // Keys and records, nullopt where one was removed; of a segment and a family.
  using Said = std::map<std::string, std::optional<std::string>, std::less<>>;
  // What is said last of each record, in the order of a range. Valid until Follow or DropBefore.
  class Records {
   public:
    bool done() const { return key_ == nullptr; }
    // REQUIRES: !done()
    std::string_view key() const { return *key_; }
    const std::optional<std::string>& record() const { return *record_; }
    bool IsBefore(std::string_view key) const {
      return descending_ ? key < *key_ : std::string_view(*key_) < key;
    }
    void Next();

   private:
    friend class UnsettledBatches;
    struct Stream {
      const Said* said = nullptr;
      Said::const_iterator at;  // end: there is no more
    };
    void Add(const Said& said, std::string_view from);
    void Advance(Stream& stream) const;
    void Pick();

    bool descending_ = false;
    std::vector<Stream> streams_;  // newest first
    const std::string* key_ = nullptr;
    const std::optional<std::string>* record_ = nullptr;
  };
  Records RecordsOf(const ports::StateStore::Range& range) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::rocksdb_store
