#include "domain/decode/apply_hooks.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;
using RawField = testing::Value;

Expression Parsed(std::string_view text) {
  auto expression = Expression::Parse(text);
  EXPECT_TRUE(expression.ok()) << text;
  return std::move(expression).value();
}

// The document after the hooks, "filtered", or "error: …".
std::string Applied(const Fields& fields, const std::vector<Hook>& hooks) {
  event::RawDocument document = testing::MakeDocument(fields);
  event::RawDocument keeper;
  const auto verdict = ApplyHooks(hooks, "inventory.hooks", {document, keeper});
  if (!verdict.ok()) return "error: " + verdict.error().message;
  if (verdict.value() == Verdict::kFiltered) return "filtered";
  return testing::Describe(document, 0);
}

struct Case {
  std::string_view behaviour;
  Fields fields;
  std::vector<Hook> hooks;
  std::string_view result;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Applied(c.fields, c.hooks), c.result) << c.behaviour;
}

TEST(Hooks, RenameMovesAField) {
  const Fields nested{{"a", 1}, {"qty", Fields{{"x", 2}, {"y", 3}}}, {"z", 4}};
  Check({
      {"in place", nested, {RenameHook{"a", "b"}}, "{b: 1, qty: {x: 2, y: 3}, z: 4}"},
      {"in place below", nested, {RenameHook{"qty.x", "qty.w"}}, "{a: 1, qty: {w: 2, y: 3}, z: 4}"},
      {"a container keeps its level",
       nested,
       {RenameHook{"qty", "stock"}},
       "{a: 1, stock: {x: 2, y: 3}, z: 4}"},
      {"up", nested, {RenameHook{"qty.x", "on_hand"}}, "{a: 1, qty: {y: 3}, z: 4, on_hand: 2}"},
      {"down", nested, {RenameHook{"a", "qty.a"}}, "{qty: {x: 2, y: 3, a: 1}, z: 4}"},
      {"into levels that are made",
       nested,
       {RenameHook{"a", "m.n.o"}},
       "{qty: {x: 2, y: 3}, z: 4, m: {n: {o: 1}}}"},
      {"below itself", nested, {RenameHook{"a", "a.b"}}, "{qty: {x: 2, y: 3}, z: 4, a: {b: 1}}"},
      {"missing is left alone",
       nested,
       {RenameHook{"q", "b"}, RenameHook{"a.b", "c"}},
       "{a: 1, qty: {x: 2, y: 3}, z: 4}"},
      {"a container cannot change its level",
       nested,
       {RenameHook{"qty", "m.qty"}},
       "error: inventory.hooks[0] (rename, field \"qty\"): a document or an array cannot move to "
       "another level"},
      {"no silent overwriting",
       nested,
       {RenameHook{"a", "z"}},
       "error: inventory.hooks[0] (rename, field \"a\"): field \"z\" is there already"},
      {"not into a number",
       nested,
       {RenameHook{"a", "z.a"}},
       "error: inventory.hooks[0] (rename, field \"a\"): field \"z\" is no document"},
  });
}

TEST(Hooks, DropAndDefault) {
  const Fields fields{
      {"a", 1}, {"b", RawField::Null()}, {"c", Fields{{"d", RawField::Array({1})}}}};
  Check({
      {"drops scalars and containers",
       fields,
       {DropHook{"a"}, DropHook{"c.d"}, DropHook{"x"}},
       "{b: null, c: {}}"},
      {"default leaves what is there",
       fields,
       {DefaultHook{"a", std::string("x")}},
       "{a: 1, b: null, c: {d: [1]}}"},
      {"null counts as missing",
       fields,
       {DefaultHook{"b", Number::Whole(5)}},
       "{a: 1, b: long 5, c: {d: [1]}}"},
      {"default makes levels",
       {},
       {DefaultHook{"m.n", true}, DefaultHook{"m.o", Number{2'500'000}}},
       "{m: {n: true, o: decimal 2.5}}"},
      {"default text", {}, {DefaultHook{"a", std::string("x")}}, "{a: \"x\"}"},
  });
}

TEST(Hooks, ComputeAndFilter) {
  const Fields fields{{"a", 6}, {"b", Fields{{"c", 2.5}}}, {"s", "x"}};
  Check({
      {"a new field",
       fields,
       {ComputeHook{"d", Parsed("a / 2")}},
       "{a: 6, b: {c: double 2.500000}, s: \"x\", d: long 3}"},
      {"over a scalar",
       fields,
       {ComputeHook{"b.c", Parsed("b.c * 3")}},
       "{a: 6, b: {c: decimal 7.5}, s: \"x\"}"},
      {"over a container",
       fields,
       {ComputeHook{"b", Parsed("s + 'y'")}},
       "{a: 6, b: \"xy\", s: \"x\"}"},
      {"in order",
       fields,
       {ComputeHook{"a", Parsed("a + 1")}, ComputeHook{"a", Parsed("a * 2")}, DropHook{"b"}},
       "{a: long 14, s: \"x\"}"},
      {"null", fields, {ComputeHook{"a", Parsed("null")}, DropHook{"b"}}, "{a: null, s: \"x\"}"},
      {"kept", fields, {FilterHook{Parsed("a > 5")}, DropHook{"b"}}, "{a: 6, s: \"x\"}"},
      {"filtered", fields, {FilterHook{Parsed("a > 6")}, DropHook{"b"}}, "filtered"},
      {"an error names the hook",
       fields,
       {DropHook{"s"}, ComputeHook{"d", Parsed("x + 1")}},
       "error: inventory.hooks[1] (compute, field \"d\"): \"+\" cannot take field \"x\", which is "
       "missing"},
      {"a filter that says neither",
       fields,
       {FilterHook{Parsed("a")}},
       "error: inventory.hooks[0] (filter): result is neither true nor false: number"},
  });
}

struct ConvertCase {
  RawField from;
  Conversion to;
  std::string_view result;
};

TEST(Hooks, ConvertIsExactOrFails) {
  using enum Conversion;
  const std::vector<ConvertCase> cases{
      {"12.50", kNumber, "decimal 12.50"},
      {7, kNumber, "7"},
      {"1e3", kNumber, "cannot convert to number: \"1e3\""},
      {"12.5x", kNumber, "cannot convert to number: \"12.5x\""},
      {true, kNumber, "cannot convert to number: true"},
      {RawField::Decimal("NaN"), kNumber, "cannot convert to number: NaN"},
      {"12", kInteger, "long 12"},
      {"+12.0", kInteger, "long 12"},
      {12.0, kInteger, "long 12"},
      {RawField::Decimal("1.2E+3"), kInteger, "long 1200"},
      {std::numeric_limits<std::int64_t>::min(), kInteger, "long -9223372036854775808"},
      {12.5, kInteger, "cannot convert to integer: 12.5"},
      {"9223372036854775808", kInteger, "cannot convert to integer: \"9223372036854775808\""},
      {RawField::Decimal("1E+6000"), kInteger, "cannot convert to integer: 1E+6000"},
      {10234.0, kString, "\"10234\""},
      {0.1, kString, "\"0.1\""},
      {-0.05, kString, "\"-0.05\""},
      {RawField::Decimal("1.20"), kString, "\"1.2\""},
      {std::int64_t{-5}, kString, "\"-5\""},
      {true, kString, "\"true\""},
      {RawField::Date(1'700'000'000'000), kString, "\"2023-11-14T22:13:20Z\""},
      {RawField::ObjectId(std::string(12, '\x0A')), kString, "\"0a0a0a0a0a0a0a0a0a0a0a0a\""},
      {RawField::Array({}), kString, "cannot convert to string: array"},
      {"2023-11-14T22:13:20.123Z", kDate, "date 1700000000123"},
      {1'700'000'000'123, kDate, "date 1700000000123"},
      {"2023-11-14T22:13:20.1234Z", kDate, "cannot convert to date: \"2023-11-14T22:13:20.1234Z\""},
      {"2023-11-14", kDate, "cannot convert to date: \"2023-11-14\""},
      {1'700'000'000, kDateFromSeconds, "date 1700000000000"},
      {"1700000000.25", kDateFromSeconds, "date 1700000000250"},
      {1e300, kDateFromSeconds, "cannot convert to date_from_seconds: 1e+300"},
      {"false", kBool, "false"},
      {1, kBool, "true"},
      {0.0, kBool, "false"},
      {2, kBool, "cannot convert to bool: 2"},
      {"yes", kBool, "cannot convert to bool: \"yes\""},
      {RawField::Null(), kInteger, "null"},
  };
  for (const ConvertCase& c : cases) {
    const std::string applied = Applied({{"a", c.from}}, {ConvertHook{"a", c.to}});
    const bool fails = c.result.substr(0, 6) == "cannot";
    const std::string expected =
        fails ? "error: inventory.hooks[0] (convert, field \"a\"): " + std::string(c.result)
              : "{a: " + std::string(c.result) + "}";
    EXPECT_EQ(applied, expected);
  }
  EXPECT_EQ(Applied({}, {ConvertHook{"a", kNumber}}), "{}");
}

}  // namespace
}  // namespace stockwatch::decode
