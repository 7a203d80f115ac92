#include "adapters/rocksdb_store/unsettled_batches.h"

#include <absl/container/flat_hash_map.h>

#include <iterator>

#include "ports/batch.h"

namespace stockwatch::rocksdb_store {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

struct Row {
  base::Position position;
  std::uint32_t before;  // the item's row before it in the segment, or kNone
  std::uint32_t size;
  std::size_t offset;  // of its record
};

struct Chain {
  std::uint32_t latest = kNone;
  bool forgotten = false;  // in this segment, before its first row
};

class SegmentRows : public ports::BatchReader {
 public:
  void OnPut(ports::Family family, std::string_view key, std::string_view record) override {
    if (ports::IsListed(family)) said_[family].insert_or_assign(std::string(key), record);
  }
  void OnRemove(ports::Family family, std::string_view key) override {
    if (ports::IsListed(family)) said_[family].insert_or_assign(std::string(key), std::nullopt);
  }
  void OnHistory(std::uint32_t item, base::Position position, std::string_view record) override {
    Chain& chain = chains_[item];
    rows_.push_back(
        {position, chain.latest, static_cast<std::uint32_t>(record.size()), records_.size()});
    chain.latest = static_cast<std::uint32_t>(rows_.size() - 1);
    records_.append(record);
  }
  void OnForget(std::uint32_t item) override { chains_[item] = {kNone, true}; }

  UnsettledBatches::Before Read(std::uint32_t item, const UnsettledBatches::Row& row) const {
    const auto found = chains_.find(item);
    if (found == chains_.end()) return UnsettledBatches::Before::kCounts;
    for (std::uint32_t at = found->second.latest; at != kNone; at = rows_[at].before) {
      row(rows_[at].position, std::string_view(records_).substr(rows_[at].offset, rows_[at].size));
    }
    return found->second.forgotten ? UnsettledBatches::Before::kForgotten
                                   : UnsettledBatches::Before::kCounts;
  }

  // nullptr: nothing.
  const UnsettledBatches::Said* SaidOf(ports::Family family) const {
    const auto found = said_.find(family);
    return found == said_.end() ? nullptr : &found->second;
  }

  std::uint64_t followed = kSegmentHeaderBytes;  // offset of what was not read yet

 private:
  absl::flat_hash_map<std::uint32_t, Chain> chains_;
  std::vector<Row> rows_;
  std::string records_;
  std::map<ports::Family, UnsettledBatches::Said> said_;
};

}  // namespace

struct UnsettledBatches::State {
  const Disk& disk;
  StoreId store;
  std::map<std::uint64_t, SegmentRows> segments;  // by first batch
};

UnsettledBatches::UnsettledBatches(const Disk& disk, const StoreId& store)
    : state_(std::make_unique<State>(disk, store)) {}

UnsettledBatches::~UnsettledBatches() = default;

base::Status UnsettledBatches::Follow(const Part& part) {
  SegmentRows& rows = state_->segments[part.first];
  if (rows.followed >= part.end) return {};
  SW_TRY(const std::string bytes,
         state_->disk.ReadPart(part.path, rows.followed, part.end - rows.followed));
  for (std::size_t at = 0; at < bytes.size();) {
    const auto record = ReadRecord(state_->store, bytes, at);
    if (!record) {
      return base::Error{base::Code::kDataLoss, "damaged journal: " + part.path +
                                                    ": a bad record at byte " +
                                                    std::to_string(rows.followed + at) +
                                                    ": restore a backup: stockwatch state restore"};
    }
    SW_TRY_STATUS(ports::ReadBatch(record->payload, rows));
    at += RecordBytes(record->payload.size());
  }
  rows.followed = part.end;
  return {};
}

void UnsettledBatches::DropBefore(std::uint64_t first) {
  state_->segments.erase(state_->segments.begin(), state_->segments.lower_bound(first));
}

UnsettledBatches::Before UnsettledBatches::Read(std::uint32_t item, const Row& row) const {
  for (auto at = state_->segments.rbegin(); at != state_->segments.rend(); ++at) {
    if (at->second.Read(item, row) == Before::kForgotten) return Before::kForgotten;
  }
  return Before::kCounts;
}

void UnsettledBatches::Records::Add(const Said& said, std::string_view from) {
  Stream stream{&said, said.end()};
  if (!descending_) {
    stream.at = said.lower_bound(from);
  } else {
    const auto behind = from.empty() ? said.end() : said.upper_bound(from);
    if (behind != said.begin()) stream.at = std::prev(behind);
  }
  streams_.push_back(stream);
}

void UnsettledBatches::Records::Advance(Stream& stream) const {
  if (!descending_) {
    ++stream.at;
  } else {
    stream.at = stream.at == stream.said->begin() ? stream.said->end() : std::prev(stream.at);
  }
}

// Of equal keys the newest segment's record counts.
void UnsettledBatches::Records::Pick() {
  key_ = nullptr;
  for (const Stream& stream : streams_) {
    if (stream.at == stream.said->end()) continue;
    const bool first =
        key_ == nullptr || (descending_ ? *key_ < stream.at->first : stream.at->first < *key_);
    if (!first) continue;
    key_ = &stream.at->first;
    record_ = &stream.at->second;
  }
}

void UnsettledBatches::Records::Next() {
  const std::string& given = *key_;
  for (Stream& stream : streams_) {
    if (stream.at != stream.said->end() && stream.at->first == given) Advance(stream);
  }
  Pick();
}

UnsettledBatches::Records UnsettledBatches::RecordsOf(const ports::StateStore::Range& range) const {
  Records records;
  records.descending_ = range.descending;
  for (auto at = state_->segments.rbegin(); at != state_->segments.rend(); ++at) {
    if (const Said* said = at->second.SaidOf(range.family)) records.Add(*said, range.from);
  }
  records.Pick();
  return records;
}

}  // namespace stockwatch::rocksdb_store
