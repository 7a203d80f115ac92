#include "adapters/memory_store/memory_store.h"

#include <cstring>

#include "base/assertion.h"

namespace stockwatch::memory_store {

base::Status MemoryStore::Commit(const ports::Batch& batch) {
  for (const std::uint32_t item : batch.forgotten_items) {
    if (item < latest_.size()) latest_[item] = kEnd;
  }
  for (const ports::Batch::HistoryAppend& append : batch.history) {
    Append(append.item, batch.Record(append));
  }
  for (const ports::Batch::Put& put : batch.puts) families_[put.family][put.key] = put.record;
  return {};
}

void MemoryStore::Append(std::uint32_t item, std::string_view record) {
  const std::size_t size = sizeof(Link) + record.size();
  SW_ASSERT(size <= kBlockBytes, "history rows are bounded by what is decoded");
  if (used_ + size > kBlockBytes) {
    blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
    used_ = 0;
  }
  if (item >= latest_.size()) latest_.resize(item + 1, kEnd);
  const std::uint64_t place = (blocks_.size() - 1) * kBlockBytes + used_;
  const Link link{latest_[item], static_cast<std::uint32_t>(record.size())};
  char* at = At(place);
  std::memcpy(at, &link, sizeof link);
  std::memcpy(at + sizeof link, record.data(), record.size());
  latest_[item] = place;
  used_ += size;
}

void MemoryStore::ReadHistory(std::uint32_t item,
                              const std::function<void(std::string_view)>& row) {
  if (item >= latest_.size()) return;
  for (std::uint64_t place = latest_[item]; place != kEnd;) {
    Link link;
    const char* at = At(place);
    std::memcpy(&link, at, sizeof link);
    row({at + sizeof link, link.size});
    place = link.before;
  }
}

void MemoryStore::ReadFamily(
    ports::Family family, const std::function<void(std::string_view, std::string_view)>& record) {
  for (const auto& [key, bytes] : families_[family]) record(key, bytes);
}

}  // namespace stockwatch::memory_store
