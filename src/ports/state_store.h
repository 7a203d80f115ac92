#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace stockwatch::ports {

// What the records of a store are about. The numbers are part of the format.
enum class Family : std::uint8_t {
  kEpisode = 1,
  kOutbox = 2,
  kDeadLetter = 3,
};

// All that one group commit changes; it is stored whole or not at all. Keys and records are bytes
// that the core's codecs made.
struct Batch {
  struct HistoryAppend {
    std::uint32_t item;
    std::uint32_t offset;  // of its record in history_bytes
    std::uint32_t size;
  };
  struct Put {
    Family family;
    std::string key;
    std::string record;
  };
  std::vector<HistoryAppend> history;
  std::string history_bytes;
  std::vector<Put> puts;
  std::vector<std::uint32_t>
      forgotten_items;  // their history goes, before anything of this batch is added

  // The item's number may be given to another one from now on.
  void Forget(std::uint32_t item) {
    std::erase_if(history, [&](const HistoryAppend& append) { return append.item == item; });
    forgotten_items.push_back(item);
  }

  std::string_view Record(const HistoryAppend& append) const {
    return std::string_view(history_bytes).substr(append.offset, append.size);
  }

  bool empty() const { return history.empty() && puts.empty() && forgotten_items.empty(); }
  void Clear() {
    history.clear();
    history_bytes.clear();
    puts.clear();
    forgotten_items.clear();
  }
};

// Keeps what the engine commits. One writer; reads see what was committed before.
class StateStore {
 public:
  virtual ~StateStore() = default;

  // After it returned, the batch is there for every later read. An error means that nothing of it
  // is.
  virtual base::Status Commit(const Batch& batch) = 0;

  // Calls `row` with each history record of the item, in any order. The view is valid during the
  // call.
  virtual void ReadHistory(std::uint32_t item,
                           const std::function<void(std::string_view record)>& row) = 0;

  // Calls `record` with each record of a family in order of its key.
  virtual void ReadFamily(
      Family family,
      const std::function<void(std::string_view key, std::string_view record)>& record) = 0;
};

}  // namespace stockwatch::ports
