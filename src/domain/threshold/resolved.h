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
  std::array<event::Severity, event::kConditionTypes> severity{};

  // Which version gave each field; kNoVersion: nobody did.
  std::array<VersionIndex, kFields> origin{};
  // critical, low, max as their rule gave them, where placing clamped them.
  std::array<std::optional<base::Quantity>, 3> before_clamping;

  // Where an open alert clears: above critical and low, at or below max. REQUIRES: the field is
  // there.
  base::Quantity CriticalClears() const { return *critical + clear_margin.Of(*critical); }
  base::Quantity LowClears() const { return *low + clear_margin.Of(*low); }
  base::Quantity MaxClears() const { return *max - clear_margin.Of(*max); }
};

using ResolvedId = std::uint32_t;

}  // namespace stockwatch::threshold
