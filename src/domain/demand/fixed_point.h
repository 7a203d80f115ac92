#pragma once

#include <cstdint>

#include "base/decimal.h"
#include "base/quantity.h"

namespace stockwatch::demand {

// Whole numbers for what others do in floating point, so that every machine gives the same.
__extension__ using Unsigned128 = unsigned __int128;

// No figure of demand goes beyond it: a million million pieces.
inline constexpr std::int64_t kFigureMax = 1'000'000'000'000'000;

// The largest that there is stands for everything above it.
constexpr Unsigned128 kUnsignedMax = ~Unsigned128{0};
constexpr Unsigned128 MultiplyBounded(Unsigned128 a, Unsigned128 b) {
  return a != 0 && b > kUnsignedMax / a ? kUnsignedMax : a * b;
}
constexpr Unsigned128 AddBounded(Unsigned128 a, Unsigned128 b) {
  return b > kUnsignedMax - a ? kUnsignedMax : a + b;
}

// a ÷ b, half to even. REQUIRES: b > 0
constexpr Unsigned128 DivideHalfEven(Unsigned128 a, Unsigned128 b) {
  const Unsigned128 quotient = a / b;
  const Unsigned128 rest = a % b;
  const Unsigned128 other = b - rest;
  return rest > other || (rest == other && quotient % 2 != 0) ? quotient + 1 : quotient;
}

// The whole number whose square is the largest that is not above `value`.
std::uint64_t RootOf(Unsigned128 value);
// √(a ÷ b), to the nearest whole number. REQUIRES: b > 0, 4 a < 2^128
std::uint64_t RootHalfEven(Unsigned128 a, Unsigned128 b);

// At most kFigureMax.
constexpr std::int64_t Figure(Unsigned128 value) {
  constexpr auto kMost = static_cast<Unsigned128>(kFigureMax);
  return static_cast<std::int64_t>(value < kMost ? value : kMost);
}
constexpr base::Quantity QuantityOf(Unsigned128 thousandths) {
  return base::Quantity::Thousandths(Figure(thousandths));
}
// 0 for what is negative.
constexpr Unsigned128 Positive(std::int64_t value) {
  return value > 0 ? static_cast<Unsigned128>(value) : 0;
}
constexpr Unsigned128 Positive(base::Quantity quantity) {
  return Positive(quantity.thousandths());
}

}  // namespace stockwatch::demand
