#pragma once

#include <vector>

#include "base/huge_pages.h"
#include "domain/demand/rings.h"
#include "domain/stock/item.h"

namespace stockwatch::demand {

// The rings of the items that have some, by Item::demand. References stay valid until they are
// freed.
class RingBook {
 public:
  stock::SlabIndex Add(Rings rings) {
    if (free_.empty()) {
      rings_.push_back(std::move(rings));
      return static_cast<stock::SlabIndex>(rings_.size() - 1);
    }
    const stock::SlabIndex index = free_.back();
    free_.pop_back();
    rings_[index] = std::move(rings);
    return index;
  }
  void Free(stock::SlabIndex index) {
    rings_[index] = Rings();
    free_.push_back(index);
  }
  Rings& operator[](stock::SlabIndex index) { return rings_[index]; }
  const Rings& operator[](stock::SlabIndex index) const { return rings_[index]; }
  std::size_t size() const { return rings_.size() - free_.size(); }

  // Asks for the memory that a sale of the present will touch.
  void Prefetch(stock::SlabIndex index) const { __builtin_prefetch(&rings_[index]); }

 private:
  base::HugeList<Rings> rings_;
  std::vector<stock::SlabIndex> free_;
};

}  // namespace stockwatch::demand
