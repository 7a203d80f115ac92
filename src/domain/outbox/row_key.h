#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stockwatch::outbox {

// Where a row stands among those of its alert for one destination.
struct PlaceInAlert {
  std::string_view alert;      // its id
  std::uint64_t sequence = 0;  // by transition, then occurrence

  bool operator==(const PlaceInAlert&) const = default;
};
// As the key of a row says it. nullopt: a digest's key, which stands for several.
std::optional<PlaceInAlert> PlaceOf(std::string_view key);

}  // namespace stockwatch::outbox
