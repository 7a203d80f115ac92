#include "adapters/rocksdb_store/journal_format.h"

#include <zlib.h>

#include <charconv>
#include <cstring>

#include "base/assertion.h"
#include "base/bytes.h"

namespace stockwatch::rocksdb_store {
namespace {

constexpr std::string_view kMagic = "SWJOURNL";
constexpr std::string_view kNamePrefix = "journal-";
constexpr std::string_view kNameEnding = ".log";
constexpr std::size_t kNameDigits = 16;
constexpr std::size_t kCrcOffset = 4;

std::string_view View(const StoreId& store) {
  return {store.data(), store.size()};
}

// Over the id of the store too: bytes that stand in a payload are a record of no other store.
std::uint32_t RecordCrc(const StoreId& store, std::string_view record) {
  std::uint32_t crc = Crc32(0, View(store));
  crc = Crc32(crc, record.substr(0, kCrcOffset));
  return Crc32(crc, record.substr(kCrcOffset + sizeof crc));
}

}  // namespace

std::uint32_t Crc32(std::uint32_t before, std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  std::string bytes(kMagic);
  base::ByteWriter writer(bytes);
  writer.Put(kFormatVersion);
  writer.Put(std::uint32_t{0});
  bytes.append(View(header.store));
  writer.Put(header.epoch);
  writer.Put(header.first);
  writer.Put(Crc32(0, bytes));
  bytes.resize(kSegmentHeaderBytes);
  return bytes;
}

base::Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes) {
  const base::Error damaged{base::Code::kDataLoss, "damaged header"};
  if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kMagic)) return damaged;
  base::ByteReader in(bytes.substr(kMagic.size(), kSegmentHeaderBytes - kMagic.size()));
  const auto version = in.Take<std::uint32_t>();
  if (version > kFormatVersion) {
    return base::Error{base::Code::kFailedPrecondition,
                       "a newer version wrote it: format " + std::to_string(version)};
  }
  const auto unused = in.Take<std::uint32_t>();
  SegmentHeader header;
  const std::string_view store = in.TakeRaw(header.store.size());
  std::memcpy(header.store.data(), store.data(), store.size());
  header.epoch = in.Take<std::uint64_t>();
  header.first = in.Take<std::uint64_t>();
  if (EncodeSegmentHeader(header) != bytes.substr(0, kSegmentHeaderBytes) || unused != 0) {
    return damaged;
  }
  return header;
}

void AppendRecord(const StoreId& store, const Record& record, std::string& out) {
  SW_ASSERT(!record.payload.empty() && record.payload.size() <= 0xFFFFFFFFu,
            "a batch of a journal");
  const std::size_t begin = out.size();
  base::ByteWriter writer(out);
  writer.Put(static_cast<std::uint32_t>(record.payload.size()));
  writer.Put(std::uint32_t{0});
  writer.Put(record.number);
  writer.Put(record.epoch);
  writer.Put(record.synced);
  out.append(record.payload);
  const std::uint32_t crc = RecordCrc(store, std::string_view(out).substr(begin));
  std::memcpy(out.data() + begin + kCrcOffset, &crc, sizeof crc);
  out.resize(begin + RecordBytes(record.payload.size()));
}

std::optional<Record> ReadRecord(const StoreId& store, std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size()) return std::nullopt;
  base::ByteReader in(bytes.substr(offset));
  const auto length = in.Take<std::uint32_t>();
  const auto crc = in.Take<std::uint32_t>();
  Record record;
  record.number = in.Take<std::uint64_t>();
  record.epoch = in.Take<std::uint64_t>();
  record.synced = in.Take<std::uint64_t>();
  record.payload = in.TakeRaw(length);
  const std::string_view padding =
      in.TakeRaw(RecordBytes(length) - kRecordHeaderBytes - std::uint64_t{length});
  if (!in.ok() || length == 0) return std::nullopt;
  if (padding.find_first_not_of('\0') != std::string_view::npos) return std::nullopt;
  if (RecordCrc(store, bytes.substr(offset, kRecordHeaderBytes + length)) != crc) {
    return std::nullopt;
  }
  return record;
}

std::string SegmentName(std::uint64_t first) {
  char digits[kNameDigits];
  for (std::size_t i = 0; i < kNameDigits; ++i) {
    digits[i] = "0123456789abcdef"[(first >> (60 - 4 * i)) & 15];
  }
  return std::string(kNamePrefix).append(digits, kNameDigits).append(kNameEnding);
}

std::optional<std::uint64_t> FirstOfSegment(std::string_view name) {
  if (name.size() != kNamePrefix.size() + kNameDigits + kNameEnding.size()) return std::nullopt;
  std::uint64_t first = 0;
  const char* digits = name.data() + kNamePrefix.size();
  std::from_chars(digits, digits + kNameDigits, first, 16);
  if (name != SegmentName(first)) return std::nullopt;
  return first;
}

}  // namespace stockwatch::rocksdb_store
