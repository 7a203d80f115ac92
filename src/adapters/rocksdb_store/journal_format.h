#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::rocksdb_store {

// The bytes of a journal file: docs/store-format.md, Journal.

inline constexpr std::uint32_t kFormatVersion = 1;

using StoreId = std::array<char, 16>;

struct SegmentHeader {
  StoreId store{};
  std::uint64_t epoch = 0;
  std::uint64_t first = 0;  // number of its first batch

  bool operator==(const SegmentHeader&) const = default;
};
inline constexpr std::size_t kSegmentHeaderBytes = 64;

std::string EncodeSegmentHeader(const SegmentHeader& header);
// kDataLoss; kFailedPrecondition: a newer version wrote it.
base::Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes);

struct Record {
  std::uint64_t number = 0;
  std::uint64_t epoch = 0;
  // All batches up to this one were synced when the record was written. What a power cut took from
  // behind it was never promised; what is missing up to it was.
  std::uint64_t synced = 0;
  std::string_view payload;  // not empty
};
inline constexpr std::size_t kRecordHeaderBytes = 32;

constexpr std::uint64_t RecordBytes(std::uint64_t payload_bytes) {
  return (kRecordHeaderBytes + payload_bytes + 7) / 8 * 8;
}

void AppendRecord(const StoreId& store, const Record& record, std::string& out);
// The record at an offset of a file's bytes; nullopt: there is no whole and undamaged one. The
// payload is a view into `bytes`.
std::optional<Record> ReadRecord(const StoreId& store, std::string_view bytes, std::size_t offset);

std::string SegmentName(std::uint64_t first);
// nullopt: it names no segment.
std::optional<std::uint64_t> FirstOfSegment(std::string_view name);

std::uint32_t Crc32(std::uint32_t before, std::string_view bytes);

}  // namespace stockwatch::rocksdb_store
