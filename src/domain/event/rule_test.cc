#include "domain/event/rule.h"

#include <gtest/gtest.h>

#include <functional>

namespace stockwatch::event {
namespace {

using base::Code;
using base::Quantity;

Rule CategoryRule() {
  Rule rule;
  rule.id = "r";
  rule.scope.category = "85";
  return rule;
}

TEST(ValidateRule, AcceptsWhatMeansSomething) {
  const std::function<void(Rule&)> changes[] = {
      [](Rule&) {},
      [](Rule& r) {
        r.scope = {};
        r.is_default = true;
      },
      [](Rule& r) { r.fields.critical = r.fields.low = r.fields.max = Quantity::Pieces(4); },
      [](Rule& r) { r.fields.low = Quantity(); },
      [](Rule& r) { r.fields.low_share = Thousandths{1000}; },
      [](Rule& r) { r.fields.mode = Mode::kStatic; },
      [](Rule& r) { r.effective_from = base::Instant::Seconds(5); },
      [](Rule& r) { r.effective_until = base::Instant::Seconds(5); },
      [](Rule& r) {
        r.effective_from = base::Instant::Seconds(5);
        r.effective_until = base::Instant::Seconds(6);
      },
      [](Rule& r) { r.priority = -3; },
      [](Rule& r) { r.fields.channels = std::vector<std::string>(); },
  };
  for (const auto& change : changes) {
    Rule rule = CategoryRule();
    change(rule);
    const auto status = ValidateRule(rule);
    EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  }
}

TEST(ValidateRule, RefusesAndNamesTheField) {
  struct Case {
    std::function<void(Rule&)> change;
    std::string_view message;
  };
  const Quantity below = Quantity::Thousandths(-1);
  const Case cases[] = {
      {[](Rule& r) { r.scope = {}; },
       "\"scope\" is empty: a rule for everything says \"default: true\""},
      {[](Rule& r) { r.is_default = true; }, "\"default\" goes with an empty scope"},
      {[](Rule& r) {
         r.effective_from = base::Instant::Seconds(6);
         r.effective_until = base::Instant::Seconds(5);
       },
       "\"effective\" ends before it begins"},
      {[](Rule& r) { r.effective_from = r.effective_until = base::Instant::Seconds(5); },
       "\"effective\" ends before it begins"},
      {[&](Rule& r) { r.fields.critical = below; }, "\"critical\" is negative"},
      {[&](Rule& r) { r.fields.low = below; }, "\"low\" is negative"},
      {[&](Rule& r) { r.fields.max = below; }, "\"max\" is negative"},
      {[](Rule& r) { r.fields.clear_margin = Margin{Margin::Kind::kPercent, -1}; },
       "\"clear_margin\" is negative"},
      {[](Rule& r) { r.fields.hold_for = base::Duration::Micros(-1); }, "\"hold_for\" is negative"},
      {[](Rule& r) { r.fields.stale_days = Thousandths{-1}; }, "\"stale_days\" is negative"},
      {[](Rule& r) { r.fields.low_share = Thousandths{-1}; }, "\"low_share\" is negative"},
      {[](Rule& r) { r.fields.low_share = Thousandths{1001}; }, "\"low_share\" is above 1"},
      {[&](Rule& r) { r.fields.drift_tolerance = below; }, "\"drift_tolerance\" is negative"},
      {[](Rule& r) {
         r.fields.critical = Quantity::Pieces(5);
         r.fields.low = Quantity::Pieces(4);
       },
       "\"critical\" is above low"},
      {[](Rule& r) {
         r.fields.low = Quantity::Pieces(5);
         r.fields.max = Quantity::Pieces(4);
       },
       "\"low\" is above max"},
      {[](Rule& r) {
         r.fields.critical = Quantity::Pieces(5);
         r.fields.max = Quantity::Pieces(4);
       },
       "\"critical\" is above max"},
  };
  for (const Case& test : cases) {
    Rule rule = CategoryRule();
    test.change(rule);
    const auto status = ValidateRule(rule);
    ASSERT_FALSE(status.ok()) << test.message;
    EXPECT_EQ(status.error().code, Code::kInvalidArgument) << test.message;
    EXPECT_EQ(status.error().message, "rule \"r\": field " + std::string(test.message));
  }
}

TEST(ValidateRule, FieldsOfDemandHaveTheirRanges) {
  struct Case {
    std::function<void(RuleFields&)> change;
    std::string_view message;
  };
  const Thousandths below{-1};
  constexpr std::string_view kLevel = "\"service_level\" is not between 0 and 1";
  const Case cases[] = {
      {[&](RuleFields& f) { f.days_of_cover = below; }, "\"days_of_cover\" is negative"},
      {[](RuleFields& f) { f.low_floor = -Quantity::Pieces(1); }, "\"low_floor\" is negative"},
      {[](RuleFields& f) { f.low_ceiling = -Quantity::Pieces(1); }, "\"low_ceiling\" is negative"},
      {[&](RuleFields& f) { f.lead_time_days = below; }, "\"lead_time_days\" is negative"},
      {[&](RuleFields& f) { f.lead_time_sd_days = below; }, "\"lead_time_sd_days\" is negative"},
      {[&](RuleFields& f) { f.review_days = below; }, "\"review_days\" is negative"},
      {[&](RuleFields& f) { f.velocity_spike_ratio = below; },
       "\"velocity_spike_ratio\" is negative"},
      {[&](RuleFields& f) { f.season_factor = below; }, "\"season_factor\" is negative"},
      {[](RuleFields& f) { f.service_level = Thousandths{0}; }, kLevel},
      {[](RuleFields& f) { f.service_level = Thousandths{1000}; }, kLevel},
      {[](RuleFields& f) {
         f.low_floor = Quantity::Pieces(2);
         f.low_ceiling = Quantity::Pieces(1);
       },
       "\"low_floor\" is above low_ceiling"},
  };
  for (const Case& test : cases) {
    Rule rule = CategoryRule();
    test.change(rule.fields);
    const auto status = ValidateRule(rule);
    ASSERT_FALSE(status.ok()) << test.message;
    EXPECT_EQ(status.error().code, Code::kInvalidArgument);
    EXPECT_EQ(status.error().message, "rule \"r\": field " + std::string(test.message));
  }
  Rule rule = CategoryRule();
  rule.fields.mode = Mode::kDynamic;
  rule.fields.service_level = Thousandths{999};
  rule.fields.low_floor = rule.fields.low_ceiling = Quantity::Pieces(2);
  rule.fields.season_factor = Thousandths{0};
  rule.fields.freeze = true;
  EXPECT_TRUE(ValidateRule(rule).ok());
}

TEST(Margin, IsAQuantityOrAShareOfTheField) {
  struct Case {
    Margin margin;
    std::int64_t field = 0;  // thousandths, as the result
    std::int64_t result = 0;
  };
  constexpr auto kQuantity = Margin::Kind::kQuantity;
  constexpr auto kPercent = Margin::Kind::kPercent;
  constexpr Case kCases[] = {
      {{}, 40'000, 0},
      {{kQuantity, 2000}, 40'000, 2000},
      {{kPercent, 10'000}, 40'000, 4000},  // 10 % of 40
      {{kPercent, 12'500}, 40'000, 5000},  // 12.5 % of 40
      {{kPercent, 100'000}, 1, 1},         // all of 0.001
      {{kPercent, 50'000}, 1, 0},          // 0.0005, half to even
      {{kPercent, 50'000}, 3, 2},          // 0.0015
      {{kPercent, 50'000}, 5, 2},          // 0.0025
      {{kPercent, 1}, 100'000'000, 1000},  // 0.001 % of 100,000
      {{kPercent, 10'000}, 0, 0},
      {{kPercent, 100'000}, 1'000'000'000'000, 1'000'000'000'000},
  };
  for (const auto& [margin, field, result] : kCases) {
    EXPECT_EQ(margin.Of(Quantity::Thousandths(field)), Quantity::Thousandths(result))
        << margin.amount << " of " << field;
  }
}

TEST(Rule, IsInForceFromItsFirstInstantUntilBeforeItsLast) {
  Rule rule = CategoryRule();
  const auto second = base::Instant::Seconds;
  EXPECT_TRUE(rule.InForceAt(second(-1'000'000)));
  rule.effective_from = second(10);
  EXPECT_FALSE(rule.InForceAt(second(9)));
  EXPECT_TRUE(rule.InForceAt(second(10)));
  rule.effective_until = second(20);
  EXPECT_TRUE(rule.InForceAt(second(20) - base::Duration::Micros(1)));
  EXPECT_FALSE(rule.InForceAt(second(20)));
}

TEST(Compare, NamesAreThoseOfTheRules) {
  EXPECT_EQ(Name(Compare::kAvailable), "available");
  EXPECT_EQ(Name(Compare::kOnHand), "on_hand");
  EXPECT_EQ(Name(Compare::kPosition), "position");
}

}  // namespace
}  // namespace stockwatch::event
