#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stockwatch::event {

// The conditions an alert can be about, in the order in which those of one item are judged and mute
// each other.
enum class ConditionType : std::uint8_t {
  kOutOfStock,
  kCriticalStock,
  kLowStock,
  kProjectedStockout,
  kNegativeStock,
  kOverstock,
  kVelocitySpike,
  kStaleStock,
  kDrift,
  kCategoryLow,
  kCategoryOut,
  kSourceSilent,
  kSourceGap,
  kUndeliverable,
  kClock,
  kOplogHeadroom,
};
inline constexpr std::size_t kConditionTypes = 16;
inline constexpr ConditionType kLastConditionType = ConditionType::kOplogHeadroom;
// Those that older records could have: the ones before kSourceGap, kClock, kOplogHeadroom.
inline constexpr std::size_t kConditionTypesBeforeGap = 12;
inline constexpr std::size_t kConditionTypesBeforeClock = 14;
inline constexpr std::size_t kConditionTypesBeforeHeadroom = 15;

enum class Severity : std::uint8_t { kInfo, kWarning, kCritical, kPage };

struct ConditionTraits {
  std::string_view name;
  Severity default_severity;
};

inline constexpr std::array<ConditionTraits, kConditionTypes> kConditions{{
    {"out_of_stock", Severity::kCritical},
    {"critical_stock", Severity::kCritical},
    {"low_stock", Severity::kWarning},
    {"projected_stockout", Severity::kWarning},
    {"negative_stock", Severity::kWarning},
    {"overstock", Severity::kInfo},
    {"velocity_spike", Severity::kInfo},
    {"stale_stock", Severity::kInfo},
    {"drift", Severity::kWarning},
    {"category_low", Severity::kWarning},
    {"category_out", Severity::kCritical},
    {"source_silent", Severity::kPage},
    {"source_gap", Severity::kCritical},
    {"undeliverable", Severity::kCritical},
    {"clock", Severity::kWarning},
    {"oplog_headroom", Severity::kCritical},
}};

constexpr std::size_t Index(ConditionType type) {
  return static_cast<std::size_t>(type);
}
constexpr std::string_view Name(ConditionType type) {
  return kConditions[Index(type)].name;
}
std::string_view Name(Severity severity);

std::optional<ConditionType> ConditionTypeFromName(std::string_view name);
std::optional<Severity> SeverityFromName(std::string_view name);

}  // namespace stockwatch::event
