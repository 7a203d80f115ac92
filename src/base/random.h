#pragma once

#include <cstdint>

namespace stockwatch::base {

inline constexpr std::uint64_t kSplitMix64Step = 0x9E3779B97F4A7C15u;

// The number that SplitMix64 gives in state `value`. Source: Steele, Lea, Flood, "Fast Splittable
// Pseudorandom Number Generators", OOPSLA 2014.
constexpr std::uint64_t SplitMix64(std::uint64_t value) {
  std::uint64_t z = value + kSplitMix64Step;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// A seeded generator: the same seed gives the same numbers on every machine.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t Next() {
    const std::uint64_t number = SplitMix64(state_);
    state_ += kSplitMix64Step;
    return number;
  }
  // 0 … bound − 1, by the high bits of a product (bias below 2^-32 for bounds below 2^32).
  // REQUIRES: bound > 0
  constexpr std::uint32_t Below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((Next() >> 32) * bound) >> 32);
  }
  // True in `parts` of `whole` cases.
  constexpr bool Chance(std::uint32_t parts, std::uint32_t whole) { return Below(whole) < parts; }

 private:
  std::uint64_t state_;
};

}  // namespace stockwatch::base
