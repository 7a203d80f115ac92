#include "domain/event/condition_type.h"

#include <gtest/gtest.h>

namespace stockwatch::event {
namespace {

TEST(ConditionType, HasTheNamesAndSeveritiesOfTheDomain) {
  struct Case {
    ConditionType type;
    std::string_view name;
    Severity severity;
  };
  constexpr Case kCases[] = {
      {ConditionType::kOutOfStock, "out_of_stock", Severity::kCritical},
      {ConditionType::kCriticalStock, "critical_stock", Severity::kCritical},
      {ConditionType::kLowStock, "low_stock", Severity::kWarning},
      {ConditionType::kProjectedStockout, "projected_stockout", Severity::kWarning},
      {ConditionType::kNegativeStock, "negative_stock", Severity::kWarning},
      {ConditionType::kOverstock, "overstock", Severity::kInfo},
      {ConditionType::kVelocitySpike, "velocity_spike", Severity::kInfo},
      {ConditionType::kStaleStock, "stale_stock", Severity::kInfo},
      {ConditionType::kDrift, "drift", Severity::kWarning},
      {ConditionType::kCategoryLow, "category_low", Severity::kWarning},
      {ConditionType::kCategoryOut, "category_out", Severity::kCritical},
      {ConditionType::kSourceSilent, "source_silent", Severity::kPage},
      {ConditionType::kSourceGap, "source_gap", Severity::kCritical},
      {ConditionType::kUndeliverable, "undeliverable", Severity::kCritical},
      {ConditionType::kClock, "clock", Severity::kWarning},
      {ConditionType::kOplogHeadroom, "oplog_headroom", Severity::kCritical},
  };
  static_assert(std::size(kCases) == kConditionTypes);
  for (const auto& [type, name, severity] : kCases) {
    EXPECT_EQ(Name(type), name);
    EXPECT_EQ(kConditions[Index(type)].default_severity, severity) << name;
    EXPECT_EQ(ConditionTypeFromName(name), type) << name;
  }
}

TEST(ConditionType, IsUnknownUnderAnyOtherName) {
  for (const std::string_view name : {"", "low", "LOW_STOCK", "low_stock ", "out-of-stock"}) {
    EXPECT_EQ(ConditionTypeFromName(name), std::nullopt) << name;
  }
}

TEST(Severity, RisesFromInfoToPage) {
  EXPECT_LT(Severity::kInfo, Severity::kWarning);
  EXPECT_LT(Severity::kWarning, Severity::kCritical);
  EXPECT_LT(Severity::kCritical, Severity::kPage);
  for (const std::string_view name : {"info", "warning", "critical", "page"}) {
    const auto severity = SeverityFromName(name);
    ASSERT_TRUE(severity.has_value()) << name;
    EXPECT_EQ(Name(*severity), name);
  }
  EXPECT_EQ(SeverityFromName("Critical"), std::nullopt);
  EXPECT_EQ(SeverityFromName(""), std::nullopt);
}

}  // namespace
}  // namespace stockwatch::event
