#include "adapters/memory_store/memory_store.h"

#include <cstring>

#include "base/assertion.h"

namespace stockwatch::memory_store {

class MemoryStore::Writer : public ports::BatchReader {
 public:
  explicit Writer(MemoryStore& store) : store_(store) {}

  void OnPut(ports::Family family, std::string_view key, std::string_view record) override {
    store_.families_[family].insert_or_assign(std::string(key), std::string(record));
  }
  void OnRemove(ports::Family family, std::string_view key) override {
    auto& records = store_.families_[family];
    if (const auto found = records.find(key); found != records.end()) records.erase(found);
  }
  void OnHistory(std::uint32_t item, base::Position position, std::string_view record) override {
    store_.Append(item, position, record);
  }
  void OnForget(std::uint32_t item) override {
    if (item < store_.latest_.size()) store_.latest_[item] = kEnd;
  }

 private:
  MemoryStore& store_;
};

base::Status MemoryStore::Commit(const ports::Batch& batch) {
  Writer writer(*this);
  return ports::ReadBatch(batch.bytes(), writer);
}

void MemoryStore::Append(std::uint32_t item, base::Position position, std::string_view record) {
  const std::size_t size = sizeof(Link) + record.size();
  SW_ASSERT(size <= kBlockBytes, "history rows are bounded by what is decoded");
  if (used_ + size > kBlockBytes) {
    blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
    used_ = 0;
  }
  if (item >= latest_.size()) latest_.resize(item + 1, kEnd);
  const std::uint64_t place = (blocks_.size() - 1) * kBlockBytes + used_;
  const Link link{latest_[item], position, static_cast<std::uint32_t>(record.size())};
  char* at = At(place);
  std::memcpy(at, &link, sizeof link);
  std::memcpy(at + sizeof link, record.data(), record.size());
  latest_[item] = place;
  used_ += size;
}

base::Status MemoryStore::ReadHistory(std::uint32_t item, const HistoryRow& row) {
  if (item >= latest_.size()) return {};
  for (std::uint64_t place = latest_[item]; place != kEnd;) {
    Link link;
    const char* at = At(place);
    std::memcpy(&link, at, sizeof link);
    row(link.position, {at + sizeof link, link.size});
    place = link.before;
  }
  return {};
}

base::Status MemoryStore::ReadFamily(ports::Family family, const Record& record) {
  for (const auto& [key, bytes] : families_[family]) record(key, bytes);
  return {};
}

base::Status MemoryStore::ReadRange(const Range& range, const RangeRecord& record) {
  SW_ASSERT(ports::IsListed(range.family), "ranges are read of listed families");
  const auto& records = families_[range.family];
  if (!range.descending) {
    for (auto at = records.lower_bound(range.from); at != records.end(); ++at) {
      if (!record(at->first, at->second)) break;
    }
    return {};
  }
  auto end = range.from.empty() ? records.end() : records.upper_bound(range.from);
  while (end != records.begin()) {
    --end;
    if (!record(end->first, end->second)) break;
  }
  return {};
}

}  // namespace stockwatch::memory_store
