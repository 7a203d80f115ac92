#include "domain/event/condition_type.h"

namespace stockwatch::event {
namespace {

constexpr std::array<std::string_view, 4> kSeverityNames{"info", "warning", "critical", "page"};

}  // namespace

std::string_view Name(Severity severity) {
  return kSeverityNames[static_cast<std::size_t>(severity)];
}

std::optional<ConditionType> ConditionTypeFromName(std::string_view name) {
  for (std::size_t i = 0; i < kConditionTypes; ++i) {
    if (kConditions[i].name == name) return static_cast<ConditionType>(i);
  }
  return std::nullopt;
}

std::optional<Severity> SeverityFromName(std::string_view name) {
  for (std::size_t i = 0; i < kSeverityNames.size(); ++i) {
    if (kSeverityNames[i] == name) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

}  // namespace stockwatch::event
