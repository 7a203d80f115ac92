#include "domain/decode/expression.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;
using RawField = testing::Value;

const Fields kDocument{{"qty", Fields{{"available", 7}, {"blocked", 2.5}}},
                       {"price", RawField::Decimal("12.50")},
                       {"name", "nut's"},
                       {"sku", "A-1"},
                       {"active", true},
                       {"nothing", RawField::Null()},
                       {"at", RawField::Date(1'700'000'000'000)},
                       {"tags", RawField::Array({1, 2})},
                       {"großhandel", 3},
                       {"third", 0.1}};

std::string Show(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<Number>(&value)) return Text(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
  return "null";
}

// The value, or "error: …" of parsing or evaluation.
std::string Result(std::string_view text) {
  const event::RawDocument document = testing::MakeDocument(kDocument);
  const auto expression = Expression::Parse(text);
  if (!expression.ok()) return "error: " + expression.error().message;
  const auto value = expression.value().Evaluate(document, 0);
  return value.ok() ? Show(value.value()) : "error: " + value.error().message;
}

struct Case {
  std::string_view text;
  std::string_view result;
};

TEST(Expression, HasTheValueOfItsFormula) {
  const std::vector<Case> cases{
      {"1", "1"},
      {"0.1 + 0.2", "0.3"},
      {"1 - 2 - 3", "-4"},
      {"2 + 3 * 4", "14"},
      {"(2 + 3) * 4", "20"},
      {"-2 * -3", "6"},
      {"--2", "2"},
      {"-2 + 3", "1"},
      {"12 / 4 / 3", "1"},
      {"1 / 8", "0.125"},
      {"third * 3", "0.3"},
      {"qty.available - qty.blocked", "4.5"},
      {"price * 2", "25"},
      {"'a' + 'b'", "'ab'"},
      {"name + '!'", "'nut's!'"},
      {"'it''s'", "'it's'"},
      {"großhandel + 1", "4"},
      {"at", "1700000000000"},
      {"9223372036854775807 + 1", "9223372036854775808"},
      {"10000000000000 * 1000000", "10000000000000000000"},
      {"true", "true"},
      {"null", "null"},
      {"nothing", "null"},
      {"missing", "null"},
      {"1 == 1.0", "true"},
      {"'a' < 'b'", "true"},
      {"'B' < 'a'", "true"},
      {"1 <= 1 and 2 >= 3", "false"},
      {"not active", "false"},
      {"not 1 == 2", "true"},
      {"true or false and false", "true"},
      {"(true or false) and false", "false"},
      {"false and missing > 1", "false"},
      {"true or missing > 1", "true"},
      {"sku == 'A-1' and qty.available > 5", "true"},
      {"missing == null", "true"},
      {"nothing == null", "true"},
      {"missing == 1", "false"},
      {"missing != 'x'", "true"},
      {"active != false", "true"},
      {"exists(nothing)", "true"},
      {"exists(qty.available)", "true"},
      {"exists(qty.other)", "false"},
      {"exists(tags)", "true"},
      {"exists(missing) or active", "true"},
      {"order == null", "true"},  // "or" is no word of its own here
  };
  for (const Case& c : cases) EXPECT_EQ(Result(c.text), c.result) << c.text;
}

TEST(Expression, WhatHasNoExactValueIsAnError) {
  const std::vector<Case> cases{
      {"1 / 3", "error: result has more than 6 decimals"},
      {"0.001 * 0.0001", "error: result has more than 6 decimals"},
      {"1 / 0", "error: division by zero"},
      {"10000000000000000000 + 1", "error: number beyond 10^19"},
      {"10000000000000000000 * 10000000000000000000", "error: number beyond 10^19"},
      {"-10000000000000000000 - 0.000001", "error: number beyond 10^19"},
      {"missing + 1", "error: \"+\" cannot take field \"missing\", which is missing"},
      {"1 + nothing", "error: \"+\" cannot take field \"nothing\", which is null"},
      {"missing < 1", "error: \"<\" cannot take field \"missing\", which is missing"},
      {"-name", "error: \"-\" cannot take field \"name\", which is string"},
      {"name * 2", "error: \"*\" cannot take field \"name\", which is string"},
      {"name + 2", "error: \"+\" cannot take number"},
      {"2 + name", "error: \"+\" cannot take field \"name\", which is string"},
      {"not 1", "error: \"not\" cannot take number"},
      {"active and 1", "error: \"and\" cannot take number"},
      {"name == 1", "error: \"==\" cannot compare string with number"},
      {"true < false", "error: \"<\" cannot take bool"},
      {"tags == null", "error: field \"tags\": no value in an expression: array"},
  };
  for (const Case& c : cases) EXPECT_EQ(Result(c.text), c.result) << c.text;
}

TEST(Expression, AMalformedTextNamesThePosition) {
  const std::vector<Case> cases{
      {"", "value expected at position 1"},
      {"1 +", "value expected at position 4"},
      {"1 2", "operator expected at position 3"},
      {"(1", "\")\" expected at position 3"},
      {"1)", "operator expected at position 2"},
      {"a.", "unknown character at position 2"},
      {"1.", "bad number at position 1"},
      {"1.5x", "bad number at position 1"},
      {"1e5", "bad number at position 1"},
      {"0.1234567", "bad number at position 1"},
      {"99999999999999999999", "bad number at position 1"},
      {"'abc", "string without an end at position 1"},
      {"a == b == c", "comparisons cannot be chained at position 8"},
      {"1 < 2 < 3", "comparisons cannot be chained at position 7"},
      {"a = 1", "unknown character at position 3"},
      {"exists a", "\"(\" expected at position 8"},
      {"exists(1)", "field expected at position 8"},
      {"exists(not)", "field expected at position 8"},
      {"and", "field expected at position 1"},
      {"1 + not a", "\"not\" needs parentheses here at position 5"},
      {"a ; b", "unknown character at position 3"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Result(c.text), "error: expression: " + std::string(c.result)) << c.text;
  }
  EXPECT_EQ(Result("'\xFF'"), "error: expression: not UTF-8");
}

TEST(Expression, LengthAndDepthAreBounded) {
  EXPECT_FALSE(Expression::Parse(std::string(1025, '1')).ok());
  std::string terms = "active";
  for (int i = 0; i < 60; ++i) terms += " and active";
  EXPECT_EQ(Result(terms), "true");
  for (std::string_view nested : {"(", "-", "not ", "1 + ", "1 + ("}) {
    std::string text;
    while (text.size() + nested.size() < 1020) text += nested;
    EXPECT_NE(Result(text + "1").find("nested too deeply"), std::string::npos) << nested;
    EXPECT_FALSE(Expression::Parse(text).ok());
  }
}

TEST(Expression, AJoinedStringIsBounded) {
  const std::string part(1000, 'x');
  const event::RawDocument document = testing::MakeDocument({{"a", part}});
  const auto expression = Expression::Parse("a + a + a + a + a");
  ASSERT_TRUE(expression.ok());
  EXPECT_FALSE(expression.value().Evaluate(document, 0).ok());
}

// A random formula of whole numbers, its text with as few parentheses as the grammar needs, and its
// value by 64-bit arithmetic as it is made. Nothing where division has no whole result.
struct Formula {
  std::string text;
  int level;  // of its outermost operator
  std::optional<std::int64_t> value;
};

Formula MakeFormula(base::Random& random, int depth) {
  if (depth == 0 || random.Chance(1, 5)) {
    const auto value = static_cast<std::int64_t>(random.Below(20));
    return {std::to_string(value), 4, value};
  }
  constexpr std::string_view kSymbols = "+-*/";
  const std::uint32_t kind = random.Below(4);
  Formula left = MakeFormula(random, depth - 1);
  Formula right = MakeFormula(random, depth - 1);
  const int level = kind < 2 ? 1 : 2;
  const auto in = [](const Formula& f, int least) {
    return f.level < least ? "(" + f.text + ")" : f.text;
  };
  Formula made{in(left, level) + kSymbols[kind] + in(right, level + 1), level, std::nullopt};
  if (!left.value || !right.value) return made;
  const std::int64_t a = *left.value;
  const std::int64_t b = *right.value;
  if (kind == 0) made.value = a + b;
  if (kind == 1) made.value = a - b;
  if (kind == 2) made.value = a * b;
  if (kind == 3 && b != 0 && a % b == 0) made.value = a / b;
  return made;
}

TEST(Expression, RandomFormulasHaveTheValueOfTheirTree) {
  constexpr std::uint64_t kSeed = 20'260'801;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  base::Random random(kSeed);
  int compared = 0;
  for (int i = 0; i < 5000; ++i) {
    const Formula formula = MakeFormula(random, 4);
    if (!formula.value) continue;
    ++compared;
    ASSERT_EQ(Result(formula.text), std::to_string(*formula.value)) << formula.text;
  }
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace stockwatch::decode
