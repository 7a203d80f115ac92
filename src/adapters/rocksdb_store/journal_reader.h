#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/rocksdb_store/disk.h"
#include "adapters/rocksdb_store/journal_format.h"
#include "base/result.h"

namespace stockwatch::rocksdb_store {

// A journal file that was read whole; every record is undamaged and in its order.
struct Segment {
  std::string path;
  SegmentHeader header;
  std::string bytes;
  std::vector<Record> records;   // payloads are views into `bytes`
  std::uint64_t end = 0;         // offset behind the last record
  std::uint64_t bytes_torn = 0;  // behind it: of a write that was never acknowledged

  std::uint64_t last() const { return header.first + records.size() - 1; }  // first - 1: none
};

// Splits what a segment holds. kDataLoss: something in it was acknowledged and is damaged or gone;
// kFailedPrecondition: a newer version wrote something of it.
base::Result<Segment> ReadSegment(std::string path, const StoreId& store, std::string bytes);

// A sealed segment: one that does not end with `last` is damaged.
base::Result<Segment> ReadSealed(const Disk& disk, const std::string& path, const StoreId& store,
                                 std::uint64_t last);

struct JournalPlace {
  std::string folder;
  StoreId store{};
  std::uint64_t epoch = 0;  // the highest that was ever written
};

// The segments that hold batches behind `covered`, and always the last one; in their order. Nothing
// but a torn end of the last one may be missing of them: everything else is kDataLoss. Reads only.
base::Result<std::vector<Segment>> ReadJournal(const Disk& disk, const JournalPlace& place,
                                               std::uint64_t covered);

// First numbers of the segments in a folder, ascending.
base::Result<std::vector<std::uint64_t>> ListSegments(const Disk& disk, const std::string& folder);

}  // namespace stockwatch::rocksdb_store
