#include "flow/rule_json.h"

#include <gtest/gtest.h>

namespace stockwatch::flow {
namespace {

TEST(RuleJson, LeavesOutWhatTheRuleLeavesOpen) {
  event::Rule rule;
  rule.id = "r";
  EXPECT_EQ(RuleJson(rule), R"({"id":"r","scope":{}})");
}

TEST(RuleJson, NamesEverythingAsTheSettingsDo) {
  event::Rule rule;
  rule.id = "r";
  rule.scope.warehouse_id = "GB";
  rule.scope.category = "85";
  rule.fields.critical = base::Quantity::Thousandths(1'500);
  rule.fields.low = base::Quantity::Thousandths(20'000);
  rule.fields.clear_margin = event::Margin{event::Margin::Kind::kPercent, 12'500};
  rule.fields.hold_for = base::Duration::Minutes(90);
  rule.fields.compare = event::Compare::kPosition;
  rule.fields.low_share = event::Thousandths{400};
  rule.fields.freeze = true;
  rule.fields.enabled = false;
  rule.fields.severity[event::Index(event::ConditionType::kLowStock)] = event::Severity::kPage;
  rule.fields.channels = std::vector<std::string>{"a", "b"};
  rule.effective_until = base::Instant::Seconds(1);
  rule.priority = -1;
  rule.locked = true;
  rule.author = "me";
  rule.reason = "why";
  EXPECT_EQ(
      RuleJson(rule),
      R"({"id":"r","scope":{"warehouse_id":"GB","category":"85"},"critical":1.5,"low":20,)"
      R"("clear_margin":"12.5%","hold_for":"1h30m","compare":"position","low_share":0.4,"freeze":true,)"
      R"("enabled":false,"severity":{"low_stock":"page"},"channels":["a","b"],)"
      R"("effective_until":"1970-01-01T00:00:01Z","priority":-1,"locked":true,)"
      R"("author":"me","reason":"why"})");
}

}  // namespace
}  // namespace stockwatch::flow
