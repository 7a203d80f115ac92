#include "domain/threshold/rule_book.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "testing/rules.h"
#include "testing/stock_rows.h"

namespace stockwatch::threshold {
namespace {

using namespace stockwatch::testing;  // builders of rules
using event::Rule;

constexpr base::Instant Second(std::int64_t second) {
  return base::Instant::Seconds(second);
}

constexpr Subject kMug{"GB", "8", "85", "acme", "p1", "mug"};

Rule Between(Rule rule, std::optional<base::Instant> from, std::optional<base::Instant> until) {
  rule.effective_from = from;
  rule.effective_until = until;
  return rule;
}

std::optional<base::Quantity> LowAt(RuleBook& book, const Subject& subject, std::int64_t second) {
  return book.at(book.Resolve(subject, Second(second))).low;
}

TEST(RuleBook, MatchesWhatTheScopeNames) {
  event::RuleScope both = ForWarehouse("GB", ForCategory("85"));
  struct Case {
    event::RuleScope scope;
    Subject subject;
    bool matches = false;
  };
  const Subject french{"FR", "8", "85", "acme", "p1", "mug"};
  const Subject category_of_gb{"GB", "8", "85", "", "", ""};
  const Subject category_of_all{"", "8", "85", "", "", ""};
  const Case cases[] = {
      {ForAll(), kMug, true},
      {both, kMug, true},
      {both, french, false},
      {both, category_of_gb, true},
      {both, category_of_all, false},  // a rule of a warehouse is none of the global tree
      {ForCategory("85"), category_of_all, true},
      {ForCategory("8"), kMug, false},
      {ForBrand("acme"), category_of_gb, false},  // it names what lies below
      {ForSku("mug"), kMug, true},
      {ForSku("cup"), kMug, false},
      {ForProduct("p1"), kMug, true},
      {ForDepartment("8"), category_of_all, true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Matches(c.scope, c.subject), c.matches);
    RuleBook book;
    ASSERT_EQ(book.Put(MakeRule("r", c.scope, LowOf(7)), At(1)), Accepted::kInForce);
    EXPECT_EQ(book.Matching(c.subject, Second(1)).size(), c.matches ? 1u : 0u);
    EXPECT_EQ(LowAt(book, c.subject, 1).has_value(), c.matches);
  }
}

TEST(RuleBook, NumbersTheVersionsOfARule) {
  RuleBook book;
  EXPECT_EQ(book.Latest("r"), nullptr);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(5)), At(1)), Accepted::kInForce);
  EXPECT_EQ(book.Put(MakeRule("other", ForSku("x"), LowOf(1)), At(2)), Accepted::kInForce);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(6)), At(3)), Accepted::kInForce);
  ASSERT_NE(book.Latest("r"), nullptr);
  EXPECT_EQ(book.Latest("r")->version, 2u);
  EXPECT_EQ(book.Latest("r")->place, At(3));
  EXPECT_EQ(book.Latest("other")->version, 1u);
  EXPECT_EQ(LowAt(book, kMug, 9), Pieces(6));
  EXPECT_EQ(book.rules(), 2u);
}

TEST(RuleBook, AVersionWithALowerPlaceIsSuperseded) {
  RuleBook book;
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(6)), At(3)), Accepted::kInForce);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(5)), At(2)), Accepted::kSuperseded);
  EXPECT_EQ(book.Latest("r")->version, 1u) << "it takes no number";
  EXPECT_EQ(LowAt(book, kMug, 9), Pieces(6));
}

TEST(RuleBook, TheSamePlaceAgainIsADuplicate) {
  RuleBook book;
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(6)), At(3)), Accepted::kInForce);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(6)), At(3)), Accepted::kDuplicate);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(5)), At(2)), Accepted::kSuperseded);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(5)), At(2)), Accepted::kDuplicate);
  EXPECT_EQ(book.Remove("r", At(4)), Accepted::kInForce);
  EXPECT_EQ(book.Remove("r", At(4)), Accepted::kDuplicate);
  EXPECT_EQ(book.Put(MakeRule("other", ForAll(), LowOf(6)), At(3)), Accepted::kInForce)
      << "of another rule";
}

TEST(RuleBook, ARemovalEndsARuleAndANewVersionGoesOnCounting) {
  RuleBook book;
  book.Put(MakeRule("r", ForAll(), LowOf(6)), At(3));
  EXPECT_EQ(book.Remove("r", At(2)), Accepted::kSuperseded);
  EXPECT_EQ(book.Remove("r", At(4)), Accepted::kInForce);
  EXPECT_EQ(book.Latest("r"), nullptr);
  EXPECT_EQ(book.rules(), 0u);
  EXPECT_EQ(LowAt(book, kMug, 9), std::nullopt);
  EXPECT_EQ(book.Remove("r", At(5)), Accepted::kSuperseded) << "it is gone already";
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(7)), At(6)), Accepted::kInForce);
  EXPECT_EQ(book.Latest("r")->version, 2u);
}

TEST(RuleBook, ARemovalThatComesBeforeItsRuleEndsIt) {
  RuleBook book;
  EXPECT_EQ(book.Remove("r", At(4)), Accepted::kSuperseded);
  EXPECT_EQ(book.Put(MakeRule("r", ForAll(), LowOf(7)), At(3)), Accepted::kSuperseded);
  EXPECT_EQ(book.Latest("r"), nullptr);
}

TEST(RuleBook, ANewVersionMayHaveAnotherScope) {
  RuleBook book;
  book.Put(MakeRule("r", ForSku("mug"), LowOf(6)), At(3));
  book.Put(MakeRule("r", ForSku("cup"), LowOf(6)), At(4));
  EXPECT_EQ(LowAt(book, kMug, 9), std::nullopt);
}

TEST(RuleBook, ARuleIsInForceFromItsFirstInstantUntilItsLast) {
  RuleBook book;
  book.Put(MakeRule("default", ForAll(), LowOf(1)), At(1));
  book.Put(Between(MakeRule("sale", ForSku("mug"), LowOf(9)), Second(10), Second(20)), At(2));
  EXPECT_EQ(LowAt(book, kMug, 9), Pieces(1));
  EXPECT_EQ(LowAt(book, kMug, 10), Pieces(9));
  EXPECT_EQ(LowAt(book, kMug, 19), Pieces(9));
  EXPECT_EQ(LowAt(book, kMug, 20), Pieces(1));
}

TEST(RuleBook, TellsWhenAnIntervalTurnsNext) {
  RuleBook book;
  EXPECT_EQ(book.NextTurn(Second(0)), std::nullopt);
  book.Put(Between(MakeRule("a", ForAll()), Second(10), Second(30)), At(1));
  book.Put(Between(MakeRule("b", ForSku("s")), std::nullopt, Second(20)), At(2));
  EXPECT_EQ(book.NextTurn(Second(0)), Second(10));
  EXPECT_EQ(book.NextTurn(Second(10)), Second(20)) << "behind it";
  EXPECT_EQ(book.NextTurn(Second(20)), Second(30));
  EXPECT_EQ(book.NextTurn(Second(30)), std::nullopt);
  book.Remove("b", At(3));
  EXPECT_EQ(book.NextTurn(Second(10)), Second(30));
}

TEST(RuleBook, TellsWhichRulesTurnAtAnInstant) {
  RuleBook book;
  book.Put(Between(MakeRule("b", ForAll()), Second(10), Second(20)), At(1));
  book.Put(Between(MakeRule("a", ForSku("s")), Second(20), std::nullopt), At(2));
  const auto ids = [&](std::int64_t second) {
    std::string text;
    for (const RuleVersion* version : book.RulesThatTurn(Second(second))) text += version->rule.id;
    return text;
  };
  EXPECT_EQ(ids(10), "b");
  EXPECT_EQ(ids(20), "ab");
  EXPECT_EQ(ids(15), "");
}

TEST(RuleBook, KnowsWhetherAnybodyGivesAField) {
  RuleBook book;
  EXPECT_FALSE(book.AnyGives(Field::kLow));
  book.Put(MakeRule("a", ForAll(), LowOf(1)), At(1));
  book.Put(MakeRule("b", ForAll(), LowOf(1)), At(2));
  book.Put(MakeRule("a", ForAll(), MaxOf(1)), At(3));
  EXPECT_TRUE(book.AnyGives(Field::kLow));
  book.Remove("b", At(4));
  EXPECT_FALSE(book.AnyGives(Field::kLow));
  EXPECT_TRUE(book.AnyGives(Field::kMax));
}

TEST(RuleBook, AResolutionIsGoodForEver) {
  RuleBook book;
  book.Put(MakeRule("r", ForAll(), LowOf(5)), At(1));
  const ResolvedId first = book.Resolve(kMug, Second(1));
  book.Put(MakeRule("r", ForAll(), LowOf(6)), At(2));
  const ResolvedId second = book.Resolve(kMug, Second(2));
  EXPECT_NE(first, second);
  EXPECT_EQ(book.at(first).low, Pieces(5));
  EXPECT_EQ(book.at(second).low, Pieces(6));
  EXPECT_EQ(book.Resolve(kMug, Second(3)), second);
  EXPECT_EQ(RuleBook().Resolve(kMug, Second(1)), 0u) << "no rule matches";
}

// One rule as it was put, and where.
struct Put {
  Rule rule;
  base::Position place;
};

int LevelOf(const event::RuleScope& scope) {
  if (!scope.sku.empty()) return 5;
  if (!scope.product_id.empty()) return 4;
  if (!scope.brand.empty()) return 3;
  if (!scope.category.empty()) return 2;
  return scope.department.empty() ? 0 : 1;
}

bool Covers(const event::RuleScope& scope, const Subject& subject) {
  const auto covers = [](const std::string& name, std::string_view given) {
    return name.empty() || name == given;
  };
  return covers(scope.warehouse_id, subject.warehouse) &&
         covers(scope.department, subject.department) && covers(scope.category, subject.category) &&
         covers(scope.brand, subject.brand) && covers(scope.product_id, subject.product) &&
         covers(scope.sku, subject.sku);
}

// The value of one field and the rule that gives it, by going through all rules for every question.
struct Given {
  base::Quantity value;
  std::string rule_id;
  std::size_t rank;
};

using Member = std::optional<base::Quantity> event::RuleFields::*;

std::optional<Given> NaiveField(const std::map<std::string, Put>& rules, const Subject& subject,
                                base::Instant at, Member member, bool lower_is_looser) {
  std::vector<const Put*> matching;
  for (const auto& [id, put] : rules) {
    if (Covers(put.rule.scope, subject) && put.rule.InForceAt(at)) matching.push_back(&put);
  }
  const auto specific = [](const Put& put) {
    return std::pair(LevelOf(put.rule.scope), !put.rule.scope.warehouse_id.empty());
  };
  std::sort(matching.begin(), matching.end(), [&](const Put* a, const Put* b) {
    const auto key = [&](const Put& put) {
      return std::tuple(specific(put), put.rule.priority, put.place);
    };
    if (key(*a) != key(*b)) return key(*a) > key(*b);
    return a->rule.id < b->rule.id;
  });
  for (std::size_t rank = 0; rank < matching.size(); ++rank) {
    const auto& value = matching[rank]->rule.fields.*member;
    if (!value) continue;
    const bool held = std::any_of(matching.begin(), matching.end(), [&](const Put* guard) {
      const auto& guarded = guard->rule.fields.*member;
      return guard->rule.locked && guarded && specific(*guard) < specific(*matching[rank]) &&
             (lower_is_looser ? *value < *guarded : *value > *guarded);
    });
    if (!held) return Given{*value, matching[rank]->rule.id, rank};
  }
  return std::nullopt;
}

Rule AnyRule() {
  const auto name = [](int odds) {
    return *rc::gen::inRange(0, odds) == 0 ? std::string(1, *rc::gen::element('a', 'b'))
                                           : std::string();
  };
  event::RuleScope scope{name(3), name(4), name(4), name(4), name(4), name(4)};
  const auto quantity = []() -> std::optional<base::Quantity> {
    if (*rc::gen::inRange(0, 2) == 0) return std::nullopt;
    return Pieces(*rc::gen::inRange(0, 8));
  };
  event::RuleFields fields;
  fields.critical = quantity();
  fields.low = quantity();
  fields.max = quantity();
  Rule rule = MakeRule(std::string(1, *rc::gen::element('p', 'q', 'r', 's', 't')), scope, fields);
  rule.priority = *rc::gen::inRange(0, 2);
  rule.locked = *rc::gen::inRange(0, 3) == 0;
  if (*rc::gen::inRange(0, 4) == 0) rule.effective_from = Second(*rc::gen::inRange(0, 9));
  if (*rc::gen::inRange(0, 4) == 0) rule.effective_until = Second(*rc::gen::inRange(3, 12));
  return rule;
}

RC_GTEST_PROP(RuleBookProperty, ResolvesAsAWalkThroughAllRules, ()) {
  RuleBook book;
  std::map<std::string, Put> rules;
  std::map<std::string, base::Position> last;
  const int steps = *rc::gen::inRange(1, 14);
  for (int i = 0; i < steps; ++i) {
    const Rule rule = AnyRule();
    const base::Position place = At(*rc::gen::inRange<std::uint32_t>(1, 30));
    const bool removes = *rc::gen::inRange(0, 6) == 0;
    const Accepted accepted = removes ? book.Remove(rule.id, place) : book.Put(rule, place);
    if (last.contains(rule.id) && place <= last[rule.id]) {
      RC_ASSERT(accepted != Accepted::kInForce);
    } else {
      last[rule.id] = place;
      if (removes) {
        RC_ASSERT((accepted == Accepted::kInForce) == (rules.erase(rule.id) == 1));
      } else {
        RC_ASSERT(accepted == Accepted::kInForce);
        rules[rule.id] = {rule, place};
      }
    }
  }
  const std::string names[] = {
      *rc::gen::element<std::string>("a", "b", "c"), *rc::gen::element<std::string>("a", "b"),
      *rc::gen::element<std::string>("a", "b"),      *rc::gen::element<std::string>("a", "b"),
      *rc::gen::element<std::string>("a", "b"),      *rc::gen::element<std::string>("a", "b")};
  const Subject subject{names[0], names[1], names[2], names[3], names[4], names[5]};
  const base::Instant at = Second(*rc::gen::inRange(0, 13));
  const Resolved& resolved = book.at(book.Resolve(subject, at));

  struct Bound {
    std::optional<Given> given;
    Field field = Field::kCritical;
    std::optional<base::Quantity> resolved;
    std::optional<base::Quantity> placed;
  };
  Bound bounds[3] = {
      {NaiveField(rules, subject, at, &event::RuleFields::critical, true), Field::kCritical,
       resolved.critical, std::nullopt},
      {NaiveField(rules, subject, at, &event::RuleFields::low, true), Field::kLow, resolved.low,
       std::nullopt},
      {NaiveField(rules, subject, at, &event::RuleFields::max, false), Field::kMax, resolved.max,
       std::nullopt},
  };
  // Placed in the order of their rules, each inside what stands already.
  for (std::size_t rank = 0; rank < rules.size(); ++rank) {
    for (int i = 0; i < 3; ++i) {
      if (!bounds[i].given || bounds[i].given->rank != rank) continue;
      base::Quantity value = bounds[i].given->value;
      for (int j = 0; j < 3; ++j) {
        if (!bounds[j].placed || j == i) continue;
        value = j < i ? std::max(value, *bounds[j].placed) : std::min(value, *bounds[j].placed);
      }
      bounds[i].placed = value;
    }
  }
  for (int i = 0; i < 3; ++i) {
    const Bound& bound = bounds[i];
    RC_ASSERT(bound.resolved == bound.placed);
    const VersionIndex origin = resolved.origin[Index(bound.field)];
    RC_ASSERT((origin == kNoVersion) == !bound.given);
    if (!bound.given) continue;
    RC_ASSERT(book.Version(origin).rule.id == bound.given->rule_id);
    const auto& before = resolved.before_clamping[static_cast<std::size_t>(i)];
    RC_ASSERT(before.has_value() == (bound.given->value != *bound.placed));
    if (before) RC_ASSERT(*before == bound.given->value);
  }
}

}  // namespace
}  // namespace stockwatch::threshold
