#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/decode/value.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// Which values: a bit for each event::ValueType, and kWhole.
using TypeSet = std::uint32_t;
constexpr TypeSet TypeBit(event::ValueType type) {
  return TypeSet{1} << static_cast<unsigned>(type);
}
// A double or decimal without a fraction.
inline constexpr TypeSet kWhole = TypeSet{1} << 31;

// What a `type` or `bsonType` of a schema names, as MongoDB's own $jsonSchema reads it: "integer"
// is any number without a fraction, a date is "date" and no "string". 0: no such name.
TypeSet TypesNamed(std::string_view name);

struct Property;

// A JSON Schema of draft 7, without `$ref`, `pattern`, `format` and conditions: whoever reads its
// text refuses what is not here. A keyword that is not set asks for nothing. Source:
// https://json-schema.org/draft-07/json-schema-validation
struct Schema {
  bool never = false;                        // the schema `false`
  TypeSet types = 0;                         // 0: any
  std::string types_text;                    // as they were written, for messages
  std::optional<std::vector<Value>> values;  // enum, const; scalars

  std::optional<Number> minimum;
  std::optional<Number> maximum;
  std::optional<Number> above;  // exclusiveMinimum
  std::optional<Number> below;  // exclusiveMaximum
  std::optional<Number> multiple_of;

  std::optional<std::uint64_t> length_min;  // of a string, in code points
  std::optional<std::uint64_t> length_max;
  std::optional<std::uint64_t> items_min;
  std::optional<std::uint64_t> items_max;
  std::optional<std::uint64_t> properties_min;
  std::optional<std::uint64_t> properties_max;

  std::vector<std::string> required;
  std::vector<Property> properties;
  std::vector<Schema> additional;  // none or one: additionalProperties
  std::vector<Schema> items;       // none or one: of each item

  std::vector<Schema> all_of;
  std::vector<Schema> any_of;
  std::vector<Schema> one_of;
  std::vector<Schema> none_of;  // none or one: not
};
struct Property {
  std::string name;
  Schema schema;
};

// A value that was redacted can be held against nothing.
enum class RedactedValues : std::uint8_t { kPass, kAreText };

// What is wrong with the value at `index`, with its path as a JSON Pointer: `at "/tags/2": is a
// string, not number`. It shows no value. Nothing: it is valid.
std::optional<std::string> FindViolation(const Schema& schema, const event::RawDocument& document,
                                         std::uint32_t index, RedactedValues redacted);

}  // namespace stockwatch::decode
