#pragma once

#include <optional>

#include "base/quantity.h"
#include "domain/demand/planning.h"
#include "domain/demand/zones.h"
#include "domain/event/rule.h"

namespace stockwatch::demand {

// What the stock that is held against demand and late receipts is worked out by.
enum class BufferMethod : std::uint8_t {
  kCycleService,  // type 1: the share of the cycles without a stock-out
  kFillRate,      // type 2: the share of the demand that is served from stock
  kZones,         // demand driven: red, yellow, green
};

struct BufferOptions {
  BufferMethod method = BufferMethod::kCycleService;
  // Of kZones.
  event::Thousandths lead_time_factor{500};
  event::Thousandths variability_factor{500};
  event::Thousandths order_cycle_days{0};
};

// Of one item.
struct Buffer {
  base::Quantity safety_stock;   // zones: red
  base::Quantity reorder_point;  // compared with the inventory position; zones: top of yellow
  base::Quantity order_up_to;    // zones: top of green
  std::optional<Zones> zones;
};
// `max` takes the place of what is ordered up to. A fill rate takes the demand of the review days,
// in whole lots, for what is ordered at a time.
Buffer BufferOf(const Rate& rate, const Supply& supply, const Lots& lots,
                event::Thousandths review_days, std::optional<base::Quantity> max,
                const BufferOptions& options);

}  // namespace stockwatch::demand
