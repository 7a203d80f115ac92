#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/quantity.h"
#include "domain/demand/forecast.h"
#include "domain/demand/planning.h"

namespace stockwatch::alert {

// What was known of an item's demand when it led to an alert, as it was then: a fact, never worked
// out again.
struct Basis {
  // When the stock is to run out, with the 80 % interval.
  struct Cover {
    event::Thousandths days;
    base::Instant stockout;
    base::Instant early;
    base::Instant late;

    bool operator==(const Cover&) const = default;
  };
  // How a dynamic `low` came about.
  struct Low {
    base::Quantity safety_stock;
    base::Quantity reorder_point;
    std::optional<base::Quantity> day_before;  // the reorder point without the last day
    std::optional<base::Quantity> floor;
    std::optional<base::Quantity> ceiling;
    demand::LowLimit limit{};  // what kept it from the reorder point
    base::Quantity low;        // in force, between `critical` and `max`

    bool operator==(const Low&) const = default;
  };

  demand::Pattern pattern{};
  std::uint8_t teaching_days = 0;
  base::Quantity daily;  // d, without its season
  base::Quantity deviation;
  event::Thousandths season_factor{1000};
  base::Quantity sold_day;     // in the hour in progress and the 23 before
  std::optional<Cover> cover;  // nullopt: no demand
  bool receipt_due = false;    // some of what is on its way is expected at:
  base::Instant receipt;       // else now + lead time
  event::Thousandths lead_time_days{0};
  event::Thousandths lead_time_sd_days{0};
  event::Thousandths service_level{0};
  event::Thousandths review_days{0};
  std::optional<Low> low;  // of a dynamic one

  bool operator==(const Basis&) const = default;
};

// docs/formats.md, Basis. What is none fails the reader.
void PutBasis(base::ByteWriter& writer, const Basis& basis);
Basis TakeBasis(base::ByteReader& reader);

}  // namespace stockwatch::alert
