#include "shop/demand.h"

#include <algorithm>
#include <array>

#include "base/assertion.h"

namespace stockwatch::shop {
namespace {

// Shares of a day's customers by hour of UTC, in tenths of a percent: a peak at noon, a higher one
// in the evening.
constexpr std::array<std::uint32_t, 24> kHours{8,  5,  3,  2,  2,  5,  13, 26, 40, 50, 58, 72,
                                               80, 64, 52, 46, 48, 58, 74, 92, 88, 60, 36, 18};
// Percent of an average day, Monday first.
constexpr std::array<std::uint32_t, 7> kWeekdays{94, 88, 90, 96, 106, 120, 106};

struct Season {
  std::string_view department;
  std::array<std::uint32_t, 12> months;  // percent of an average month
};
constexpr std::array<Season, 5> kSeasons{{
    {"Apparel", {95, 90, 95, 105, 110, 105, 95, 90, 95, 105, 105, 110}},
    {"Home", {95, 95, 95, 95, 95, 90, 90, 95, 100, 105, 120, 125}},
    {"Footwear", {85, 90, 105, 115, 110, 100, 95, 95, 105, 105, 95, 100}},
    {"Electronics", {90, 90, 90, 90, 90, 90, 95, 95, 100, 105, 130, 135}},
    {"Outdoor", {60, 65, 90, 115, 135, 145, 145, 130, 105, 80, 65, 65}},
}};

constexpr std::uint32_t Sum(const auto& table) {
  std::uint32_t sum = 0;
  for (const std::uint32_t value : table) sum += value;
  return sum;
}
static_assert(Sum(kHours) == 1000);
static_assert(Sum(kWeekdays) == 700);
static_assert(std::all_of(kSeasons.begin(), kSeasons.end(),
                          [](const Season& season) { return Sum(season.months) == 1200; }));

}  // namespace

std::uint32_t WeekdayOf(base::Instant at) {
  constexpr std::int64_t kThursday = 3;  // 1970-01-01
  return static_cast<std::uint32_t>((at.micros() / base::Duration::Days(1).micros() + kThursday) %
                                    7);
}

std::uint32_t SeasonPercent(std::string_view department, base::Instant at) {
  const auto season = std::find_if(kSeasons.begin(), kSeasons.end(),
                                   [&](const Season& s) { return s.department == department; });
  SW_ASSERT(season != kSeasons.end(), "every department of the catalogue has its season");
  // 365.2425 days a year, in hundredths of a month from the middle of December.
  const std::int64_t days = at.micros() / base::Duration::Days(1).micros();
  const auto place = static_cast<std::uint32_t>(days * 10'000 % 3'652'425 * 1200 / 3'652'425) + 50;
  const std::uint32_t before = season->months[(place / 100 + 11) % 12];
  const std::uint32_t behind = season->months[place / 100 % 12];
  return (before * (100 - place % 100) + behind * (place % 100)) / 100;
}

std::uint64_t CustomersOfSlot(std::uint32_t daily_thousandths, std::uint32_t weekday,
                              std::uint32_t slot) {
  // thousandths × 1000 are millionths; tenths of a percent, percent, and 12 slots an hour are taken
  // out again.
  return std::uint64_t{daily_thousandths} * 1000 * kHours[slot / 12] * kWeekdays[weekday] /
         (1000 * 100 * 12);
}

}  // namespace stockwatch::shop
