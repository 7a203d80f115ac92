#pragma once

#include <cstdint>
#include <string_view>

#include "base/instant.h"

namespace stockwatch::shop {

// How demand breathes: whole percents and fixed tables, so that every machine sees the same shop.

// Days since the epoch to Monday = 0 … Sunday = 6.
std::uint32_t WeekdayOf(base::Instant at);

// Customers of the five minutes that begin at `slot` (0 … 287) of that weekday, in millionths, of
// an item that has `daily_thousandths` customers on an average day.
std::uint64_t CustomersOfSlot(std::uint32_t daily_thousandths, std::uint32_t weekday,
                              std::uint32_t slot);

// Customers of that time of the year, in percent of an average one: a table by department, the
// months' middles joined by straight lines.
std::uint32_t SeasonPercent(std::string_view department, base::Instant at);

inline constexpr std::uint32_t kSlotsPerDay = 288;
inline constexpr base::Duration kSlot = base::Duration::Minutes(5);

}  // namespace stockwatch::shop
