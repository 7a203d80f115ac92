#pragma once

#include <array>
#include <cstdint>

#include "domain/event/condition_type.h"

namespace stockwatch::flow {

// read = applied + duplicate + stale + dead_lettered + control.
struct ChangeCounts {
  std::uint64_t read = 0;
  std::uint64_t applied = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t stale = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t control = 0;

  bool operator==(const ChangeCounts&) const = default;
};

using CountByType = std::array<std::uint64_t, event::kConditionTypes>;

struct AlertCounts {
  CountByType opened{};
  CountByType reopened{};
  CountByType resolved{};

  bool operator==(const AlertCounts&) const = default;
};

}  // namespace stockwatch::flow
