#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/position.h"
#include "base/result.h"
#include "ports/batch.h"

namespace stockwatch::ports {

// Keeps what the engine commits. One writer; reads see what was committed before. After an error of
// any call the store is of no more use to this process: nothing is served that may be wrong.
class StateStore {
 public:
  virtual ~StateStore() = default;

  using HistoryRow = std::function<void(base::Position position, std::string_view record)>;
  using Record = std::function<void(std::string_view key, std::string_view record)>;

  // False: an engine that starts on it never goes on from it, so images for a restart are not
  // wanted.
  virtual bool OutlivesEngine() const { return true; }

  // After it returned, the batch is there for every later read and survives what the store promises
  // to survive. An error means that nothing of it is, or that nobody knows.
  virtual base::Status Commit(const Batch& batch) = 0;

  // Whether this process still is the store's one writer. An error: another one may have taken it,
  // so nothing may be told to anybody any more.
  virtual base::Status CheckOwner() { return {}; }
  // Raised by each writer: what is done in its name is stamped with it.
  virtual std::uint64_t epoch() const { return 0; }

  // Calls `row` with each history record of the item, in any order. The view is valid during the
  // call.
  virtual base::Status ReadHistory(std::uint32_t item, const HistoryRow& row) = 0;

  // Calls `record` with each record of a family in order of its key's bytes.
  virtual base::Status ReadFamily(Family family, const Record& record) = 0;

  struct Range {
    Family family{};
    std::string_view from = {};  // first key, there or not; empty: from where reading begins
    bool descending = false;
  };
  using RangeRecord = std::function<bool(std::string_view key, std::string_view record)>;
  // Calls `record` with each record from there on in order of its key's bytes, or against it, until
  // it says false: costs what is read and not what there is. For lists that are shown while changes
  // come. REQUIRES: IsListed(range.family)
  virtual base::Status ReadRange(const Range& range, const RangeRecord& record) = 0;

  using FamilyRecord =
      std::function<void(Family family, std::string_view key, std::string_view record)>;
  // Each of the families in turn. A store may read the next one while the caller has to do with the
  // one before: for a start, which reads nearly all that there is.
  virtual base::Status ReadFamilies(std::span<const Family> families, const FamilyRecord& record) {
    for (const Family family : families) {
      SW_TRY_STATUS(ReadFamily(family, [&](std::string_view key, std::string_view bytes) {
        record(family, key, bytes);
      }));
    }
    return {};
  }
};

}  // namespace stockwatch::ports
