#include "domain/decode/schema.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/decimal.h"
#include "domain/decode/protection.h"

namespace stockwatch::decode {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr TypeSet kNumbers = TypeBit(ValueType::kInt32) | TypeBit(ValueType::kInt64) |
                             TypeBit(ValueType::kDouble) | TypeBit(ValueType::kDecimal);

struct NamedTypes {
  std::string_view name;
  TypeSet types;
};
// The names of JSON first, then those of BSON that JSON has not.
constexpr std::array<NamedTypes, 20> kNamedTypes{{
    {"null", TypeBit(ValueType::kNull)},
    {"boolean", TypeBit(ValueType::kBool)},
    {"object", TypeBit(ValueType::kDocument)},
    {"array", TypeBit(ValueType::kArray)},
    {"number", kNumbers},
    {"integer", TypeBit(ValueType::kInt32) | TypeBit(ValueType::kInt64) | kWhole},
    {"string", TypeBit(ValueType::kString)},
    {"bool", TypeBit(ValueType::kBool)},
    {"int", TypeBit(ValueType::kInt32)},
    {"long", TypeBit(ValueType::kInt64)},
    {"double", TypeBit(ValueType::kDouble)},
    {"decimal", TypeBit(ValueType::kDecimal)},
    {"date", TypeBit(ValueType::kDate)},
    {"timestamp", TypeBit(ValueType::kTimestamp)},
    {"objectId", TypeBit(ValueType::kObjectId)},
    {"binData", TypeBit(ValueType::kBinary)},
    {"regex", TypeBit(ValueType::kRegex)},
    {"javascript", TypeBit(ValueType::kCode)},
    {"minKey", TypeBit(ValueType::kMinKey)},
    {"maxKey", TypeBit(ValueType::kMaxKey)},
}};

bool IsWhole(const RawValue& value) {
  if (value.type == ValueType::kDouble) {
    return std::isfinite(value.number) && std::trunc(value.number) == value.number;
  }
  if (value.type != ValueType::kDecimal) return false;
  const auto read = base::ParseDecimal(value.bytes, {0, INT64_MAX}, base::Exponent::kAllowed);
  return read.ok();
}

bool IsOf(const RawValue& value, TypeSet types) {
  if ((types & TypeBit(value.type)) != 0) return true;
  return (types & kWhole) != 0 && IsWhole(value);
}

std::uint64_t CodePoints(std::string_view text) {
  return static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// One walk through a document; the path is that of the value at hand.
class Check {
 public:
  Check(const RawDocument& document, RedactedValues redacted)
      : document_(document), redacted_(redacted) {}

  // False: it is wrong, and violation() says how.
  bool Value(const Schema& schema, std::uint32_t index) {
    const RawValue& value = document_.at(index);
    const bool passes = redacted_ == RedactedValues::kPass && value.type == ValueType::kString &&
                        LooksProtected(value.bytes);
    if (passes) return true;
    if (schema.never) return Fail("is not allowed");
    if (schema.types != 0 && !IsOf(value, schema.types)) {
      return Fail("is of type " + std::string(TypeName(value.type)) + ", not " + schema.types_text);
    }
    return OneOfValues(schema, value) && Range(schema, value) && Length(schema, value) &&
           Items(schema, index) && Properties(schema, index) && Combined(schema, index);
  }

  std::string violation() const { return "at \"" + violation_path_ + "\": " + violation_; }

 private:
  bool Fail(std::string what) {
    violation_ = std::move(what);
    violation_path_ = path_;
    return false;
  }

  bool OneOfValues(const Schema& schema, const RawValue& raw) {
    if (!schema.values) return true;
    const auto value = ValueOf(raw);
    const auto& values = *schema.values;
    if (value.ok() && std::find(values.begin(), values.end(), value.value()) != values.end()) {
      return true;
    }
    return Fail("is none of the " + std::to_string(values.size()) + " values that are allowed");
  }

  bool Range(const Schema& schema, const RawValue& raw) {
    const bool asked =
        schema.minimum || schema.maximum || schema.above || schema.below || schema.multiple_of;
    if (!asked || !IsOf(raw, kNumbers)) return true;
    const auto value = ValueOf(raw);
    const auto* number = value.ok() ? std::get_if<Number>(&value.value()) : nullptr;
    if (number == nullptr) return Fail("is a number beyond what can be compared exactly");
    if (schema.minimum && *number < *schema.minimum) {
      return Fail("is less than " + Text(*schema.minimum));
    }
    if (schema.maximum && *number > *schema.maximum) {
      return Fail("is more than " + Text(*schema.maximum));
    }
    if (schema.above && *number <= *schema.above) {
      return Fail("is not more than " + Text(*schema.above));
    }
    if (schema.below && *number >= *schema.below) {
      return Fail("is not less than " + Text(*schema.below));
    }
    if (schema.multiple_of && number->millionths % schema.multiple_of->millionths != 0) {
      return Fail("is no multiple of " + Text(*schema.multiple_of));
    }
    return true;
  }

  bool Between(std::uint64_t count, std::optional<std::uint64_t> min,
               std::optional<std::uint64_t> max, std::string_view what) {
    if (min && count < *min) {
      return Fail("has fewer " + std::string(what) + " than " + std::to_string(*min));
    }
    if (max && count > *max) {
      return Fail("has more " + std::string(what) + " than " + std::to_string(*max));
    }
    return true;
  }

  bool Length(const Schema& schema, const RawValue& value) {
    if (value.type != ValueType::kString || (!schema.length_min && !schema.length_max)) return true;
    return Between(CodePoints(value.bytes), schema.length_min, schema.length_max, "characters");
  }

  bool Items(const Schema& schema, std::uint32_t index) {
    if (document_.at(index).type != ValueType::kArray) return true;
    std::uint64_t count = 0;
    for (std::uint32_t i = index + 1; i < document_.at(index).end; i = document_.at(i).end) {
      if (!schema.items.empty() && !Below(schema.items[0], i, std::to_string(count))) return false;
      ++count;
    }
    return Between(count, schema.items_min, schema.items_max, "items");
  }

  bool Properties(const Schema& schema, std::uint32_t index) {
    if (document_.at(index).type != ValueType::kDocument) return true;
    for (const std::string& name : schema.required) {
      if (document_.Find(index, name) == RawDocument::kNone) {
        return Fail("has no field \"" + name + "\"");
      }
    }
    std::uint64_t count = 0;
    for (std::uint32_t i = index + 1; i < document_.at(index).end; i = document_.at(i).end) {
      ++count;
      const std::string_view name = document_.at(i).name;
      const auto known = std::find_if(schema.properties.begin(), schema.properties.end(),
                                      [&](const auto& property) { return property.name == name; });
      if (known != schema.properties.end()) {
        if (!Below(known->schema, i, name)) return false;
      } else if (!schema.additional.empty() && !Below(schema.additional[0], i, name)) {
        return false;
      }
    }
    return Between(count, schema.properties_min, schema.properties_max, "fields");
  }

  bool Combined(const Schema& schema, std::uint32_t index) {
    for (const Schema& one : schema.all_of) {
      if (!Value(one, index)) return false;
    }
    if (!schema.any_of.empty() && Matches(schema.any_of, index) == 0) {
      return Fail("is none of the shapes of anyOf");
    }
    if (!schema.one_of.empty()) {
      const std::size_t matches = Matches(schema.one_of, index);
      if (matches != 1)
        return Fail("is " + std::to_string(matches) + " of the shapes of oneOf, not 1");
    }
    return Matches(schema.none_of, index) == 0 || Fail("is of a shape that is not allowed");
  }
  std::size_t Matches(const std::vector<Schema>& schemas, std::uint32_t index) {
    return static_cast<std::size_t>(std::count_if(
        schemas.begin(), schemas.end(), [&](const Schema& one) { return Value(one, index); }));
  }

  // A JSON Pointer (RFC 6901) goes on with a name, in which ~ and / are written otherwise.
  bool Below(const Schema& schema, std::uint32_t index, std::string_view name) {
    const std::size_t size = path_.size();
    path_ += '/';
    for (const char c : name) {
      if (c == '~' || c == '/') {
        path_ += c == '~' ? "~0" : "~1";
      } else {
        path_ += c;
      }
    }
    const bool good = Value(schema, index);
    path_.resize(size);
    return good;
  }

  const RawDocument& document_;
  RedactedValues redacted_;
  std::string path_;
  std::string violation_;
  std::string violation_path_;
};

}  // namespace

TypeSet TypesNamed(std::string_view name) {
  for (const NamedTypes& named : kNamedTypes) {
    if (named.name == name) return named.types;
  }
  return 0;
}

std::optional<std::string> FindViolation(const Schema& schema, const RawDocument& document,
                                         std::uint32_t index, RedactedValues redacted) {
  Check check(document, redacted);
  if (check.Value(schema, index)) return std::nullopt;
  return check.violation();
}

}  // namespace stockwatch::decode
