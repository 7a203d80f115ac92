#include "domain/decode/document_key.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "testing/document_builder.h"

namespace stockwatch::decode {
namespace {

using testing::Fields;
using testing::Value;
using Type = event::ValueType;

std::string KeyOf(const Value& id) {
  const event::RawDocument document = testing::MakeDocument({{"_id", id}});
  std::string key;
  AppendDocumentKey(key, document, 1);
  return key;
}

TEST(DocumentKey, IdsThatMongoDbHoldsForEqualHaveEqualBytes) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<Value>> classes{
      {1, std::int64_t{1}, 1.0, Value::Decimal("1"), Value::Decimal("1.00"),
       Value::Decimal("10E-1")},
      {0, std::int64_t{0}, 0.0, -0.0, Value::Decimal("0"), Value::Decimal("-0E+3")},
      {-1200, -1200.0, Value::Decimal("-1.2E+3"), Value::Decimal("-1200.0")},
      {0.5, Value::Decimal("0.5"), Value::Decimal("5E-1")},
      // A double is its exact value, so it equals the decimal that writes all of it.
      {0.1, Value::Decimal("0.1000000000000000055511151231257827021181583404541015625")},
      {Value::Decimal("0.1")},
      {9007199254740993, Value::Decimal("9007199254740993")},
      {9007199254740992.0, std::int64_t{9007199254740992}},
      {std::numeric_limits<std::int64_t>::min(), -9223372036854775808.0},
      {std::numeric_limits<std::int64_t>::max()},
      {std::nan(""), Value::Decimal("NaN")},
      {infinity, Value::Decimal("Infinity")},
      {-infinity, Value::Decimal("-Infinity")},
      {"1", Value::Of(Type::kSymbol, 0, "1")},
      {""},
      {Value::Null()},
      {true},
      {false},
      {Value::Date(1)},
      {Value::Timestamp(1)},
      {Value::ObjectId("abcdefghijkl")},
      {Value::Of(Type::kBinary, 0, "abcdefghijkl")},
      {Value::Of(Type::kBinary, 4, "abcdefghijkl")},
      {Value::Of(Type::kMinKey, 0, "")},
      {Value::Of(Type::kMaxKey, 0, "")},
      {Fields{}},
      {Value::Array({})},
      {Fields{{"a", 1}}, Fields{{"a", 1.0}}},
      {Fields{{"a", "1"}}},
      {Fields{{"b", 1}}},
      {Fields{{"a", 1}, {"b", 2}}, Fields{{"a", Value::Decimal("1.0")}, {"b", std::int64_t{2}}}},
      {Fields{{"b", 2}, {"a", 1}}},
      {Fields{{"a", Fields{{"b", 2}}}}},
      {Fields{{"a", Fields{}}, {"b", 2}}},
      {Fields{{"a", Value::Array({1, 2})}}, Fields{{"a", Value::Array({1.0, 2.0})}}},
      {Fields{{"a", Value::Array({1})}, {"", 2}}},
  };
  std::set<std::string> seen;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::string key = KeyOf(classes[i][0]);
    for (const Value& equal : classes[i]) EXPECT_EQ(KeyOf(equal), key) << "class " << i;
    EXPECT_TRUE(seen.insert(key).second) << "class " << i << " equals another";
  }
}

}  // namespace
}  // namespace stockwatch::decode
