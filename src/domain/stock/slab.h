#pragma once

#include <deque>
#include <vector>

#include "domain/stock/item.h"

namespace stockwatch::stock {

// Values that only some items have, by number. References stay valid until the value is freed.
template <typename T>
class Slab {
 public:
  SlabIndex Add(T value = T()) {
    if (free_.empty()) {
      values_.push_back(std::move(value));
      return static_cast<SlabIndex>(values_.size() - 1);
    }
    const SlabIndex index = free_.back();
    free_.pop_back();
    values_[index] = std::move(value);
    return index;
  }
  void Free(SlabIndex index) {
    values_[index] = T();
    free_.push_back(index);
  }
  T& operator[](SlabIndex index) { return values_[index]; }
  const T& operator[](SlabIndex index) const { return values_[index]; }
  std::size_t used() const { return values_.size() - free_.size(); }

 private:
  std::deque<T> values_;
  std::vector<SlabIndex> free_;
};

}  // namespace stockwatch::stock
