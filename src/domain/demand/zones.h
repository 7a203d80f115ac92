#pragma once

#include <optional>
#include <string_view>

#include "base/quantity.h"
#include "domain/event/rule.h"

namespace stockwatch::demand {

// The buffer of demand driven planning, an option beside the reorder point. Source: Ptak, Smith,
// "Demand Driven Material Requirements Planning", 2nd edition, chapter 7.
struct BufferProfile {
  event::Thousandths lead_time_factor{500};    // short lead times near 1, long ones near 0.2
  event::Thousandths variability_factor{500};  // of demand and supply
  event::Thousandths order_cycle_days{0};      // 0: none is imposed
  std::optional<base::Quantity> moq;
};

struct Zones {
  base::Quantity red;     // base and safety
  base::Quantity yellow;  // demand of the lead time
  base::Quantity green;   // size of an order

  base::Quantity top_of_red() const { return red; }
  base::Quantity top_of_yellow() const { return red + yellow; }
  base::Quantity top_of_green() const { return red + yellow + green; }
};
// `daily`: average daily usage. `lead_time_days`: the decoupled lead time.
Zones ZonesOf(base::Quantity daily, event::Thousandths lead_time_days,
              const BufferProfile& profile);

enum class Zone : std::uint8_t { kOut, kRed, kYellow, kGreen, kAbove };
std::string_view Name(Zone zone);
// Where a net flow position (on hand and on order less demand that is due) lies. In yellow and
// below, the difference to the top of green is ordered.
Zone ZoneOf(const Zones& zones, base::Quantity position);

}  // namespace stockwatch::demand
