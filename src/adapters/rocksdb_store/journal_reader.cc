#include "adapters/rocksdb_store/journal_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "ports/batch.h"

namespace stockwatch::rocksdb_store {
namespace {

using base::Code;
using base::Error;

Error Damaged(const std::string& path, const std::string& what) {
  return {Code::kDataLoss, "damaged journal: " + path + ": " + what +
                               ": restore a backup: stockwatch state restore"};
}

Error DamagedAt(const Segment& segment, std::uint64_t offset, const std::string& what) {
  return Damaged(segment.path, what + " at byte " + std::to_string(offset));
}

// Reads a batch for its form alone.
class Nobody : public ports::BatchReader {
 public:
  void OnPut(ports::Family, std::string_view, std::string_view) override {}
  void OnRemove(ports::Family, std::string_view) override {}
  void OnHistory(std::uint32_t, base::Position, std::string_view) override {}
  void OnForget(std::uint32_t) override {}
};

base::Status CheckRecord(const Segment& segment, const Record& record) {
  if (record.number != segment.last() + 1) {
    return DamagedAt(segment, segment.end,
                     "batch " + std::to_string(record.number) + " follows batch " +
                         std::to_string(segment.last()));
  }
  if (record.epoch != segment.header.epoch) {
    return DamagedAt(segment, segment.end, "epoch " + std::to_string(record.epoch));
  }
  Nobody nobody;
  const base::Status read = ports::ReadBatch(record.payload, nobody);
  if (read.ok()) return {};
  if (read.error().code == Code::kDataLoss) {
    return DamagedAt(segment, segment.end, read.error().message);
  }
  return Error{read.error().code,
               segment.path + ": " + read.error().message + ": use that version"};
}

// Whether something behind the last good record shows that the next batch was synced once: a good
// record that was written later and says so.
bool IsPromisedBehind(const Segment& segment, std::size_t last_used) {
  const std::uint64_t next = segment.last() + 1;
  const std::string_view bytes = segment.bytes;
  for (std::size_t at = segment.end; at + kRecordHeaderBytes <= last_used; at += 8) {
    // Looked at first: to compute the crc of whatever may be a length would take hours.
    base::ByteReader in(bytes.substr(at + 8, 16));
    if (in.Take<std::uint64_t>() <= next) continue;
    if (in.Take<std::uint64_t>() != segment.header.epoch) continue;
    const auto record = ReadRecord(segment.header.store, bytes, at);
    if (record && record->synced >= next) return true;
  }
  return false;
}

base::Status JudgeRest(Segment& segment) {
  const std::string_view rest = std::string_view(segment.bytes).substr(segment.end);
  const std::size_t used = rest.find_last_not_of('\0');
  if (used == std::string_view::npos) return {};
  if (IsPromisedBehind(segment, std::min(segment.bytes.size(), segment.end + used + 8))) {
    return DamagedAt(segment, segment.end, "a bad record with good ones behind it");
  }
  segment.bytes_torn = used + 1;
  return {};
}

base::Result<SegmentHeader> CheckHeader(const std::string& path, const StoreId& store,
                                        std::string_view bytes) {
  auto header = DecodeSegmentHeader(bytes);
  if (!header.ok()) {
    if (header.error().code == Code::kDataLoss) return Damaged(path, header.error().message);
    return Error{header.error().code, path + ": " + header.error().message + ": use that version"};
  }
  if (header.value().store != store) return Damaged(path, "it is of another store");
  const auto named = FirstOfSegment(path.substr(path.rfind('/') + 1));
  if (named != header.value().first) {
    return Damaged(path, "it begins with batch " + std::to_string(header.value().first));
  }
  return header;
}

}  // namespace

base::Result<Segment> ReadSegment(std::string path, const StoreId& store, std::string bytes) {
  Segment segment;
  SW_TRY(segment.header, CheckHeader(path, store, bytes));
  segment.path = std::move(path);
  segment.bytes = std::move(bytes);
  segment.end = kSegmentHeaderBytes;
  while (const auto record = ReadRecord(store, segment.bytes, segment.end)) {
    SW_TRY_STATUS(CheckRecord(segment, *record));
    segment.records.push_back(*record);
    segment.end += RecordBytes(record->payload.size());
  }
  SW_TRY_STATUS(JudgeRest(segment));
  return segment;
}

base::Result<Segment> ReadSealed(const Disk& disk, const std::string& path, const StoreId& store,
                                 std::uint64_t last) {
  SW_TRY(std::string bytes, disk.Read(path));
  SW_TRY(Segment segment, ReadSegment(path, store, std::move(bytes)));
  if (segment.last() < last) {
    return DamagedAt(segment, segment.end,
                     "no good record of batch " + std::to_string(segment.last() + 1));
  }
  if (segment.last() > last) {
    return Damaged(path, "it goes on behind batch " + std::to_string(last));
  }
  return segment;
}

base::Result<std::vector<std::uint64_t>> ListSegments(const Disk& disk, const std::string& folder) {
  SW_TRY(const std::vector<std::string> names, disk.List(folder));
  std::vector<std::uint64_t> firsts;
  for (const std::string& name : names) {
    if (const auto first = FirstOfSegment(name)) firsts.push_back(*first);
  }
  std::sort(firsts.begin(), firsts.end());
  return firsts;
}

base::Result<std::vector<Segment>> ReadJournal(const Disk& disk, const JournalPlace& place,
                                               std::uint64_t covered) {
  SW_TRY(const std::vector<std::uint64_t> firsts, ListSegments(disk, place.folder));
  if (!firsts.empty() && firsts.front() > covered + 1) {
    return Damaged(place.folder + "/" + SegmentName(covered + 1), "the file is missing");
  }
  std::vector<Segment> segments;
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    const bool is_last = i + 1 == firsts.size();
    if (!is_last && firsts[i + 1] <= covered + 1) continue;  // settled, and not yet deleted
    const std::string path = place.folder + "/" + SegmentName(firsts[i]);
    if (is_last) {
      SW_TRY(std::string bytes, disk.Read(path));
      SW_TRY(Segment segment, ReadSegment(path, place.store, std::move(bytes)));
      segments.push_back(std::move(segment));
    } else {
      SW_TRY(Segment segment, ReadSealed(disk, path, place.store, firsts[i + 1] - 1));
      segments.push_back(std::move(segment));
    }
    if (segments.back().header.epoch > place.epoch) {
      return Damaged(path, "its epoch is higher than that of the store");
    }
  }
  if (!segments.empty() && segments.back().last() < covered) {
    return Damaged(segments.back().path, "it ends before batch " + std::to_string(covered));
  }
  return segments;
}

}  // namespace stockwatch::rocksdb_store
