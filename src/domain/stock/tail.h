#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/position.h"
#include "domain/stock/history_row.h"

namespace stockwatch::stock {

// The youngest rows of one item, in order of position: the cache of its history that deduplication
// and drift checks need. At or below `floor` only the history knows.
class Tail {
 public:
  struct Row {
    base::Position position;
    Figures effect;  // of a movement
    RowKind kind;
  };

  enum class Mark : std::uint8_t { kNew, kKnown, kBelowFloor };

  explicit Tail(base::Position floor = {}) : floor_(floor) {}

  // Whether a change at this position was applied.
  Mark Find(base::Position position) const;
  // REQUIRES: Find(row.position) == kNew, or kBelowFloor (then the row is left to the history).
  void Insert(const Row& row);
  // Drops rows of clusters seconds at or below `seconds`.
  void Trim(std::uint32_t seconds);

  std::span<const Row> rows() const { return {rows_.data() + first_, rows_.size() - first_}; }
  base::Position floor() const { return floor_; }
  bool empty() const { return first_ == rows_.size(); }
  std::size_t memory_bytes() const { return rows_.capacity() * sizeof(Row); }

 private:
  base::Position floor_;
  std::uint32_t first_ = 0;  // rows before it were dropped; compacted when they are half
  std::vector<Row> rows_;
};

inline constexpr std::uint32_t kTailSeconds = 600;

}  // namespace stockwatch::stock
