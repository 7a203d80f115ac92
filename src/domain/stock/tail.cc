#include "domain/stock/tail.h"

#include <algorithm>

namespace stockwatch::stock {
namespace {

bool Before(const Tail::Row& row, const base::Position& position) {
  return row.position < position;
}

}  // namespace

Tail::Mark Tail::Find(base::Position position) const {
  if (position <= floor_) return Mark::kBelowFloor;
  const auto begin = rows_.begin() + first_;
  if (begin == rows_.end() || rows_.back().position < position) return Mark::kNew;
  const auto place = std::lower_bound(begin, rows_.end(), position, Before);
  return place->position == position ? Mark::kKnown : Mark::kNew;
}

void Tail::Insert(const Row& row) {
  if (row.position <= floor_) return;
  if (first_ == rows_.size() || rows_.back().position < row.position) {
    // Most tails hold a handful of rows, and there is one for each moving item.
    if (rows_.empty()) rows_.reserve(4);
    rows_.push_back(row);
    return;
  }
  rows_.insert(std::lower_bound(rows_.begin() + first_, rows_.end(), row.position, Before), row);
}

void Tail::Trim(std::uint32_t seconds) {
  const std::uint32_t before = first_;
  while (first_ < rows_.size() && rows_[first_].position.seconds <= seconds) ++first_;
  if (first_ != before) floor_ = std::max(floor_, rows_[first_ - 1].position);
  if (first_ * 2 >= rows_.size() && first_ > 0) {
    rows_.erase(rows_.begin(), rows_.begin() + first_);
    first_ = 0;
  }
}

}  // namespace stockwatch::stock
