#pragma once

// What the job must come to, by a small program of its own: includes nothing of src/.

#include <cstdint>
#include <vector>

#include "job.h"

namespace stock_rmw_1 {

enum class AlertType : std::uint8_t { kOutOfStock, kCriticalStock, kLowStock, kNegativeStock };

struct Alert {
  AlertType type{};
  std::uint64_t item = 0;
  std::uint32_t opened_seconds = 0;
  std::int64_t value = 0;  // pieces available when it opened
  std::uint32_t reopened = 0;
  enum class State : std::uint8_t { kOpen, kResolved, kClosed } state = State::kOpen;
  std::uint32_t resolved_seconds = 0;  // the latest; 0 while open

  auto operator<=>(const Alert&) const = default;
};

struct Expected {
  std::vector<std::int64_t> stock;  // pieces, by item
  std::vector<Alert> alerts;        // sorted
  std::uint64_t applied = 0;
  std::uint64_t duplicates = 0;
};

Expected Expect(const Job& job);

}  // namespace stock_rmw_1
