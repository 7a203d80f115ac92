#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/position.h"
#include "domain/event/rule.h"

namespace stockwatch::threshold {

// One accepted version of a rule; immutable.
struct RuleVersion {
  event::Rule rule;
  std::uint32_t version = 1;
  base::Position place;  // in the log; those of the settings file come before every change

  bool operator==(const RuleVersion&) const = default;
};

using VersionIndex = std::uint32_t;
inline constexpr VersionIndex kNoVersion = 0xFFFFFFFF;

// The fields this version judges by; each resolves on its own.
enum class Field : std::uint8_t {
  kCritical,
  kLow,
  kMax,
  kClearMargin,
  kHoldFor,
  kCompare,
  kStaleDays,
  kLowShare,
  kDriftTolerance,
  kEnabled,
  kChannels,
  kMode,
  kLowFloor,
  kLowCeiling,
  kDaysOfCover,
  kVelocitySpikeRatio,
  kServiceLevel,
  kLeadTimeDays,
  kLeadTimeSdDays,
  kReviewDays,
  kSeasonFactor,
  kFreeze,
  kSeverity,  // the first of event::kConditionTypes, one a type
};
inline constexpr std::size_t kFields =
    static_cast<std::size_t>(Field::kSeverity) + event::kConditionTypes;
constexpr std::size_t Index(Field field) {
  return static_cast<std::size_t>(field);
}
constexpr std::size_t SeverityIndex(event::ConditionType type) {
  return Index(Field::kSeverity) + event::Index(type);
}
// "low", "severity.low_stock", …
std::string FieldName(std::size_t field);

// Critical stock, low stock, too much; each where it is given.
struct Bounds {
  std::optional<base::Quantity> critical;
  std::optional<base::Quantity> low;
  std::optional<base::Quantity> max;
  VersionIndex low_origin = kNoVersion;  // of the rule whose figure `low` is

  bool operator==(const Bounds&) const = default;
};

// The thresholds in force for one item or node, field by field.
struct Resolved {
  std::optional<base::Quantity> critical;
  std::optional<base::Quantity> low;
  std::optional<base::Quantity> max;
  event::Margin clear_margin;
  base::Duration hold_for;
  event::Compare compare = event::Compare::kAvailable;
  std::optional<event::Thousandths> stale_days;
  std::optional<event::Thousandths> low_share;
  std::optional<base::Quantity> drift_tolerance;
  bool enabled = true;
  std::vector<std::string> channels;
  // `low` is to be the reorder point: no more specific rule gives a static one.
  bool dynamic = false;
  std::optional<base::Quantity> low_floor;
  std::optional<base::Quantity> low_ceiling;
  std::optional<event::Thousandths> days_of_cover;
  std::optional<event::Thousandths> velocity_spike_ratio;
  std::optional<event::Thousandths> service_level;
  std::optional<event::Thousandths> lead_time_days;
  // Those two are given by a rule that names the product or SKU: they stand before the document's.
  bool own_service_level = false;
  bool own_lead_time = false;
  event::Thousandths lead_time_sd_days{0};
  std::optional<event::Thousandths> review_days;
  event::Thousandths season_factor{1000};
  bool freeze = false;
  std::array<event::Severity, event::kConditionTypes> severity{};

  // Which version gave each field; kNoVersion: nobody did.
  std::array<VersionIndex, kFields> origin{};
  // The order in which critical, low (a dynamic one: by the rule that says so) and max were placed.
  std::array<std::uint8_t, 3> placing{0, 1, 2};
  // critical, low, max as their rule gave them, where placing clamped them.
  std::array<std::optional<base::Quantity>, 3> before_clamping;

  // Where an open alert clears: above critical and low, at or below max. REQUIRES: the field is
  // there.
  base::Quantity CriticalClears() const { return *critical + clear_margin.Of(*critical); }
  base::Quantity LowClears() const { return *low + clear_margin.Of(*low); }
  base::Quantity MaxClears() const { return *max - clear_margin.Of(*max); }

  // Something of the item's demand is judged.
  bool NeedsDemand() const { return dynamic || days_of_cover || velocity_spike_ratio; }
  // The bounds where the dynamic low has that value; nullopt: nothing is known of the demand, so
  // that the static one stands inside floor and ceiling, or the floor where there is none.
  Bounds WithLow(std::optional<base::Quantity> dynamic_low) const;
};

using ResolvedId = std::uint32_t;

}  // namespace stockwatch::threshold
