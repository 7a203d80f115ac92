#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/state_store.h"

namespace stockwatch::memory_store {

// Keeps everything in memory: nothing survives the process. History is a log with a chain for each
// item, so that a commit is one copy.
class MemoryStore : public ports::StateStore {
 public:
  // kOneEngine: for replays. kSeveralEngines: one after another goes on from it, as tests want it.
  enum class Serves : std::uint8_t { kOneEngine, kSeveralEngines };
  explicit MemoryStore(Serves serves = Serves::kOneEngine) : serves_(serves) {}

  bool OutlivesEngine() const override { return serves_ == Serves::kSeveralEngines; }
  base::Status Commit(const ports::Batch& batch) override;
  base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) override;
  base::Status ReadFamily(ports::Family family, const Record& record) override;
  base::Status ReadRange(const Range& range, const RangeRecord& record) override;

  std::size_t history_bytes() const { return blocks_.size() * kBlockBytes; }

 private:
  class Writer;
  // A history record in a block is preceded by the place of the item's one before it, its position
  // and its length.
  struct Link {
    std::uint64_t before = kEnd;
    base::Position position;
    std::uint32_t size = 0;
  };
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  static constexpr std::uint64_t kEnd = ~std::uint64_t{0};

  void Append(std::uint32_t item, base::Position position, std::string_view record);
  char* At(std::uint64_t place) { return blocks_[place / kBlockBytes].get() + place % kBlockBytes; }

  Serves serves_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = kBlockBytes;     // of the last block
  std::vector<std::uint64_t> latest_;  // by item
  std::map<ports::Family, std::map<std::string, std::string, std::less<>>> families_;
};

}  // namespace stockwatch::memory_store
