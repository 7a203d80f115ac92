#include "shop/options.h"

#include <limits>
#include <string>
#include <string_view>

namespace stockwatch::shop {
namespace {

using base::Code;
using base::Error;
using base::Status;

Status ValidateCount(std::string_view name, std::uint32_t value, std::uint32_t max) {
  if (value >= 1 && value <= max) return {};
  return Error{Code::kInvalidArgument, "shop: \"" + std::string(name) + "\" is not between 1 and " +
                                           std::to_string(max) + ": " + std::to_string(value)};
}

Status ValidateStart(base::Instant start, std::uint32_t days) {
  constexpr std::int64_t kMicrosPerDay = base::Duration::Days(1).micros();
  constexpr std::int64_t kSecondsMax = std::numeric_limits<std::uint32_t>::max();
  const auto refused = [&](std::string_view why) {
    std::string message = "shop: \"start\" " + std::string(why) + ": ";
    base::AppendInstant(message, start);
    return Error{Code::kInvalidArgument, std::move(message)};
  };
  if (start.micros() % kMicrosPerDay != 0) return refused("is not midnight UTC");
  const std::int64_t last_day = kSecondsMax / 86'400 - days;
  if (start.micros() <= 0 || start.micros() / kMicrosPerDay > last_day) {
    return refused("does not leave cluster times between 1970 and 2106");
  }
  return {};
}

}  // namespace

Status Options::Validate() const {
  SW_TRY_STATUS(ValidateCount("warehouses", warehouses, kWarehousesMax));
  SW_TRY_STATUS(ValidateCount("items_per_warehouse", items_per_warehouse, kItemsPerWarehouseMax));
  SW_TRY_STATUS(ValidateCount("days", days, kDaysMax));
  return ValidateStart(start, days);
}

}  // namespace stockwatch::shop
