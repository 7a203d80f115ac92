#pragma once

#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/position.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

// Sorts before every record: families begin with 1.
inline constexpr std::string_view kCoveredKey{"\0covered", 8};

// Key of a history row; its bytes order as (item, position) does.
struct HistoryKey {
  std::uint32_t item = 0;
  base::Position position;

  auto operator<=>(const HistoryKey&) const = default;
};
inline constexpr std::size_t kHistoryKeyBytes = 20;
struct HistoryKeyBytes {
  explicit HistoryKeyBytes(const HistoryKey& key);
  char bytes[kHistoryKeyBytes]{};
};
// REQUIRES: kHistoryKeyBytes
HistoryKey DecodeHistoryKey(std::string_view bytes);

// Writes the two files that a segment becomes, for Tables::Ingest. Each key once, in ascending
// order of its bytes.
class TableBuilder {
 public:
  struct Paths {
    std::string records;
    std::string history;
  };
  // `covered`: the number of the last batch in them.
  static base::Result<std::unique_ptr<TableBuilder>> Begin(Paths paths,
                                                           const rocksdb::Options& records,
                                                           const rocksdb::Options& history,
                                                           std::uint64_t covered);

  // A record's key begins with its family.
  base::Status PutRecord(std::string_view key, std::string_view record);
  base::Status RemoveRecord(std::string_view key);
  base::Status PutRow(const HistoryKey& key, std::string_view record);
  base::Status RemoveRow(const HistoryKey& key);
  base::Status Finish();

  const Paths& paths() const { return paths_; }
  bool has_history() const { return has_history_; }
  std::uint64_t covered() const { return covered_; }

 private:
  TableBuilder(Paths paths, const rocksdb::Options& records, const rocksdb::Options& history,
               std::uint64_t covered);
  base::Status BeginHistory();

  Paths paths_;
  rocksdb::SstFileWriter records_;
  rocksdb::SstFileWriter history_;
  bool has_history_ = false;
  std::uint64_t covered_;
};

}  // namespace stockwatch::rocksdb_store
