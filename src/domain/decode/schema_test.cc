#include "domain/decode/schema.h"

#include <gtest/gtest.h>

#include <cmath>

#include <string>
#include <vector>

#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;

Schema Typed(std::string_view name) {
  Schema schema;
  schema.types = TypesNamed(name);
  schema.types_text = name;
  return schema;
}

// What is wrong with the value of field "a"; "" if nothing.
std::string Wrong(const Schema& schema, const testing::Value& value,
                  RedactedValues redacted = RedactedValues::kAreText) {
  Schema whole;
  whole.properties = {{"a", schema}};
  const event::RawDocument document = testing::MakeDocument(Fields{{"a", value}});
  return FindViolation(whole, document, 0, redacted).value_or("");
}

Number Of(std::string_view text) {
  return Number::Parse(text).value();
}

using Type = testing::Value;

TEST(Schema, TypesAreThoseOfJsonAndOfBson) {
  struct Case {
    std::string_view name;
    std::vector<Type> are;
    std::vector<Type> are_not;
  };
  const std::string id(12, 'x');
  const std::vector<Case> cases{
      {"null", {Type::Null()}, {0, ""}},
      {"boolean", {false, true}, {0, "true"}},
      {"object", {Fields{}}, {Type::Array({}), Type::Null()}},
      {"array", {Type::Array({})}, {Fields{}}},
      {"number", {1, std::int64_t{1}, 1.5, Type::Decimal("1.5")}, {"1", Type::Date(1)}},
      {"integer",
       {1, std::int64_t{1}, 2.0, Type::Decimal("2.0"), Type::Decimal("2E+3")},
       {1.5, Type::Decimal("0.1"), Type::Decimal("NaN"), std::nan(""), "1"}},
      {"string", {"", "x"}, {Type::Date(1), Type::ObjectId(id)}},
      {"date", {Type::Date(1)}, {"2026-01-01T00:00:00Z", Type::Timestamp(1)}},
      {"objectId", {Type::ObjectId(id)}, {"x"}},
      {"int", {1}, {std::int64_t{1}, 1.0}},
      {"long", {std::int64_t{1}}, {1}},
      {"double", {1.0}, {1}},
      {"decimal", {Type::Decimal("1")}, {1}},
  };
  for (const Case& c : cases) {
    for (const Type& value : c.are) EXPECT_EQ(Wrong(Typed(c.name), value), "") << c.name;
    for (const Type& value : c.are_not) EXPECT_NE(Wrong(Typed(c.name), value), "") << c.name;
  }
  EXPECT_EQ(Wrong(Typed("integer"), "1"), "at \"/a\": is of type string, not integer");
  EXPECT_EQ(TypesNamed("str"), 0u);
}

TEST(Schema, NumbersAreComparedExactly) {
  Schema schema;
  schema.minimum = Of("0.1");
  schema.below = Of("10");
  schema.multiple_of = Of("0.1");
  EXPECT_EQ(Wrong(schema, 0.1), "");
  EXPECT_EQ(Wrong(schema, Type::Decimal("9.9")), "");
  EXPECT_EQ(Wrong(schema, 0), "at \"/a\": is less than 0.1");
  EXPECT_EQ(Wrong(schema, 10), "at \"/a\": is not less than 10");
  EXPECT_EQ(Wrong(schema, 0.25), "at \"/a\": is no multiple of 0.1");
  EXPECT_EQ(Wrong(schema, std::nan("")),
            "at \"/a\": is a number beyond what can be compared exactly");
  EXPECT_EQ(Wrong(schema, "text"), "");  // a keyword of numbers asks nothing of a text
  Schema other;
  other.above = Of("1");
  other.maximum = Of("2");
  EXPECT_EQ(Wrong(other, 2), "");
  EXPECT_EQ(Wrong(other, 1), "at \"/a\": is not more than 1");
  EXPECT_EQ(Wrong(other, 3), "at \"/a\": is more than 2");
}

TEST(Schema, SizesAreCounted) {
  Schema schema;
  schema.length_min = schema.items_min = schema.properties_min = 1;
  schema.length_max = schema.items_max = schema.properties_max = 2;
  EXPECT_EQ(Wrong(schema, "\xC3\xA4\xE2\x82\xAC"), "");  // two characters, five bytes
  EXPECT_EQ(Wrong(schema, ""), "at \"/a\": has fewer characters than 1");
  EXPECT_EQ(Wrong(schema, "abc"), "at \"/a\": has more characters than 2");
  EXPECT_EQ(Wrong(schema, Type::Array({})), "at \"/a\": has fewer items than 1");
  EXPECT_EQ(Wrong(schema, Type::Array({1, 2, 3})), "at \"/a\": has more items than 2");
  EXPECT_EQ(Wrong(schema, Fields{}), "at \"/a\": has fewer fields than 1");
  EXPECT_EQ(Wrong(schema, Fields{{"x", 1}, {"y", 2}}), "");
}

TEST(Schema, ValuesAreOneOfThoseListed) {
  Schema schema;
  schema.values = std::vector<Value>{Value(std::string("active")), Value(Of("7")), Value(Null{})};
  EXPECT_EQ(Wrong(schema, "active"), "");
  EXPECT_EQ(Wrong(schema, 7.0), "");
  EXPECT_EQ(Wrong(schema, Type::Null()), "");
  EXPECT_EQ(Wrong(schema, "secret"), "at \"/a\": is none of the 3 values that are allowed");
  EXPECT_NE(Wrong(schema, Fields{}), "");
}

TEST(Schema, ThePathLeadsToTheValue) {
  Schema tags;
  tags.items = {Typed("string")};
  Schema inner;
  inner.required = {"sku"};
  inner.properties = {{"tags", tags}, {"a/b~c", Typed("string")}};
  Schema nothing;
  nothing.never = true;
  inner.additional = {nothing};
  const auto sku = [](const std::string& name, const Type& value) {
    return Fields{{"sku", "A"}, {name, value}};
  };
  inner.properties.push_back({"sku", Typed("string")});
  EXPECT_EQ(Wrong(inner, sku("tags", Type::Array({"x", "y"}))), "");
  EXPECT_EQ(Wrong(inner, sku("tags", Type::Array({"x", 1}))),
            "at \"/a/tags/1\": is of type int, not string");
  EXPECT_EQ(Wrong(inner, sku("a/b~c", 1)), "at \"/a/a~1b~0c\": is of type int, not string");
  EXPECT_EQ(Wrong(inner, sku("other", 1)), "at \"/a/other\": is not allowed");
  EXPECT_EQ(Wrong(inner, Fields{}), "at \"/a\": has no field \"sku\"");
}

TEST(Schema, ShapesCombine) {
  Schema small;
  small.maximum = Of("5");
  Schema schema;
  schema.any_of = {Typed("string"), small};
  EXPECT_EQ(Wrong(schema, 5), "");
  EXPECT_EQ(Wrong(schema, 6), "at \"/a\": is none of the shapes of anyOf");
  Schema one;
  one.one_of = {Typed("number"), small};
  EXPECT_EQ(Wrong(one, 6), "");
  EXPECT_EQ(Wrong(one, 5), "at \"/a\": is 2 of the shapes of oneOf, not 1");
  Schema all;
  all.all_of = {Typed("number"), small};
  EXPECT_EQ(Wrong(all, 5), "");
  EXPECT_EQ(Wrong(all, 6), "at \"/a\": is more than 5");
  Schema none;
  none.none_of = {Typed("string")};
  EXPECT_EQ(Wrong(none, 6), "");
  EXPECT_EQ(Wrong(none, "x"), "at \"/a\": is of a shape that is not allowed");
}

TEST(Schema, ARedactedValueIsHeldAgainstNothing) {
  EXPECT_EQ(Wrong(Typed("number"), "[redacted]", RedactedValues::kPass), "");
  EXPECT_NE(Wrong(Typed("number"), "[redacted]"), "");
}

}  // namespace
}  // namespace stockwatch::decode
