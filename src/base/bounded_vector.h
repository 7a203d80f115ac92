#pragma once

#include <array>
#include <cstddef>

#include "base/assertion.h"

namespace stockwatch::base {

// Up to `Capacity` values in place, no allocation. For lists whose length the domain bounds, such as the levels of a
// path. T is default-constructible and cheap to copy.
template <typename T, std::size_t Capacity>
class BoundedVector {
 public:
  void push_back(const T& value) {
    SW_ASSERT(size_ < Capacity, "the domain bounds this list");
    values_[size_++] = value;
  }
  void clear() { size_ = 0; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t i) const { return values_[i]; }
  T& operator[](std::size_t i) { return values_[i]; }
  const T* begin() const { return values_.data(); }
  const T* end() const { return values_.data() + size_; }
  const T& back() const { return values_[size_ - 1]; }

 private:
  std::array<T, Capacity> values_{};
  std::size_t size_ = 0;
};

}  // namespace stockwatch::base
