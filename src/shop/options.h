#pragma once

#include <cstdint>

#include "base/instant.h"
#include "base/result.h"

namespace stockwatch::shop {

struct Options {
  static constexpr std::uint32_t kWarehousesMax = 100;
  static constexpr std::uint32_t kItemsPerWarehouseMax = 20'000;
  static constexpr std::uint32_t kDaysMax = 3660;

  std::uint64_t seed = 1;
  std::uint32_t warehouses = 3;
  std::uint32_t items_per_warehouse = 60;  // on the first day; a new product comes on top
  base::Instant start = base::Instant::Seconds(1'767'571'200);  // 2026-01-05, a Monday
  std::uint32_t days = 14;

  // kInvalidArgument: a count of 0 or beyond its limit; a start that is not midnight UTC; days that
  // reach beyond what a cluster time can hold.
  base::Status Validate() const;
};

}  // namespace stockwatch::shop
