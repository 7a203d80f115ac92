#include "domain/threshold/resolve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "testing/rules.h"
#include "testing/stock_rows.h"

namespace stockwatch::threshold {
namespace {

using namespace stockwatch::testing;  // builders of rules
using event::ConditionType;
using event::Rule;
using event::RuleFields;
using event::Severity;

// Versions that all match, resolved as the rule book does it. Places are in the order given.
class Versions {
 public:
  explicit Versions(std::vector<Rule> rules) {
    for (Rule& rule : rules) {
      const auto place = static_cast<std::uint32_t>(versions_.size());
      versions_.push_back({std::move(rule), 1, At(place + 1)});
    }
  }
  Resolved Resolve() const {
    std::vector<VersionIndex> matching(versions_.size());
    for (VersionIndex i = 0; i < matching.size(); ++i) matching[i] = i;
    std::sort(matching.begin(), matching.end(),
              [&](VersionIndex a, VersionIndex b) { return Beats(versions_[a], versions_[b]); });
    return threshold::Resolve(matching, versions_);
  }
  // "rule 12.5": the rule that gave `low`, and what it came to.
  std::string Low() const {
    const Resolved resolved = Resolve();
    if (!resolved.low) return "none";
    std::string text = versions_[resolved.origin[Index(Field::kLow)]].rule.id + " ";
    base::AppendQuantity(text, *resolved.low);
    return text;
  }

 private:
  std::vector<RuleVersion> versions_;
};

TEST(Resolve, NobodyGivesNothing) {
  const Resolved resolved = Versions({}).Resolve();
  EXPECT_FALSE(resolved.critical || resolved.low || resolved.max || resolved.stale_days ||
               resolved.low_share || resolved.drift_tolerance);
  EXPECT_TRUE(resolved.enabled);
  EXPECT_EQ(resolved.hold_for, base::Duration());
  EXPECT_EQ(resolved.clear_margin, event::Margin());
  EXPECT_EQ(resolved.compare, event::Compare::kAvailable);
  for (const VersionIndex origin : resolved.origin) EXPECT_EQ(origin, kNoVersion);
}

// From the one that beats all others to the one that all others beat; domain page, section 7.
TEST(Resolve, TheNarrowerScopeBeatsAndAtOneLevelTheWarehouse) {
  const std::vector<event::RuleScope> order{
      ForWarehouse("GB", ForSku("s")),
      ForSku("s"),
      ForWarehouse("GB", ForProduct("p")),
      ForProduct("p"),
      ForWarehouse("GB", ForBrand("b")),
      ForBrand("b"),
      ForWarehouse("GB", ForCategory("c")),
      ForCategory("c"),
      ForWarehouse("GB", ForDepartment("d")),
      ForDepartment("d"),
      ForWarehouse("GB"),
      ForAll(),
  };
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = 0; j < order.size(); ++j) {
      // What comes later in the log or has a higher priority wins at one level alone.
      Rule loser = MakeRule("a", order[j]);
      loser.priority = 9;
      const RuleVersion upper{MakeRule("b", order[i]), 1, At(1)};
      const RuleVersion lower{loser, 1, At(2)};
      if (i == j) continue;
      EXPECT_EQ(Beats(upper, lower), i < j) << i << " against " << j;
    }
  }
}

TEST(Resolve, AtOneLevelPriorityThenPlaceThenTheSmallerIdDecides) {
  const auto version = [](const char* id, std::int32_t priority, std::uint32_t place) {
    Rule rule = MakeRule(id, ForSku("s"));
    rule.priority = priority;
    return RuleVersion{rule, 1, At(place)};
  };
  EXPECT_TRUE(Beats(version("b", 1, 1), version("a", 0, 2)));
  EXPECT_FALSE(Beats(version("a", 0, 2), version("b", 1, 1)));
  EXPECT_TRUE(Beats(version("b", 0, 2), version("a", 0, 1)));
  EXPECT_FALSE(Beats(version("a", 0, 1), version("b", 0, 2)));
  EXPECT_TRUE(Beats(version("a", 0, 1), version("b", 0, 1)));
  EXPECT_FALSE(Beats(version("b", 0, 1), version("a", 0, 1)));
  EXPECT_TRUE(Beats(version("b", -1, 9), version("b", -2, 9)));
}

TEST(Resolve, TheNarrowestLevelThatAScopeNamesIsItsLevel) {
  event::RuleScope both = ForCategory("c");
  both.department = "d";
  event::RuleScope brand_and_department = ForBrand("b");
  brand_and_department.department = "d";
  EXPECT_TRUE(
      Beats({MakeRule("b", brand_and_department), 1, At(1)}, {MakeRule("a", both), 1, At(2)}));
  EXPECT_TRUE(Beats({MakeRule("a", ForCategory("c")), 1, At(2)}, {MakeRule("b", both), 1, At(1)}))
      << "a second name above it adds nothing";
}

TEST(Resolve, EachFieldIsInheritedByItself) {
  RuleFields of_category = LowOf(20, CriticalOf(5));
  of_category.hold_for = base::Duration::Minutes(5);
  const Resolved resolved = Versions({MakeRule("default", ForAll(), MaxOf(100, LowOf(40))),
                                      MakeRule("category", ForCategory("c"), of_category),
                                      MakeRule("sku", ForSku("s"), LowOf(30))})
                                .Resolve();
  EXPECT_EQ(resolved.critical, Pieces(5));
  EXPECT_EQ(resolved.low, Pieces(30));
  EXPECT_EQ(resolved.max, Pieces(100));
  EXPECT_EQ(resolved.hold_for, base::Duration::Minutes(5));
  EXPECT_EQ(resolved.origin[Index(Field::kCritical)], 1u);
  EXPECT_EQ(resolved.origin[Index(Field::kLow)], 2u);
  EXPECT_EQ(resolved.origin[Index(Field::kMax)], 0u);
  EXPECT_EQ(resolved.origin[Index(Field::kHoldFor)], 1u);
  EXPECT_EQ(resolved.origin[Index(Field::kStaleDays)], kNoVersion);
}

// A field of a SKU's rule against the same one of a locked default: which of them holds. ADR 1, 12.
TEST(Resolve, ALockHoldsBackWhatLoosensAndLetsTightenPass) {
  struct Case {
    const char* what;
    std::function<void(RuleFields&)> locked;
    std::function<void(RuleFields&)> narrow;
    Field field;
    bool held_back;
  };
  const auto days = [](std::int64_t count) { return event::Thousandths{count}; };
  using F = RuleFields;
  const std::vector<Case> cases{
      {"a lower critical loosens", [](F& f) { f.critical = Pieces(10); },
       [](F& f) { f.critical = Pieces(9); }, Field::kCritical, true},
      {"a higher critical tightens", [](F& f) { f.critical = Pieces(10); },
       [](F& f) { f.critical = Pieces(11); }, Field::kCritical, false},
      {"an equal one is let pass", [](F& f) { f.critical = Pieces(10); },
       [](F& f) { f.critical = Pieces(10); }, Field::kCritical, false},
      {"a lower low loosens", [](F& f) { f.low = Pieces(10); }, [](F& f) { f.low = Pieces(9); },
       Field::kLow, true},
      {"a higher low tightens", [](F& f) { f.low = Pieces(10); }, [](F& f) { f.low = Pieces(11); },
       Field::kLow, false},
      {"a higher max loosens", [](F& f) { f.max = Pieces(10); }, [](F& f) { f.max = Pieces(11); },
       Field::kMax, true},
      {"a lower max tightens", [](F& f) { f.max = Pieces(10); }, [](F& f) { f.max = Pieces(9); },
       Field::kMax, false},
      {"a longer hold loosens", [](F& f) { f.hold_for = base::Duration::Minutes(5); },
       [](F& f) { f.hold_for = base::Duration::Minutes(6); }, Field::kHoldFor, true},
      {"a shorter hold tightens", [](F& f) { f.hold_for = base::Duration::Minutes(5); },
       [](F& f) { f.hold_for = base::Duration::Minutes(4); }, Field::kHoldFor, false},
      {"a wider margin loosens", [](F& f) { f.clear_margin = MarginOf(Pieces(5)); },
       [](F& f) { f.clear_margin = MarginOf(Pieces(6)); }, Field::kClearMargin, true},
      {"a narrower margin tightens", [](F& f) { f.clear_margin = MarginOf(Pieces(5)); },
       [](F& f) { f.clear_margin = MarginOf(Pieces(4)); }, Field::kClearMargin, false},
      {"a margin of the other kind loosens", [](F& f) { f.clear_margin = MarginOf(Pieces(5)); },
       [](F& f) { f.clear_margin = PercentMargin(1); }, Field::kClearMargin, true},
      {"more stale days loosen", [&](F& f) { f.stale_days = days(5); },
       [&](F& f) { f.stale_days = days(6); }, Field::kStaleDays, true},
      {"fewer stale days tighten", [&](F& f) { f.stale_days = days(5); },
       [&](F& f) { f.stale_days = days(4); }, Field::kStaleDays, false},
      {"a higher share loosens", [&](F& f) { f.low_share = days(5); },
       [&](F& f) { f.low_share = days(6); }, Field::kLowShare, true},
      {"a lower share tightens", [&](F& f) { f.low_share = days(5); },
       [&](F& f) { f.low_share = days(4); }, Field::kLowShare, false},
      {"a higher tolerance loosens", [](F& f) { f.drift_tolerance = Pieces(5); },
       [](F& f) { f.drift_tolerance = Pieces(6); }, Field::kDriftTolerance, true},
      {"a lower tolerance tightens", [](F& f) { f.drift_tolerance = Pieces(5); },
       [](F& f) { f.drift_tolerance = Pieces(4); }, Field::kDriftTolerance, false},
      {"disabling loosens", [](F& f) { f.enabled = true; }, [](F& f) { f.enabled = false; },
       Field::kEnabled, true},
      {"enabling tightens", [](F& f) { f.enabled = false; }, [](F& f) { f.enabled = true; },
       Field::kEnabled, false},
      {"any other comparison loosens", [](F& f) { f.compare = event::Compare::kOnHand; },
       [](F& f) { f.compare = event::Compare::kAvailable; }, Field::kCompare, true},
      {"the same comparison passes", [](F& f) { f.compare = event::Compare::kOnHand; },
       [](F& f) { f.compare = event::Compare::kOnHand; }, Field::kCompare, false},
      {"other channels loosen", [](F& f) { f.channels = {{"mail"}}; },
       [](F& f) { f.channels = {{"mail", "chat"}}; }, Field::kChannels, true},
  };
  for (const Case& c : cases) {
    RuleFields locked;
    c.locked(locked);
    RuleFields narrow;
    c.narrow(narrow);
    const Resolved resolved = Versions({Locked(MakeRule("locked", ForAll(), locked)),
                                        MakeRule("narrow", ForSku("s"), narrow)})
                                  .Resolve();
    EXPECT_EQ(resolved.origin[Index(c.field)], c.held_back ? 0u : 1u) << c.what;
  }
}

TEST(Resolve, ALockHoldsBackALowerSeverity) {
  const auto resolve = [](Severity locked, Severity narrow) {
    RuleFields of_locked;
    of_locked.severity[event::Index(ConditionType::kLowStock)] = locked;
    RuleFields of_narrow;
    of_narrow.severity[event::Index(ConditionType::kLowStock)] = narrow;
    return Versions({Locked(MakeRule("locked", ForAll(), of_locked)),
                     MakeRule("narrow", ForSku("s"), of_narrow)})
        .Resolve()
        .severity[event::Index(ConditionType::kLowStock)];
  };
  EXPECT_EQ(resolve(Severity::kWarning, Severity::kInfo), Severity::kWarning);
  EXPECT_EQ(resolve(Severity::kWarning, Severity::kPage), Severity::kPage);
}

TEST(Resolve, ALockReachesOnlyWhatIsMoreSpecific) {
  struct Case {
    const char* what;
    std::vector<Rule> rules;
    const char* low;
  };
  Rule urgent = MakeRule("urgent", ForCategory("c"), LowOf(5));
  urgent.priority = 9;
  const std::vector<Case> cases{
      {"the next candidate that does not loosen wins",
       {Locked(MakeRule("category", ForCategory("c"), LowOf(20))),
        MakeRule("brand", ForBrand("b"), LowOf(30)), MakeRule("sku", ForSku("s"), LowOf(5))},
       "brand 30"},
      {"else the locked one",
       {Locked(MakeRule("category", ForCategory("c"), LowOf(20))),
        MakeRule("brand", ForBrand("b"), LowOf(19)), MakeRule("sku", ForSku("s"), LowOf(5))},
       "category 20"},
      {"a wider rule is not reached",
       {MakeRule("default", ForAll(), LowOf(5)),
        Locked(MakeRule("category", ForCategory("c"), LowOf(20)))},
       "category 20"},
      {"a higher priority is not more specific",
       {Locked(MakeRule("category", ForCategory("c"), LowOf(20))), urgent},
       "urgent 5"},
      {"naming the warehouse is",
       {Locked(MakeRule("category", ForCategory("c"), LowOf(20))),
        MakeRule("gb", ForWarehouse("GB", ForCategory("c")), LowOf(5))},
       "category 20"},
      {"one that names the warehouse does not reach the same level without it",
       {Locked(MakeRule("gb", ForWarehouse("GB", ForCategory("c")), LowOf(5))),
        MakeRule("category", ForCategory("c"), LowOf(2)), MakeRule("default", ForAll(), LowOf(9))},
       "gb 5"},
      {"a locked rule without the field locks nothing",
       {Locked(MakeRule("category", ForCategory("c"), MaxOf(99))),
        MakeRule("default", ForAll(), LowOf(50)), MakeRule("sku", ForSku("s"), LowOf(5))},
       "sku 5"},
      {"every lock below is looked at, not the nearest alone",
       {Locked(MakeRule("default", ForAll(), LowOf(30))),
        Locked(MakeRule("category", ForCategory("c"), LowOf(20))),
        MakeRule("sku", ForSku("s"), LowOf(25))},
       "default 30"},
  };
  for (const Case& c : cases) EXPECT_EQ(Versions(c.rules).Low(), c.low) << c.what;
}

TEST(Resolve, BoundsAreClampedIntoThoseOfMoreSpecificRules) {
  struct Case {
    const char* what;
    std::vector<Rule> rules;
    std::array<int, 3> placed;  // critical, low, max; -1: none
    std::array<int, 3> before;  // -1: not clamped
  };
  const std::vector<Case> cases{
      {"one rule gives all",
       {MakeRule("sku", ForSku("s"), CriticalOf(5, LowOf(10, MaxOf(50))))},
       {5, 10, 50},
       {-1, -1, -1}},
      {"low rises to a more specific critical",
       {MakeRule("sku", ForSku("s"), CriticalOf(50)), MakeRule("default", ForAll(), LowOf(40))},
       {50, 50, -1},
       {-1, 40, -1}},
      {"critical falls to a more specific low",
       {MakeRule("sku", ForSku("s"), LowOf(10)), MakeRule("default", ForAll(), CriticalOf(20))},
       {10, 10, -1},
       {20, -1, -1}},
      {"max rises to a more specific low",
       {MakeRule("sku", ForSku("s"), LowOf(40)), MakeRule("default", ForAll(), MaxOf(30))},
       {-1, 40, 40},
       {-1, -1, 30}},
      {"each into the bounds of those placed before it",
       {MakeRule("sku", ForSku("s"), MaxOf(5)), MakeRule("brand", ForBrand("b"), CriticalOf(10)),
        MakeRule("default", ForAll(), LowOf(20))},
       {5, 5, 5},
       {10, 20, -1}},
      {"low between both",
       {MakeRule("sku", ForSku("s"), CriticalOf(10)), MakeRule("brand", ForBrand("b"), MaxOf(20)),
        MakeRule("default", ForAll(), LowOf(99))},
       {10, 20, 20},
       {-1, 99, -1}},
      {"critical straight into max",
       {MakeRule("sku", ForSku("s"), MaxOf(5)), MakeRule("default", ForAll(), CriticalOf(9))},
       {5, -1, 5},
       {9, -1, -1}},
      {"what fits stays",
       {MakeRule("sku", ForSku("s"), LowOf(10)),
        MakeRule("default", ForAll(), CriticalOf(10, MaxOf(10)))},
       {10, 10, 10},
       {-1, -1, -1}},
  };
  const auto pieces = [](const std::optional<base::Quantity>& value) {
    return value ? static_cast<int>(value->thousandths() / 1000) : -1;
  };
  for (const Case& c : cases) {
    const Resolved r = Versions(c.rules).Resolve();
    EXPECT_EQ((std::array{pieces(r.critical), pieces(r.low), pieces(r.max)}), c.placed) << c.what;
    EXPECT_EQ((std::array{pieces(r.before_clamping[0]), pieces(r.before_clamping[1]),
                          pieces(r.before_clamping[2])}),
              c.before)
        << c.what;
  }
}

TEST(Resolve, MarginsSayWhereAnAlertClears) {
  struct Case {
    event::Margin margin;
    std::int64_t field = 0;  // thousandths
    std::int64_t above = 0;  // critical and low clear above it
    std::int64_t below = 0;  // max clears at or below it
  };
  const Case cases[] = {
      {MarginOf(Pieces(0)), 10'000, 10'000, 10'000},
      {MarginOf(Pieces(2)), 10'000, 12'000, 8'000},
      {PercentMargin(10), 25'000, 27'500, 22'500},
      {PercentMargin(10), 5, 5, 5},     // half of a thousandth: to the even 0
      {PercentMargin(10), 15, 17, 13},  // one and a half: to the even 2
      {PercentMargin(10), 25, 27, 23},  // two and a half: to the even 2
  };
  for (const Case& c : cases) {
    Resolved resolved;
    resolved.clear_margin = c.margin;
    resolved.critical = resolved.low = resolved.max = base::Quantity::Thousandths(c.field);
    EXPECT_EQ(resolved.CriticalClears().thousandths(), c.above) << c.field;
    EXPECT_EQ(resolved.LowClears().thousandths(), c.above) << c.field;
    EXPECT_EQ(resolved.MaxClears().thousandths(), c.below) << c.field;
  }
}

TEST(Resolve, SeveritiesAreThoseOfTheTableUnlessARuleSaysElse) {
  RuleFields fields;
  fields.severity[event::Index(ConditionType::kOverstock)] = Severity::kPage;
  const Resolved resolved = Versions({MakeRule("sku", ForSku("s"), fields)}).Resolve();
  const std::pair<ConditionType, Severity> expected[] = {
      {ConditionType::kOutOfStock, Severity::kCritical},
      {ConditionType::kNegativeStock, Severity::kWarning},
      {ConditionType::kCriticalStock, Severity::kCritical},
      {ConditionType::kLowStock, Severity::kWarning},
      {ConditionType::kOverstock, Severity::kPage},
      {ConditionType::kProjectedStockout, Severity::kWarning},
      {ConditionType::kVelocitySpike, Severity::kInfo},
      {ConditionType::kStaleStock, Severity::kInfo},
      {ConditionType::kDrift, Severity::kWarning},
      {ConditionType::kCategoryLow, Severity::kWarning},
      {ConditionType::kCategoryOut, Severity::kCritical},
      {ConditionType::kSourceSilent, Severity::kPage},
      {ConditionType::kSourceGap, Severity::kCritical},
      {ConditionType::kUndeliverable, Severity::kCritical},
      {ConditionType::kClock, Severity::kWarning},
      {ConditionType::kOplogHeadroom, Severity::kCritical},
  };
  for (const auto& [type, severity] : expected) {
    EXPECT_EQ(resolved.severity[event::Index(type)], severity) << Name(type);
  }
  EXPECT_EQ(resolved.origin[SeverityIndex(ConditionType::kOverstock)], 0u);
  EXPECT_EQ(resolved.origin[SeverityIndex(ConditionType::kDrift)], kNoVersion);
}

TEST(Resolve, FieldsHaveTheNamesOfTheSettings) {
  const char* const names[] = {"critical",
                               "low",
                               "max",
                               "clear_margin",
                               "hold_for",
                               "compare",
                               "stale_days",
                               "low_share",
                               "drift_tolerance",
                               "enabled",
                               "channels",
                               "mode",
                               "low_floor",
                               "low_ceiling",
                               "days_of_cover",
                               "velocity_spike_ratio",
                               "service_level",
                               "lead_time_days",
                               "lead_time_sd_days",
                               "review_days",
                               "season_factor",
                               "freeze"};
  for (std::size_t i = 0; i < std::size(names); ++i) EXPECT_EQ(FieldName(i), names[i]);
  EXPECT_EQ(FieldName(SeverityIndex(ConditionType::kLowStock)), "severity.low_stock");
  EXPECT_EQ(kFields, std::size(names) + event::kConditionTypes);
}

TEST(Resolve, GivesSaysWhichFieldsARuleHas) {
  RuleFields fields;
  fields.low = Pieces(1);
  fields.severity[event::Index(ConditionType::kDrift)] = Severity::kInfo;
  const Rule rule = MakeRule("r", ForAll(), fields);
  for (std::size_t field = 0; field < kFields; ++field) {
    const bool given = field == Index(Field::kLow) || field == SeverityIndex(ConditionType::kDrift);
    EXPECT_EQ(Gives(rule, field), given) << FieldName(field);
  }
}

}  // namespace
}  // namespace stockwatch::threshold
