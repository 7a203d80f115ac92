#pragma once

#include <compare>
#include <cstdint>

namespace stockwatch::base {

// The place of a change in its source's log, and the change's identity. `seconds` and `increment`
// are the cluster time; `ordinal` counts the distinct resume tokens of that cluster time from 0;
// `generation` rises with a resync after the source was replaced or went back in time.
// Default-constructed: before every change.
struct Position {
  std::uint32_t generation = 0;
  std::uint32_t seconds = 0;
  std::uint32_t increment = 0;
  std::uint32_t ordinal = 0;

  constexpr auto operator<=>(const Position&) const = default;
};

}  // namespace stockwatch::base
