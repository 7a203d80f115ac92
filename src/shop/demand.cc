#include "shop/demand.h"

#include <array>

namespace stockwatch::shop {
namespace {

// Shares of a day's customers by hour of UTC, in tenths of a percent: a peak at noon, a higher one
// in the evening.
constexpr std::array<std::uint32_t, 24> kHours{8,  5,  3,  2,  2,  5,  13, 26, 40, 50, 58, 72,
                                               80, 64, 52, 46, 48, 58, 74, 92, 88, 60, 36, 18};
// Percent of an average day, Monday first.
constexpr std::array<std::uint32_t, 7> kWeekdays{94, 88, 90, 96, 106, 120, 106};

constexpr std::uint32_t Sum(const auto& table) {
  std::uint32_t sum = 0;
  for (const std::uint32_t value : table) sum += value;
  return sum;
}
static_assert(Sum(kHours) == 1000);
static_assert(Sum(kWeekdays) == 700);

}  // namespace

std::uint32_t WeekdayOf(base::Instant at) {
  constexpr std::int64_t kThursday = 3;  // 1970-01-01
  return static_cast<std::uint32_t>((at.micros() / base::Duration::Days(1).micros() + kThursday) %
                                    7);
}

std::uint64_t CustomersOfSlot(std::uint32_t daily_thousandths, std::uint32_t weekday,
                              std::uint32_t slot) {
  // thousandths × 1000 are millionths; tenths of a percent, percent, and 12 slots an hour are taken
  // out again.
  return std::uint64_t{daily_thousandths} * 1000 * kHours[slot / 12] * kWeekdays[weekday] /
         (1000 * 100 * 12);
}

}  // namespace stockwatch::shop
