#include "adapters/rocksdb_store/recovery.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "adapters/rocksdb_store/journal_reader.h"
#include "adapters/rocksdb_store/journal_writer.h"
#include "adapters/rocksdb_store/segment_image.h"

namespace stockwatch::rocksdb_store {
namespace {

base::Status DeleteUnfinished(const Disk& disk, const StoreFolder& folder) {
  SW_TRY(const std::vector<std::string> names, disk.List(folder.path()));
  for (const std::string& name : names) {
    if (name.ends_with(kUnfinished)) SW_TRY_STATUS(disk.Delete(folder.Path(name)));
  }
  return {};
}

struct Findings {
  std::optional<std::uint64_t> covered;  // by the tables
  std::vector<Segment> segments;
};

base::Result<Findings> Look(const Disk& disk, const StoreFolder& folder) {
  Findings found;
  SW_TRY(found.covered, Tables::ReadCovered(disk, folder.Path(kTablesFolder)));
  SW_TRY(found.segments, ReadJournal(disk, {folder.path(), folder.id(), folder.epoch()},
                                     found.covered.value_or(0)));
  SW_TRY(const bool has_tables, disk.Exists(folder.Path(kTablesFolder) + "/CURRENT"));
  if (has_tables && found.segments.empty()) {
    return base::Error{base::Code::kDataLoss,
                       "damaged journal: " + folder.path() +
                           ": no journal file: restore a backup: stockwatch state restore"};
  }
  return found;
}

}  // namespace

base::Result<Recovered> Recover(const Disk& disk, StoreFolder& folder, const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  SW_TRY(const Findings found, Look(disk, folder));
  if (options.mode == Mode::kWrite) SW_TRY_STATUS(folder.RaiseEpoch(disk));
  SW_TRY_STATUS(DeleteUnfinished(disk, folder));
  if (found.segments.empty()) {
    SW_TRY_STATUS(BeginJournal(disk, folder.path(), {folder.id(), folder.epoch(), 1}));
  }
  Recovered recovered;
  SW_TRY(recovered.tables, Tables::Open(disk, folder.Path(kTablesFolder), options.cache_bytes));
  recovered.last = found.covered.value_or(0);
  for (const Segment& segment : found.segments) {
    SW_TRY_STATUS(AddToTables(*recovered.tables, segment, recovered.last));
    recovered.figures.bytes_torn += segment.bytes_torn;
    if (segment.last() <= recovered.last) continue;
    recovered.figures.records_replayed += segment.last() - recovered.last;
    recovered.last = segment.last();
  }
  SW_TRY(const std::vector<std::uint64_t> firsts, ListSegments(disk, folder.path()));
  for (const std::uint64_t first : firsts) {
    recovered.settled.push_back(folder.Path(SegmentName(first)));
  }
  recovered.figures.duration = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);
  return recovered;
}

}  // namespace stockwatch::rocksdb_store
