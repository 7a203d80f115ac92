#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "base/result.h"
#include "domain/event/condition_type.h"

namespace stockwatch::event {

// A plain number with 3 decimals that is no quantity: days, ratios, shares, service levels.
struct Thousandths {
  static constexpr base::DecimalFormat kFormat{3, 1'000'000'000'000};
  std::int64_t count = 0;
  constexpr auto operator<=>(const Thousandths&) const = default;
};

enum class Compare : std::uint8_t { kAvailable, kOnHand, kPosition };
enum class Mode : std::uint8_t { kStatic, kDynamic };

std::string_view Name(Compare compare);

// How far beyond its threshold a value must come back before an alert clears: a quantity, or a
// share of the field.
struct Margin {
  enum class Kind : std::uint8_t { kQuantity, kPercent };
  Kind kind = Kind::kQuantity;
  std::int64_t amount = 0;  // thousandths of a piece, or of a percent

  // The margin of a field with that value; a percentage is rounded half to even.
  base::Quantity Of(base::Quantity field) const;
  constexpr bool operator==(const Margin&) const = default;
};

// What a rule covers. An empty name covers everything; what is named must match.
struct RuleScope {
  std::string warehouse_id;
  std::string department;
  std::string category;
  std::string brand;
  std::string product_id;
  std::string sku;

  bool operator==(const RuleScope&) const = default;
  bool empty() const { return *this == RuleScope{}; }
};

// Each field is optional and inherited on its own.
struct RuleFields {
  std::optional<base::Quantity> critical;
  std::optional<base::Quantity> low;
  std::optional<base::Quantity> max;
  std::optional<Margin> clear_margin;
  std::optional<base::Duration> hold_for;
  std::optional<Compare> compare;
  std::optional<Thousandths> days_of_cover;
  std::optional<Mode> mode;
  std::optional<base::Quantity> low_floor;
  std::optional<base::Quantity> low_ceiling;
  std::optional<Thousandths> service_level;
  std::optional<Thousandths> lead_time_days;
  std::optional<Thousandths> lead_time_sd_days;
  std::optional<Thousandths> review_days;
  std::optional<Thousandths> velocity_spike_ratio;
  std::optional<Thousandths> stale_days;
  std::optional<Thousandths> low_share;
  std::optional<Thousandths> season_factor;
  std::optional<bool> freeze;  // what is sold meanwhile teaches nothing
  std::optional<base::Quantity> drift_tolerance;
  std::optional<bool> enabled;
  std::array<std::optional<Severity>, kConditionTypes> severity;
  std::optional<std::vector<std::string>> channels;

  bool operator==(const RuleFields&) const = default;
};

// One version of a threshold rule; immutable once accepted.
struct Rule {
  std::string id;
  RuleScope scope;
  RuleFields fields;
  std::optional<base::Instant> effective_from;   // first instant in force; none: always was
  std::optional<base::Instant> effective_until;  // first instant out of force; none: never ends
  std::int32_t priority = 0;
  bool locked = false;      // more specific rules can't loosen its fields
  bool is_default = false;  // an empty scope is meant
  std::string author;
  std::string reason;

  bool operator==(const Rule&) const = default;
  bool InForceAt(base::Instant at) const {
    return (!effective_from || at >= *effective_from) &&
           (!effective_until || at < *effective_until);
  }
};

// kInvalidArgument naming the field: critical > low, low > max, a negative where it means nothing,
// low_floor > low_ceiling, a service level of 0, 1 or beyond, an empty scope without `default:
// true`, an empty or inverted interval.
base::Status ValidateRule(const Rule& rule);

}  // namespace stockwatch::event
