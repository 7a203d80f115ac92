#include "wire/bson/element.h"

#include <cmath>
#include <cstring>

namespace stockwatch::bson {
namespace {

constexpr std::size_t kLength = sizeof(std::int32_t);

template <typename T>
T Load(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// Bytes of a value of that type, where that says it all; nullopt: a length or a text leads.
std::optional<std::size_t> FixedSize(Type type) {
  switch (type) {
    case Type::kUndefined:
    case Type::kNull:
    case Type::kMinKey:
    case Type::kMaxKey:
      return 0;
    case Type::kBool:
      return 1;
    case Type::kInt32:
      return 4;
    case Type::kDouble:
    case Type::kDate:
    case Type::kTimestamp:
    case Type::kInt64:
      return 8;
    case Type::kObjectId:
      return kObjectIdSize;
    case Type::kDecimal:
      return 16;
    default:
      return std::nullopt;
  }
}

// What a value has beside the length that leads it; nullopt: no length leads.
std::optional<std::size_t> BesideLength(Type type) {
  switch (type) {
    case Type::kDocument:
    case Type::kArray:
    case Type::kCodeWithScope:
      return 0;  // the length counts itself
    case Type::kString:
    case Type::kCode:
    case Type::kSymbol:
      return kLength;
    case Type::kBinary:
      return kLength + 1;
    case Type::kDbPointer:
      return kLength + kObjectIdSize;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string_view> Element::Text() const {
  if (type != Type::kString || value.size() <= kLength) return std::nullopt;
  return value.substr(kLength, value.size() - kLength - 1);
}

std::optional<std::string_view> Element::Document() const {
  return type == Type::kDocument ? std::optional(value) : std::nullopt;
}

std::optional<std::string_view> Element::Array() const {
  return type == Type::kArray ? std::optional(value) : std::nullopt;
}

std::optional<bool> Element::Bool() const {
  return type == Type::kBool ? std::optional(value[0] != '\0') : std::nullopt;
}

std::optional<std::uint64_t> Element::Timestamp() const {
  return type == Type::kTimestamp ? std::optional(Load<std::uint64_t>(value)) : std::nullopt;
}

std::optional<std::int64_t> Element::Whole() const {
  if (type == Type::kInt32) return Load<std::int32_t>(value);
  if (type == Type::kInt64) return Load<std::int64_t>(value);
  if (type != Type::kDouble) return std::nullopt;
  const auto number = Load<double>(value);
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!(std::fabs(number) <= kExact) || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

Elements::Elements(std::string_view document) {
  if (document.size() < kDocumentSizeMin || document.back() != '\0' ||
      Load<std::uint32_t>(document) != document.size()) {
    ok_ = false;
    return;
  }
  rest_ = document.substr(kLength, document.size() - kLength - 1);
}

bool Elements::Fail() {
  ok_ = false;
  rest_ = {};
  return false;
}

bool Elements::Take(std::size_t size, std::string_view& out) {
  if (rest_.size() < size) return Fail();
  out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool Elements::TakeName(std::string_view& out) {
  const std::size_t end = rest_.find('\0');
  if (end == std::string_view::npos) return Fail();
  out = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return true;
}

bool Elements::TakeValue(Element& element) {
  if (const auto size = FixedSize(element.type)) return Take(*size, element.value);
  if (const auto beside = BesideLength(element.type)) {
    if (rest_.size() < kLength) return Fail();
    const auto length = Load<std::int32_t>(rest_);
    const bool counts_itself = *beside == 0;
    const std::size_t least = counts_itself                   ? kDocumentSizeMin
                              : element.type == Type::kBinary ? 0
                                                              : 1;
    if (length < 0 || static_cast<std::size_t>(length) < least) return Fail();
    if (!Take(static_cast<std::size_t>(length) + *beside, element.value)) return false;
    return counts_itself || element.type == Type::kBinary || element.type == Type::kDbPointer ||
           element.value.back() == '\0' || Fail();
  }
  if (element.type != Type::kRegex) return Fail();
  const std::string_view start = rest_;
  std::string_view text;
  if (!TakeName(text) || !TakeName(text)) return false;
  element.value = start.substr(0, start.size() - rest_.size());
  return true;
}

bool Elements::Next(Element& element) {
  if (rest_.empty()) return false;
  std::string_view type;
  Take(1, type);
  element.type = static_cast<Type>(static_cast<std::uint8_t>(type[0]));
  return TakeName(element.name) && TakeValue(element);
}

std::optional<Element> Find(std::string_view document, std::string_view name) {
  Elements elements(document);
  Element element;
  while (elements.Next(element)) {
    if (element.name == name) return element;
  }
  return std::nullopt;
}

}  // namespace stockwatch::bson
