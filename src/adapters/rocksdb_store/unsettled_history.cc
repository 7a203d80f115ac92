#include "adapters/rocksdb_store/unsettled_history.h"

#include <absl/container/flat_hash_map.h>

#include <map>
#include <vector>

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
  void OnPut(ports::Family, std::string_view, std::string_view) override {}
  void OnRemove(ports::Family, std::string_view) override {}
  void OnHistory(std::uint32_t item, base::Position position, std::string_view record) override {
    Chain& chain = chains_[item];
    rows_.push_back(
        {position, chain.latest, static_cast<std::uint32_t>(record.size()), records_.size()});
    chain.latest = static_cast<std::uint32_t>(rows_.size() - 1);
    records_.append(record);
  }
  void OnForget(std::uint32_t item) override { chains_[item] = {kNone, true}; }

  UnsettledHistory::Before Read(std::uint32_t item, const UnsettledHistory::Row& row) const {
    const auto found = chains_.find(item);
    if (found == chains_.end()) return UnsettledHistory::Before::kCounts;
    for (std::uint32_t at = found->second.latest; at != kNone; at = rows_[at].before) {
      row(rows_[at].position, std::string_view(records_).substr(rows_[at].offset, rows_[at].size));
    }
    return found->second.forgotten ? UnsettledHistory::Before::kForgotten
                                   : UnsettledHistory::Before::kCounts;
  }

  std::uint64_t followed = kSegmentHeaderBytes;  // offset of what was not read yet

 private:
  absl::flat_hash_map<std::uint32_t, Chain> chains_;
  std::vector<Row> rows_;
  std::string records_;
};

}  // namespace

struct UnsettledHistory::State {
  const Disk& disk;
  StoreId store;
  std::map<std::uint64_t, SegmentRows> segments;  // by first batch
};

UnsettledHistory::UnsettledHistory(const Disk& disk, const StoreId& store)
    : state_(std::make_unique<State>(disk, store)) {}

UnsettledHistory::~UnsettledHistory() = default;

base::Status UnsettledHistory::Follow(const Part& part) {
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

void UnsettledHistory::DropBefore(std::uint64_t first) {
  state_->segments.erase(state_->segments.begin(), state_->segments.lower_bound(first));
}

UnsettledHistory::Before UnsettledHistory::Read(std::uint32_t item, const Row& row) const {
  for (auto at = state_->segments.rbegin(); at != state_->segments.rend(); ++at) {
    if (at->second.Read(item, row) == Before::kForgotten) return Before::kForgotten;
  }
  return Before::kCounts;
}

}  // namespace stockwatch::rocksdb_store
