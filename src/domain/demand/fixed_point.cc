#include "domain/demand/fixed_point.h"

namespace stockwatch::demand {

// Digit by digit, two bits of the value for one of the root.
std::uint64_t RootOf(Unsigned128 value) {
  Unsigned128 root = 0;
  Unsigned128 rest = 0;
  for (int shift = 126; shift >= 0; shift -= 2) {
    rest = rest << 2 | (value >> shift & 3);
    root <<= 1;
    const Unsigned128 trial = root << 1 | 1;
    if (rest >= trial) {
      rest -= trial;
      root |= 1;
    }
  }
  return static_cast<std::uint64_t>(root);
}

// With r = ⌊√(a/b)⌋ the next one is nearer if a/b > (r + ½)², that is 4a > (2r + 1)² b.
std::uint64_t RootHalfEven(Unsigned128 a, Unsigned128 b) {
  const std::uint64_t root = RootOf(a / b);
  const Unsigned128 middle = Unsigned128{root} * 2 + 1;
  const Unsigned128 square = MultiplyBounded(MultiplyBounded(middle, middle), b);
  const Unsigned128 fourfold = a * 4;
  return fourfold > square || (fourfold == square && root % 2 != 0) ? root + 1 : root;
}

}  // namespace stockwatch::demand
