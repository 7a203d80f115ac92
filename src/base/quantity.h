#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/decimal.h"

namespace stockwatch::base {

// A count of thousandths of a piece: Pieces(1) is 1,000. Sums wrap at 2^63 thousandths (9 × 10^15
// pieces), which 9 million changes of the largest legal size would have to reach; they never trap.
class Quantity {
 public:
  static constexpr DecimalFormat kFormat{3, 1'000'000'000'000};  // ± 10^9 pieces

  constexpr Quantity() = default;
  static constexpr Quantity Thousandths(std::int64_t count) { return Quantity(count); }
  static constexpr Quantity Pieces(std::int64_t count) { return Quantity(count * 1000); }

  constexpr std::int64_t thousandths() const { return count_; }
  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity operator-() const { return Quantity(Wrap(0 - Bits(count_))); }
  constexpr Quantity operator+(Quantity other) const {
    return Quantity(Wrap(Bits(count_) + Bits(other.count_)));
  }
  constexpr Quantity operator-(Quantity other) const {
    return Quantity(Wrap(Bits(count_) - Bits(other.count_)));
  }
  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
  constexpr Quantity& operator-=(Quantity other) { return *this = *this - other; }

 private:
  constexpr explicit Quantity(std::int64_t count) : count_(count) {}
  static constexpr std::uint64_t Bits(std::int64_t v) { return static_cast<std::uint64_t>(v); }
  static constexpr std::int64_t Wrap(std::uint64_t v) { return static_cast<std::int64_t>(v); }

  std::int64_t count_ = 0;
};

inline void AppendQuantity(std::string& out, Quantity quantity) {
  AppendDecimal(out, quantity.thousandths(), Quantity::kFormat.decimals);
}

}  // namespace stockwatch::base
