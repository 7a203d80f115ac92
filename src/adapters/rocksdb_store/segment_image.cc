#include "adapters/rocksdb_store/segment_image.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "adapters/rocksdb_store/tables.h"

namespace stockwatch::rocksdb_store {
namespace {

constexpr std::size_t kPrefixKeyBytes = 7;
constexpr std::size_t kAhead = 16;  // entries, for the memory to come

std::uint64_t PrefixOf(ports::Family family, std::string_view key) {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, key.data(), std::min(key.size(), kPrefixKeyBytes));
  return std::uint64_t{static_cast<std::uint8_t>(family)} << 56 | __builtin_bswap64(prefix) >> 8;
}

}  // namespace

void SegmentImage::Add(ports::Family family, const Entry& entry) {
  places_.push_back({PrefixOf(family, entry.key), static_cast<std::uint32_t>(entries_.size())});
  entries_.push_back(entry);
}

void SegmentImage::OnPut(ports::Family family, std::string_view key, std::string_view record) {
  Add(family, {key, record, false});
}

void SegmentImage::OnRemove(ports::Family family, std::string_view key) {
  Add(family, {key, {}, true});
}

void SegmentImage::OnHistory(std::uint32_t item, base::Position position, std::string_view record) {
  rows_.push_back({{item, position}, static_cast<std::uint32_t>(record.size()), record.data()});
}

void SegmentImage::OnForget(std::uint32_t item) {
  forgotten_[item] = rows_.size();
}

base::Status SegmentImage::WriteTo(TableBuilder& builder, const Tables& tables) {
  SW_TRY_STATUS(WriteRecords(builder));
  return WriteRows(builder, tables);
}

base::Status SegmentImage::WriteRecords(TableBuilder& builder) {
  const auto same = [this](const Place& a, const Place& b) {
    return a.prefix == b.prefix && entries_[a.entry].key == entries_[b.entry].key;
  };
  std::sort(places_.begin(), places_.end(), [this](const Place& a, const Place& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int order = entries_[a.entry].key.compare(entries_[b.entry].key);
    return order != 0 ? order < 0 : a.entry < b.entry;
  });
  std::string key;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    // In order of keys the entries and their bytes lie all over the segment.
    if (i + kAhead < places_.size()) {
      __builtin_prefetch(entries_[places_[i + kAhead / 2].entry].record.data());
      __builtin_prefetch(&entries_[places_[i + kAhead].entry]);
    }
    if (i + 1 < places_.size() && same(places_[i], places_[i + 1])) continue;
    const Entry& entry = entries_[places_[i].entry];
    key.assign(1, static_cast<char>(places_[i].prefix >> 56));
    key.append(entry.key);
    SW_TRY_STATUS(entry.removed ? builder.RemoveRecord(key) : builder.PutRecord(key, entry.record));
  }
  return {};
}

// Deletes what the tables have of forgotten items row by row, and drops what the segment itself has
// of them. Range tombstones would be shorter and slow every later read; forgetting is rare.
base::Status SegmentImage::AddForgottenRows(const Tables& tables) {
  std::vector<Row> kept;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto found = forgotten_.find(rows_[i].key.item);
    if (found == forgotten_.end() || i >= found->second) kept.push_back(rows_[i]);
  }
  rows_ = std::move(kept);
  for (const auto& [item, before] : forgotten_) {
    SW_TRY_STATUS(tables.ReadHistory(item, [&, key = item](base::Position position, auto) {
      rows_.push_back({{key, position}, 0, nullptr});
    }));
  }
  return {};
}

base::Status SegmentImage::WriteRows(TableBuilder& builder, const Tables& tables) {
  if (!forgotten_.empty()) SW_TRY_STATUS(AddForgottenRows(tables));
  // A row that comes again goes behind the one that is deleted.
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    if (a.key != b.key) return a.key < b.key;
    return a.record == nullptr && b.record != nullptr;
  });
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (i + kAhead < rows_.size()) __builtin_prefetch(rows_[i + kAhead].record);
    if (i + 1 < rows_.size() && rows_[i].key == rows_[i + 1].key) continue;
    const Row& row = rows_[i];
    SW_TRY_STATUS(row.record == nullptr ? builder.RemoveRow(row.key)
                                        : builder.PutRow(row.key, {row.record, row.size}));
  }
  return {};
}

base::Status AddToTables(Tables& tables, const Segment& segment, std::uint64_t covered) {
  if (segment.last() <= covered) return {};
  SegmentImage image;
  for (const Record& record : segment.records) {
    if (record.number > covered) SW_TRY_STATUS(ports::ReadBatch(record.payload, image));
  }
  SW_TRY(const auto builder, tables.Build(segment.last()));
  SW_TRY_STATUS(image.WriteTo(*builder, tables));
  return tables.Ingest(*builder);
}

}  // namespace stockwatch::rocksdb_store
