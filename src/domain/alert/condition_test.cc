#include "domain/alert/condition.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/rules.h"
#include "testing/stock_rows.h"

namespace stockwatch::alert {
namespace {

using event::ConditionType;
using stockwatch::testing::kDay;
using stockwatch::testing::MarginOf;
using stockwatch::testing::PercentMargin;
using stockwatch::testing::Pieces;
using threshold::Resolved;

constexpr base::Instant OnDay(std::int64_t day) {
  return base::Instant::Seconds(day * kDay);
}

constexpr base::Instant kNow = OnDay(1000);

stock::Item Opened() {
  stock::Item item;
  item.life = stock::Life::kOpened;
  item.opened_seconds = 999 * kDay;
  return item;
}

// Thousandths: conditions are looked at one thousandth beside their threshold.
stock::Shown Shown(std::int64_t on_hand, std::int64_t reserved = 0, std::int64_t inbound = 0) {
  const auto quantity = base::Quantity::Thousandths;
  return {quantity(on_hand), quantity(reserved), quantity(inbound)};
}

std::string Answer(const Verdict& verdict, ConditionType type) {
  std::string answer;
  if (verdict.holds & Bit(type)) answer += "holds";
  if (verdict.clears & Bit(type)) answer += "clears";
  if (verdict.off & Bit(type)) answer += "off";
  return answer.empty() ? "between" : answer;
}

std::string Judged(const stock::Shown& shown, const Resolved& thresholds, ConditionType type) {
  const stock::Item item = Opened();
  return Answer(JudgeItem({item, shown, thresholds, kNow}), type);
}

struct Case {
  stock::Shown shown;
  const char* answer;
};

void Check(ConditionType type, const Resolved& thresholds, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(Judged(c.shown, thresholds, type), c.answer)
        << Name(type) << " at " << stockwatch::testing::Read(c.shown);
  }
}

TEST(Condition, OutOfStockHoldsWhileNothingIsAvailable) {
  Check(ConditionType::kOutOfStock, {},
        {{Shown(1), "clears"},
         {Shown(0), "holds"},
         {Shown(-1), "holds"},
         {Shown(5000, 5000), "holds"},
         {Shown(5000, 4999), "clears"},
         {Shown(0, 0, 9000), "holds"}});
}

TEST(Condition, NegativeStockLooksAtOnHand) {
  Check(ConditionType::kNegativeStock, {},
        {{Shown(0), "clears"}, {Shown(-1), "holds"}, {Shown(1, 5), "clears"}});
}

TEST(Condition, CriticalComparesWhatIsAvailable) {
  Resolved thresholds;
  thresholds.critical = Pieces(5);
  thresholds.clear_margin = MarginOf(Pieces(2));
  Check(ConditionType::kCriticalStock, thresholds,
        {{Shown(4999), "holds"},
         {Shown(5000), "holds"},
         {Shown(5001), "between"},
         {Shown(7000), "between"},
         {Shown(7001), "clears"},
         {Shown(9000, 4000), "holds"}});
  thresholds.compare = event::Compare::kPosition;
  Check(ConditionType::kCriticalStock, thresholds, {{Shown(5000, 0, 90'000), "holds"}});
  thresholds.clear_margin = {};
  Check(ConditionType::kCriticalStock, thresholds,
        {{Shown(5000), "holds"}, {Shown(5001), "clears"}});
}

TEST(Condition, LowComparesWhatTheRuleSays) {
  Resolved thresholds;
  thresholds.low = Pieces(10);
  // 12 on hand, 3 of them reserved, 2 on their way: available 9, position 11.
  const stock::Shown shown = Shown(12'000, 3000, 2000);
  for (const auto& [compare, answer] : {std::pair{event::Compare::kAvailable, "holds"},
                                        {event::Compare::kOnHand, "clears"},
                                        {event::Compare::kPosition, "clears"}}) {
    thresholds.compare = compare;
    EXPECT_EQ(Judged(shown, thresholds, ConditionType::kLowStock), answer) << Name(compare);
  }
  Check(ConditionType::kLowStock, thresholds, {{Shown(8000, 0, 2000), "holds"}});
  thresholds.compare = event::Compare::kOnHand;
  Check(ConditionType::kLowStock, thresholds,
        {{Shown(10'000), "holds"}, {Shown(10'001, 9000), "clears"}});
}

TEST(Condition, LowClearsAboveFieldAndMargin) {
  Resolved thresholds;
  thresholds.low = Pieces(25);
  thresholds.clear_margin = PercentMargin(10);
  Check(ConditionType::kLowStock, thresholds,
        {{Shown(25'000), "holds"},
         {Shown(25'001), "between"},
         {Shown(27'500), "between"},
         {Shown(27'501), "clears"}});
}

TEST(Condition, OverstockHoldsAboveMaxAndClearsAtMaxLessMargin) {
  Resolved thresholds;
  thresholds.max = Pieces(50);
  Check(ConditionType::kOverstock, thresholds,
        {{Shown(50'001), "holds"}, {Shown(50'000), "clears"}, {Shown(50'001, 9000), "holds"}});
  thresholds.clear_margin = PercentMargin(10);
  Check(ConditionType::kOverstock, thresholds,
        {{Shown(50'001), "holds"},
         {Shown(50'000), "between"},
         {Shown(45'001), "between"},
         {Shown(45'000), "clears"}});
}

TEST(Condition, WhatNoRuleGivesIsOff) {
  for (const ConditionType type : {ConditionType::kCriticalStock, ConditionType::kLowStock,
                                   ConditionType::kOverstock, ConditionType::kStaleStock}) {
    EXPECT_EQ(Judged(Shown(0), {}, type), "off") << Name(type);
  }
}

Resolved Everything() {
  Resolved thresholds;
  thresholds.critical = Pieces(5);
  thresholds.low = Pieces(10);
  thresholds.max = Pieces(50);
  thresholds.stale_days = event::Thousandths{1000};
  return thresholds;
}

TEST(Condition, DisabledLeavesOnlyNegativeStock) {
  Resolved thresholds = Everything();
  thresholds.enabled = false;
  for (const ConditionType type :
       {ConditionType::kOutOfStock, ConditionType::kCriticalStock, ConditionType::kLowStock,
        ConditionType::kOverstock, ConditionType::kStaleStock}) {
    EXPECT_EQ(Judged(Shown(-1), thresholds, type), "off") << Name(type);
  }
  EXPECT_EQ(Judged(Shown(-1), thresholds, ConditionType::kNegativeStock), "holds");
}

TEST(Condition, ADiscontinuedItemDoesNotRunOut) {
  stock::Item item = Opened();
  item.discontinued = true;
  const Resolved thresholds = Everything();
  const Verdict empty = JudgeItem({item, Shown(-1), thresholds, kNow});
  for (const ConditionType type :
       {ConditionType::kOutOfStock, ConditionType::kCriticalStock, ConditionType::kLowStock}) {
    EXPECT_EQ(Answer(empty, type), "off") << Name(type);
  }
  EXPECT_EQ(Answer(empty, ConditionType::kNegativeStock), "holds");
  const Verdict full = JudgeItem({item, Shown(50'001), thresholds, kNow});
  EXPECT_EQ(Answer(full, ConditionType::kOverstock), "holds");
  EXPECT_EQ(Answer(full, ConditionType::kStaleStock), "holds");
}

TEST(Condition, StaleHoldsWhenNothingWasSoldForTheDays) {
  Resolved thresholds;
  thresholds.stale_days = event::Thousandths{7500};
  constexpr base::Duration kLimit = base::Duration::Hours(7 * 24 + 12);
  struct StaleCase {
    const char* what = "";
    base::Instant now;
    std::int64_t on_hand = 0;
    bool sold = false;
    const char* answer = "";
  };
  stock::Item item = Opened();
  item.last_sale = kNow;
  const StaleCase cases[] = {
      {"just before", kNow + kLimit - base::Duration::Micros(1), 1, false, "between"},
      {"at the limit", kNow + kLimit, 1, false, "holds"},
      {"nothing there to be stale", kNow + kLimit, 0, false, "between"},
      {"a sale clears", kNow + base::Duration::Seconds(1), 1, true, "clears"},
      {"nothing else does", kNow + base::Duration::Seconds(1), 1, false, "between"},
  };
  for (const StaleCase& c : cases) {
    const Verdict verdict = JudgeItem({item, Shown(c.on_hand), thresholds, c.now, c.sold});
    EXPECT_EQ(Answer(verdict, ConditionType::kStaleStock), c.answer) << c.what;
  }
  EXPECT_EQ(StaleAt(item, thresholds), kNow + kLimit);
  EXPECT_EQ(StaleAt(item, {}), std::nullopt);
  item.last_sale = {};
  EXPECT_EQ(StaleAt(item, thresholds), OnDay(999) + kLimit) << "never sold: since the opening";
}

TEST(Condition, AnAlertShowsWhatWasComparedWithWhat) {
  Resolved thresholds = Everything();
  thresholds.compare = event::Compare::kPosition;
  thresholds.stale_days = event::Thousandths{7500};
  stock::Item item = Opened();
  item.last_sale = kNow - base::Duration::Hours(10 * 24 + 23);
  const ItemMoment moment{item, Shown(12'000, 3000, 2000), thresholds, kNow};
  struct CompareCase {
    ConditionType type;
    std::int64_t value;
    std::int64_t threshold;
  };
  const CompareCase cases[] = {
      {ConditionType::kOutOfStock, 9000, 0},       {ConditionType::kCriticalStock, 9000, 5000},
      {ConditionType::kLowStock, 11'000, 10'000},  {ConditionType::kNegativeStock, 12'000, 0},
      {ConditionType::kOverstock, 12'000, 50'000}, {ConditionType::kStaleStock, 10'000, 7500},
  };
  for (const CompareCase& c : cases) {
    EXPECT_EQ(CompareItem(moment, c.type), (Comparison{c.value, c.threshold})) << Name(c.type);
  }
  EXPECT_EQ(CompareItem(moment, ConditionType::kProjectedStockout), std::nullopt)
      << "nobody knows how long it lasts";
}

TEST(Condition, CategoriesAreJudgedByTheShareOfTheirActiveItems) {
  struct CategoryCase {
    const char* what;
    std::int64_t active;
    std::int64_t low;
    std::int64_t out;
    std::int64_t low_share;
    const char* category_low;
    const char* category_out;
  };
  const CategoryCase cases[] = {
      {"at the share", 5, 2, 0, 400, "holds", "clears"},
      {"below it", 5, 1, 0, 400, "clears", "clears"},
      {"too few items", 4, 4, 4, 400, "clears", "clears"},
      {"exactly, not as it shows", 6, 2, 0, 333, "holds", "clears"},
      {"a third is less than 0.334", 6, 2, 0, 334, "clears", "clears"},
      {"all are out", 5, 5, 5, 1000, "holds", "holds"},
      {"all but one", 5, 5, 4, 1000, "holds", "clears"},
  };
  for (const CategoryCase& c : cases) {
    stock::Totals totals;
    totals.items = totals.active = c.active;
    totals.low = c.low;
    totals.out_of_stock = c.out;
    Resolved thresholds;
    EXPECT_EQ(Answer(JudgeCategory(totals, thresholds), ConditionType::kCategoryLow), "off");
    EXPECT_EQ(Answer(JudgeCategory(totals, thresholds), ConditionType::kCategoryOut), "off");
    thresholds.low_share = event::Thousandths{c.low_share};
    const Verdict verdict = JudgeCategory(totals, thresholds);
    EXPECT_EQ(Answer(verdict, ConditionType::kCategoryLow), c.category_low) << c.what;
    EXPECT_EQ(Answer(verdict, ConditionType::kCategoryOut), c.category_out) << c.what;
    thresholds.enabled = false;
    EXPECT_EQ(Answer(JudgeCategory(totals, thresholds), ConditionType::kCategoryLow), "off");
  }
}

TEST(Condition, SharesShowHalfEven) {
  Resolved thresholds;
  thresholds.low_share = event::Thousandths{400};
  stock::Totals totals;
  totals.active = 16;
  totals.low = 1;           // 0.0625
  totals.out_of_stock = 3;  // 0.1875
  const Comparison low = CompareCategory(totals, thresholds, ConditionType::kCategoryLow);
  EXPECT_EQ(low.value, 62);
  EXPECT_EQ(low.threshold, 400);
  const Comparison out = CompareCategory(totals, thresholds, ConditionType::kCategoryOut);
  EXPECT_EQ(out.value, 188);
  EXPECT_EQ(out.threshold, 1000);
  totals.active = 0;
  EXPECT_EQ(CompareCategory(totals, thresholds, ConditionType::kCategoryLow).value, 0);
}

// "present unopened active out critical low over", by their first letters.
std::string Letters(const stock::Contribution& c) {
  std::string letters;
  const std::pair<bool, char> all[] = {{c.present, 'p'},      {c.unopened, 'u'}, {c.active, 'a'},
                                       {c.out_of_stock, 'o'}, {c.critical, 'c'}, {c.low, 'l'},
                                       {c.over, 'm'},         {c.valued, 'v'}};
  for (const auto& [flag, letter] : all) letters += flag ? letter : '-';
  return letters;
}

TEST(Condition, CountsAreThePlainComparisons) {
  Resolved thresholds = Everything();
  thresholds.clear_margin = MarginOf(Pieces(9));
  struct CountCase {
    const char* what = "";
    stock::Life life = stock::Life::kUnopened;
    bool discontinued = false;
    stock::Shown shown;
    const char* letters = "";
  };
  const CountCase cases[] = {
      {"in stock", stock::Life::kOpened, false, Shown(20'000), "p-a-----"},
      {"low, whatever the margin", stock::Life::kOpened, false, Shown(10'000), "p-a--l--"},
      {"above low", stock::Life::kOpened, false, Shown(10'001), "p-a-----"},
      {"critical is low too", stock::Life::kOpened, false, Shown(5000), "p-a-cl--"},
      {"out is all three", stock::Life::kOpened, false, Shown(0), "p-aocl--"},
      {"too much", stock::Life::kOpened, false, Shown(50'001), "p-a---m-"},
      {"discontinued runs out silently", stock::Life::kOpened, true, Shown(0), "p-------"},
      {"and may be too much", stock::Life::kOpened, true, Shown(50'001), "p-----m-"},
      {"unopened is nothing else", stock::Life::kUnopened, false, Shown(-3000), "pu------"},
      {"retired is not there", stock::Life::kRetired, false, Shown(0), "--------"},
  };
  for (const CountCase& c : cases) {
    stock::Item item;
    item.life = c.life;
    item.discontinued = c.discontinued;
    EXPECT_EQ(Letters(ContributionOf(item, c.shown, thresholds, std::nullopt)), c.letters)
        << c.what;
  }
}

TEST(Condition, CountsDoNotAskWhetherAlertsAreEnabled) {
  Resolved thresholds = Everything();
  thresholds.enabled = false;
  EXPECT_EQ(Letters(ContributionOf(Opened(), Shown(0), thresholds, std::nullopt)), "p-aocl--");
}

TEST(Condition, LowCountsWithoutALowFieldWhatIsOutOrCritical) {
  Resolved thresholds;
  EXPECT_EQ(Letters(ContributionOf(Opened(), Shown(0), thresholds, std::nullopt)), "p-ao-l--");
  thresholds.critical = Pieces(5);
  EXPECT_EQ(Letters(ContributionOf(Opened(), Shown(5000), thresholds, std::nullopt)), "p-a-cl--");
}

TEST(Condition, ValueIsOnHandTimesCostHalfEven) {
  struct ValueCase {
    std::int64_t on_hand;          // thousandths
    std::int64_t ten_thousandths;  // cost
    std::int64_t value;
  };
  const ValueCase cases[] = {
      {2000, 25'500, 51'000},  // 2 × 2.55 = 5.10
      {1, 500, 0},             // 0.00005: to the even 0.0000
      {3, 500, 2},             // 0.00015: to the even 0.0002
      {-2000, 25'500, 0},      // negative stock is worth nothing
  };
  const base::Currency gbp = base::Currency::Parse("GBP").value();
  for (const ValueCase& c : cases) {
    const stock::Contribution contribution =
        ContributionOf(Opened(), Shown(c.on_hand), {}, base::Money{c.ten_thousandths, gbp});
    EXPECT_TRUE(contribution.valued);
    EXPECT_EQ(contribution.currency, gbp);
    EXPECT_TRUE(contribution.value == c.value) << c.on_hand;
  }
  EXPECT_FALSE(ContributionOf(Opened(), Shown(1), {}, std::nullopt).valued);
}

TEST(Condition, WorseIsFartherBeyondTheThreshold) {
  for (const ConditionType type :
       {ConditionType::kOutOfStock, ConditionType::kNegativeStock, ConditionType::kCriticalStock,
        ConditionType::kLowStock, ConditionType::kProjectedStockout,
        ConditionType::kOplogHeadroom}) {
    EXPECT_TRUE(Worse(type, -1, 0)) << Name(type);
    EXPECT_FALSE(Worse(type, 0, 0)) << Name(type);
    EXPECT_FALSE(Worse(type, 1, 0)) << Name(type);
  }
  for (const ConditionType type :
       {ConditionType::kOverstock, ConditionType::kVelocitySpike, ConditionType::kStaleStock,
        ConditionType::kDrift, ConditionType::kCategoryLow, ConditionType::kCategoryOut,
        ConditionType::kSourceSilent, ConditionType::kSourceGap, ConditionType::kUndeliverable,
        ConditionType::kClock}) {
    EXPECT_TRUE(Worse(type, 1, 0)) << Name(type);
    EXPECT_FALSE(Worse(type, 0, 0)) << Name(type);
    EXPECT_FALSE(Worse(type, -1, 0)) << Name(type);
  }
}

}  // namespace
}  // namespace stockwatch::alert
