#pragma once

#include <cstdint>

#include "base/instant.h"

namespace stockwatch::shop {

// How demand breathes: whole percents and fixed tables, so that every machine sees the same shop.

// Days since the epoch to Monday = 0 … Sunday = 6.
std::uint32_t WeekdayOf(base::Instant at);

// Customers of the five minutes that begin at `slot` (0 … 287) of that weekday, in millionths, of
// an item that has `daily_thousandths` customers on an average day.
std::uint64_t CustomersOfSlot(std::uint32_t daily_thousandths, std::uint32_t weekday,
                              std::uint32_t slot);

inline constexpr std::uint32_t kSlotsPerDay = 288;
inline constexpr base::Duration kSlot = base::Duration::Minutes(5);

}  // namespace stockwatch::shop
