#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/table_builder.h"
#include "base/position.h"
#include "base/result.h"
#include "ports/batch.h"

namespace stockwatch::rocksdb_store {

// The sorted files that hold all settled segments. Reads on any thread; Build and Ingest on one at
// a time.
class Tables {
 public:
  // The last batch that the tables contain; nullopt: they contain none. Changes nothing on disk.
  static base::Result<std::optional<std::uint64_t>> ReadCovered(const Disk& disk,
                                                                const std::string& folder);
  // Makes them if there are none. `disk` must outlive them.
  static base::Result<std::unique_ptr<Tables>> Open(const Disk& disk, const std::string& folder,
                                                    std::uint64_t cache_bytes);
  Tables(const Tables&) = delete;
  ~Tables();

  using Row = std::function<void(base::Position position, std::string_view record)>;
  using Record = std::function<void(std::string_view key, std::string_view record)>;
  base::Status ReadHistory(std::uint32_t item, const Row& row) const;
  base::Status ReadFamily(ports::Family family, const Record& record) const;
  // As StateStore::ReadRange.
  using RangeRecord = std::function<bool(std::string_view key, std::string_view record)>;
  base::Status ReadRange(ports::Family family, std::string_view from, bool descending,
                         const RangeRecord& record) const;

  base::Result<std::unique_ptr<TableBuilder>> Build(std::uint64_t covered) const;
  // Everything that was built at once, or nothing; durable.
  base::Status Ingest(TableBuilder& builder);

  // A copy in a folder that does not exist; durable.
  base::Status CopyTo(const std::string& folder) const;
  base::Status VerifyChecksums() const;
  // The error of a compaction, if one failed: the tables take nothing more in this process.
  base::Status Check() const;

 private:
  struct State;
  explicit Tables(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::rocksdb_store
