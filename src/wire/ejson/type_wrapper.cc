#include "wire/ejson/type_wrapper.h"

#include <limits>
#include <string>
#include <utility>

#include "base/instant.h"
#include "wire/bson/decimal128.h"
#include "wire/ejson/ejson_text.h"

namespace stockwatch::ejson {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

struct Entry {
  std::string_view key;
  Wrapper wrapper;
};
// The common ones first.
constexpr std::array<Entry, 17> kWrappers{{{"$numberInt", Wrapper::kNumberInt},
                                           {"$date", Wrapper::kDate},
                                           {"$numberLong", Wrapper::kNumberLong},
                                           {"$numberDouble", Wrapper::kNumberDouble},
                                           {"$oid", Wrapper::kOid},
                                           {"$timestamp", Wrapper::kTimestamp},
                                           {"$numberDecimal", Wrapper::kNumberDecimal},
                                           {"$binary", Wrapper::kBinary},
                                           {"$uuid", Wrapper::kUuid},
                                           {"$symbol", Wrapper::kSymbol},
                                           {"$code", Wrapper::kCode},
                                           {"$scope", Wrapper::kScope},
                                           {"$regularExpression", Wrapper::kRegularExpression},
                                           {"$dbPointer", Wrapper::kDbPointer},
                                           {"$minKey", Wrapper::kMinKey},
                                           {"$maxKey", Wrapper::kMaxKey},
                                           {"$undefined", Wrapper::kUndefined}}};

constexpr std::size_t kObjectIdSize = 12;
constexpr std::int64_t kUuidSubtype = 4;
constexpr std::int64_t kUint32Max = std::numeric_limits<std::uint32_t>::max();
constexpr std::string_view kGood;

// The leaf of the part with that name and inner name; null if it is not there.
const Leaf* Find(const WrapperContent& content, std::string_view name,
                 std::string_view inner = {}) {
  for (std::size_t i = 0; i < content.part_count; ++i) {
    const Part& part = content.parts[i];
    if (part.name == name && part.inner_name == inner) return &part.leaf;
  }
  return nullptr;
}

bool IsText(const Leaf* leaf) {
  return leaf != nullptr && leaf->kind == Leaf::Kind::kText;
}

bool IsUint32(const Leaf* leaf) {
  return leaf != nullptr && leaf->kind == Leaf::Kind::kInteger && leaf->integer >= 0 &&
         leaf->integer <= kUint32Max;
}

std::optional<std::string> ObjectIdBytes(std::string_view text) {
  if (text.size() != kObjectIdSize * 2) return std::nullopt;
  return BytesFromHex(text);
}

std::string_view Binary(const WrapperContent& content, RawDocument& document, RawValue& value) {
  const Leaf* base64 = Find(content, "base64");
  const Leaf* subtype = Find(content, "subType");
  if (!IsText(base64) || !IsText(subtype)) return "$binary is not {base64, subType}";
  std::optional<std::string> bytes = BytesFromBase64(base64->text);
  if (!bytes) return "$binary is not base64";
  std::string digits(subtype->text);
  if (digits.size() == 1) digits.insert(0, 1, '0');
  const std::optional<std::string> subtype_byte = BytesFromHex(digits);
  if (!subtype_byte || subtype_byte->size() != 1) return "$binary has no subtype of two hex digits";
  value.type = ValueType::kBinary;
  value.integer = static_cast<unsigned char>((*subtype_byte)[0]);
  value.bytes = document.Keep(*std::move(bytes));
  return kGood;
}

std::string_view Uuid(const Leaf& leaf, RawDocument& document, RawValue& value) {
  std::optional<std::string> bytes = BytesFromUuid(leaf.text);
  if (!bytes) return "$uuid is not a UUID";
  value.type = ValueType::kBinary;
  value.integer = kUuidSubtype;
  value.bytes = document.Keep(*std::move(bytes));
  return kGood;
}

std::string_view Timestamp(const WrapperContent& content, RawValue& value) {
  const Leaf* seconds = Find(content, "t");
  const Leaf* increment = Find(content, "i");
  if (!IsUint32(seconds) || !IsUint32(increment)) return "$timestamp is not {t, i} of 32 bits each";
  value.type = ValueType::kTimestamp;
  value.integer = static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds->integer) << 32 |
                                            static_cast<std::uint64_t>(increment->integer));
  return kGood;
}

std::string_view RegularExpression(const WrapperContent& content, RawDocument& document,
                                   RawValue& value) {
  const Leaf* pattern = Find(content, "pattern");
  const Leaf* options = Find(content, "options");
  if (!IsText(pattern) || !IsText(options)) return "$regularExpression is not {pattern, options}";
  std::string bytes(pattern->text);
  bytes.append(1, '\0').append(options->text);
  if (bytes.find('\0') != pattern->text.size() || bytes.rfind('\0') != pattern->text.size()) {
    return "$regularExpression with a NUL";
  }
  value.type = ValueType::kRegex;
  value.bytes = document.Keep(std::move(bytes));
  return kGood;
}

std::string_view DbPointer(const WrapperContent& content, RawDocument& document, RawValue& value) {
  const Leaf* name = Find(content, "$ref");
  const Leaf* id = Find(content, "$id", "$oid");
  if (!IsText(name) || !IsText(id)) return "$dbPointer is not {$ref, $id: {$oid}}";
  const std::optional<std::string> id_bytes = ObjectIdBytes(id->text);
  if (!id_bytes) return "$oid is not 24 hex digits";
  std::string bytes(name->text);
  bytes.append(1, '\0').append(*id_bytes);
  value.type = ValueType::kDbPointer;
  value.bytes = document.Keep(std::move(bytes));
  return kGood;
}

std::string_view Date(const WrapperContent& content, RawValue& value) {
  value.type = ValueType::kDate;
  if (content.leaf.kind == Leaf::Kind::kInteger) {
    value.integer = content.leaf.integer;
    return kGood;
  }
  if (content.leaf.kind == Leaf::Kind::kText) {
    const base::Result<base::Instant> instant = base::ParseInstant(content.leaf.text);
    if (!instant.ok()) return "$date is not an ISO 8601 instant";
    if (instant.value().micros() % 1000 != 0) return "$date is finer than a millisecond";
    value.integer = instant.value().micros() / 1000;
    return kGood;
  }
  const Leaf* millis = Find(content, "$numberLong");
  if (!IsText(millis) || content.part_count != 1) return "$date is no instant";
  const std::optional<std::int64_t> integer = IntegerFromText(millis->text);
  if (!integer) return "$numberLong is not a 64-bit integer";
  value.integer = *integer;
  return kGood;
}

std::string_view Number(Wrapper wrapper, const Leaf& leaf, RawValue& value) {
  if (wrapper == Wrapper::kNumberDouble) {
    const std::optional<double> number = DoubleFromText(leaf.text);
    if (!number) return "$numberDouble is not a double";
    value.type = ValueType::kDouble;
    value.number = *number;
    return kGood;
  }
  const std::optional<std::int64_t> integer = IntegerFromText(leaf.text);
  if (wrapper == Wrapper::kNumberLong) {
    if (!integer) return "$numberLong is not a 64-bit integer";
    value.type = ValueType::kInt64;
  } else {
    if (!integer || *integer != static_cast<std::int32_t>(*integer)) {
      return "$numberInt is not a 32-bit integer";
    }
    value.type = ValueType::kInt32;
  }
  value.integer = *integer;
  return kGood;
}

std::string_view Decimal(const Leaf& leaf, RawDocument& document, RawValue& value) {
  const base::Result<bson::Decimal128> bytes = bson::ParseDecimal128(leaf.text);
  if (!bytes.ok()) return "$numberDecimal is not exactly a decimal128";
  std::string text;
  bson::AppendDecimal128Text(text, {bytes.value().data(), bytes.value().size()});
  value.type = ValueType::kDecimal;
  value.bytes = text == leaf.text ? leaf.text : document.Keep(std::move(text));
  return kGood;
}

std::string_view FromText(Wrapper wrapper, const Leaf& leaf, RawDocument& document,
                          RawValue& value) {
  if (leaf.kind != Leaf::Kind::kText) return "type wrapper without its string";
  switch (wrapper) {
    case Wrapper::kOid: {
      std::optional<std::string> bytes = ObjectIdBytes(leaf.text);
      if (!bytes) return "$oid is not 24 hex digits";
      value.type = ValueType::kObjectId;
      value.bytes = document.Keep(*std::move(bytes));
      return kGood;
    }
    case Wrapper::kSymbol:
      value.type = ValueType::kSymbol;
      value.bytes = leaf.text;
      return kGood;
    case Wrapper::kNumberDecimal:
      return Decimal(leaf, document, value);
    case Wrapper::kUuid:
      return Uuid(leaf, document, value);
    default:
      return Number(wrapper, leaf, value);
  }
}

std::string_view FromOne(ValueType type, const Leaf& leaf, RawValue& value) {
  if (leaf.kind != Leaf::Kind::kInteger || leaf.integer != 1) return "$minKey or $maxKey is not 1";
  value.type = type;
  return kGood;
}

}  // namespace

std::optional<Wrapper> WrapperOfDollarKey(std::string_view key) {
  for (const Entry& entry : kWrappers) {
    if (entry.key == key) return entry.wrapper;
  }
  return std::nullopt;
}

std::string_view Unwrap(Wrapper wrapper, const WrapperContent& content, RawDocument& document,
                        RawValue& value) {
  switch (wrapper) {
    case Wrapper::kBinary:
      return Binary(content, document, value);
    case Wrapper::kTimestamp:
      return Timestamp(content, value);
    case Wrapper::kRegularExpression:
      return RegularExpression(content, document, value);
    case Wrapper::kDbPointer:
      return DbPointer(content, document, value);
    case Wrapper::kDate:
      return Date(content, value);
    case Wrapper::kMinKey:
      return FromOne(ValueType::kMinKey, content.leaf, value);
    case Wrapper::kMaxKey:
      return FromOne(ValueType::kMaxKey, content.leaf, value);
    case Wrapper::kUndefined:
      if (content.leaf.kind != Leaf::Kind::kTrue) return "$undefined is not true";
      value.type = ValueType::kUndefined;
      return kGood;
    default:
      return FromText(wrapper, content.leaf, document, value);
  }
}

}  // namespace stockwatch::ejson
