#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "adapters/rocksdb_store/journal_reader.h"
#include "adapters/rocksdb_store/table_builder.h"
#include "base/result.h"
#include "ports/batch.h"

namespace stockwatch::rocksdb_store {

class Tables;

// What the batches of a segment come to: of each record the last word, of each item the rows behind
// its last Forget. Holds views into the batches.
class SegmentImage : public ports::BatchReader {
 public:
  void OnPut(ports::Family family, std::string_view key, std::string_view record) override;
  void OnRemove(ports::Family family, std::string_view key) override;
  void OnHistory(std::uint32_t item, base::Position position, std::string_view record) override;
  void OnForget(std::uint32_t item) override;

  // Call once. `tables`: those that it will be added to, as they are; asked for the rows of
  // forgotten items.
  base::Status WriteTo(TableBuilder& builder, const Tables& tables);

 private:
  // A record's family and the first bytes of its key, most significant first: decides most
  // comparisons.
  struct Place {
    std::uint64_t prefix;
    std::uint32_t entry;
  };
  struct Entry {
    std::string_view key;
    std::string_view record;
    bool removed;
  };
  struct Row {
    HistoryKey key;
    std::uint32_t size = 0;
    const char* record = nullptr;  // nullptr: the row goes
  };

  void Add(ports::Family family, const Entry& entry);
  base::Status WriteRecords(TableBuilder& builder);
  base::Status WriteRows(TableBuilder& builder, const Tables& tables);
  base::Status AddForgottenRows(const Tables& tables);

  std::vector<Place> places_;
  std::vector<Entry> entries_;
  std::vector<Row> rows_;
  std::map<std::uint32_t, std::size_t> forgotten_;  // item -> rows_ that came before
};

// The batches of a segment behind `covered`, and that they are covered, all at once and durable.
base::Status AddToTables(Tables& tables, const Segment& segment, std::uint64_t covered);

}  // namespace stockwatch::rocksdb_store
