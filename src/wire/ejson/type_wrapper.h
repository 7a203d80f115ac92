#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/event/raw_document.h"

namespace stockwatch::ejson {

// The objects that stand for a BSON type: {"$oid": "…"} and the like.
enum class Wrapper : std::uint8_t {
  kOid,
  kSymbol,
  kNumberInt,
  kNumberLong,
  kNumberDouble,
  kNumberDecimal,
  kBinary,
  kUuid,
  kCode,
  kScope,  // the other half of a code with scope
  kTimestamp,
  kRegularExpression,
  kDbPointer,
  kDate,
  kMinKey,
  kMaxKey,
  kUndefined,
};

std::optional<Wrapper> WrapperOfDollarKey(std::string_view key);
inline std::optional<Wrapper> WrapperOfKey(std::string_view key) {
  if (key.empty() || key[0] != '$') [[likely]]
    return std::nullopt;
  return WrapperOfDollarKey(key);
}

struct Leaf {
  enum class Kind : std::uint8_t { kText, kInteger, kTrue, kOther };
  Kind kind = Kind::kOther;
  std::string_view text;
  std::int64_t integer = 0;
};

// A field of the object in a wrapper. In {"$id": {"$oid": "…"}} the name is "$id", the inner name
// "$oid".
struct Part {
  std::string_view name;
  std::string_view inner_name;
  Leaf leaf;
};

// What a wrapper's key holds: a leaf, or an object of up to two parts.
struct WrapperContent {
  Leaf leaf;
  std::array<Part, 2> parts;
  std::size_t part_count = 0;
};

// Gives `value` the type and the content that the wrapper stands for; bytes that are not in
// `content` are kept in `document`. Returns why the content is none of this wrapper, empty if all
// is well. Not for kCode and kScope.
std::string_view Unwrap(Wrapper wrapper, const WrapperContent& content,
                        event::RawDocument& document, event::RawValue& value);

}  // namespace stockwatch::ejson
