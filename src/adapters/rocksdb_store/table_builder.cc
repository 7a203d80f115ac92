#include "adapters/rocksdb_store/table_builder.h"

#include <cstring>
#include <utility>

#include "adapters/rocksdb_store/disk.h"
#include "base/assertion.h"
#include "base/bytes.h"

namespace stockwatch::rocksdb_store {
namespace {

// What was written is compacted soon: let its pages be.
constexpr bool kDropPages = false;

rocksdb::Slice ToSlice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

base::Status Check(const rocksdb::Status& status, const std::string& path) {
  if (status.ok()) [[likely]] {
    return {};
  }
  return ErrorOf(status, "cannot write " + path);
}

void PutBigEndian(std::uint32_t value, char*& out) {
  const std::uint32_t swapped = __builtin_bswap32(value);
  std::memcpy(out, &swapped, sizeof swapped);
  out += sizeof swapped;
}

std::uint32_t TakeBigEndian(const char*& in) {
  std::uint32_t value = 0;
  std::memcpy(&value, in, sizeof value);
  in += sizeof value;
  return __builtin_bswap32(value);
}

}  // namespace

HistoryKeyBytes::HistoryKeyBytes(const HistoryKey& key) {
  char* out = bytes;
  PutBigEndian(key.item, out);
  PutBigEndian(key.position.generation, out);
  PutBigEndian(key.position.seconds, out);
  PutBigEndian(key.position.increment, out);
  PutBigEndian(key.position.ordinal, out);
}

HistoryKey DecodeHistoryKey(std::string_view bytes) {
  SW_ASSERT(bytes.size() == kHistoryKeyBytes, "keys of history are of one size");
  const char* in = bytes.data();
  HistoryKey key;
  key.item = TakeBigEndian(in);
  key.position.generation = TakeBigEndian(in);
  key.position.seconds = TakeBigEndian(in);
  key.position.increment = TakeBigEndian(in);
  key.position.ordinal = TakeBigEndian(in);
  return key;
}

TableBuilder::TableBuilder(Paths paths, const rocksdb::Options& records,
                           const rocksdb::Options& history, std::uint64_t covered)
    : paths_(std::move(paths)),
      records_(rocksdb::EnvOptions(records), records, nullptr, kDropPages),
      history_(rocksdb::EnvOptions(history), history, nullptr, kDropPages),
      covered_(covered) {}

base::Result<std::unique_ptr<TableBuilder>> TableBuilder::Begin(Paths paths,
                                                                const rocksdb::Options& records,
                                                                const rocksdb::Options& history,
                                                                std::uint64_t covered) {
  std::unique_ptr<TableBuilder> builder(
      new TableBuilder(std::move(paths), records, history, covered));
  SW_TRY_STATUS(Check(builder->records_.Open(builder->paths_.records), builder->paths_.records));
  std::string value;
  base::ByteWriter(value).Put(covered);
  SW_TRY_STATUS(builder->PutRecord(kCoveredKey, value));
  return builder;
}

base::Status TableBuilder::PutRecord(std::string_view key, std::string_view record) {
  return Check(records_.Put(ToSlice(key), ToSlice(record)), paths_.records);
}

base::Status TableBuilder::RemoveRecord(std::string_view key) {
  return Check(records_.Delete(ToSlice(key)), paths_.records);
}

base::Status TableBuilder::BeginHistory() {
  if (has_history_) return {};
  has_history_ = true;
  return Check(history_.Open(paths_.history), paths_.history);
}

base::Status TableBuilder::PutRow(const HistoryKey& key, std::string_view record) {
  SW_TRY_STATUS(BeginHistory());
  const HistoryKeyBytes bytes(key);
  return Check(history_.Put({bytes.bytes, kHistoryKeyBytes}, ToSlice(record)), paths_.history);
}

base::Status TableBuilder::RemoveRow(const HistoryKey& key) {
  SW_TRY_STATUS(BeginHistory());
  const HistoryKeyBytes bytes(key);
  return Check(history_.Delete({bytes.bytes, kHistoryKeyBytes}), paths_.history);
}

base::Status TableBuilder::Finish() {
  SW_TRY_STATUS(Check(records_.Finish(), paths_.records));
  if (!has_history_) return {};
  return Check(history_.Finish(), paths_.history);
}

}  // namespace stockwatch::rocksdb_store
