#include "domain/decode/document_key.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/bytes.h"
#include "domain/decode/decimal_text.h"

namespace stockwatch::decode {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr char kNumberTag = 'n';
constexpr char kStringTag = 's';
// A decimal text that is no number at all: it equals itself alone.
constexpr char kOddDecimalTag = '?';

char Tag(ValueType type) {
  switch (type) {
    case ValueType::kInt32:
    case ValueType::kInt64:
    case ValueType::kDouble:
    case ValueType::kDecimal:
      return kNumberTag;
    case ValueType::kString:
    case ValueType::kSymbol:
      return kStringTag;
    case ValueType::kNull:
      return '0';
    case ValueType::kUndefined:
      return 'u';
    case ValueType::kBool:
      return 'b';
    case ValueType::kDate:
      return 't';
    case ValueType::kTimestamp:
      return 'T';
    case ValueType::kObjectId:
      return 'o';
    case ValueType::kBinary:
      return 'x';
    case ValueType::kRegex:
      return 'r';
    case ValueType::kDbPointer:
      return 'p';
    case ValueType::kCode:
      return 'c';
    case ValueType::kCodeWithScope:
      return 'C';
    case ValueType::kMinKey:
      return '<';
    case ValueType::kMaxKey:
      return '>';
    case ValueType::kDocument:
      return 'd';
    case ValueType::kArray:
      return 'a';
  }
  return '!';
}

bool IsContainer(ValueType type) {
  return type == ValueType::kDocument || type == ValueType::kArray ||
         type == ValueType::kCodeWithScope;
}

template <typename Integer>
void AppendInteger(std::string& out, Integer value) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void AppendParts(std::string& out, const DecimalText& parts) {
  if (parts.digits.empty()) {
    out.push_back('0');
    return;
  }
  if (parts.negative) out.push_back('-');
  out += parts.digits;
  if (parts.exponent == 0) return;
  out.push_back('e');
  AppendInteger(out, parts.exponent);
}

void AppendWhole(std::string& out, std::int64_t value) {
  int zeros = 0;
  for (; value != 0 && value % 10 == 0; value /= 10) ++zeros;
  AppendInteger(out, value);
  if (zeros == 0) return;
  out.push_back('e');
  AppendInteger(out, zeros);
}

// The value itself, not its shortest decimal: the double 0.1 is not the decimal 0.1, to MongoDB
// neither.
void AppendDouble(std::string& out, double value) {
  constexpr double kWholeMax = 9'007'199'254'740'992.0;  // 2^53
  constexpr int kDigitsMax = 767;                        // of the exact decimal of any double
  if (std::isnan(value)) {
    out += "nan";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-inf" : "inf";
  } else if (std::fabs(value) <= kWholeMax && std::trunc(value) == value) {
    AppendWhole(out, static_cast<std::int64_t>(value));
  } else {
    std::array<char, 800> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::scientific, kDigitsMax - 1)
                         .ptr;
    const auto parts = SplitDecimal({text.data(), static_cast<std::size_t>(end - text.data())});
    SW_ASSERT(parts.has_value(), "to_chars writes decimal numbers");
    AppendParts(out, *parts);
  }
}

void AppendDecimalText(std::string& out, std::string_view text) {
  if (const auto parts = SplitDecimal(text)) {
    AppendParts(out, *parts);
  } else if (text == "NaN" || text == "-NaN") {
    out += "nan";
  } else if (text == "Infinity" || text == "+Infinity") {
    out += "inf";
  } else if (text == "-Infinity") {
    out += "-inf";
  } else {
    out.push_back(kOddDecimalTag);
    out += text;
  }
}

void AppendContent(std::string& out, const RawValue& value, std::uint32_t below) {
  switch (value.type) {
    case ValueType::kInt32:
    case ValueType::kInt64:
      AppendWhole(out, value.integer);
      break;
    case ValueType::kDouble:
      AppendDouble(out, value.number);
      break;
    case ValueType::kDecimal:
      AppendDecimalText(out, value.bytes);
      break;
    case ValueType::kBool:
      out.push_back(value.integer != 0 ? '\1' : '\0');
      break;
    case ValueType::kDate:
    case ValueType::kTimestamp:
      base::ByteWriter(out).Put(value.integer);
      break;
    case ValueType::kBinary:
      out.push_back(static_cast<char>(value.integer));
      out += value.bytes;
      break;
    default:
      if (IsContainer(value.type)) base::ByteWriter(out).Put(below);
      out += value.bytes;
  }
}

}  // namespace

void AppendDocumentKey(std::string& out, const RawDocument& document, std::uint32_t id) {
  const RawValue& top = document.at(id);
  out.push_back(Tag(top.type));
  AppendContent(out, top, top.end - id - 1);
  std::string content;
  for (std::uint32_t i = id + 1; i < top.end; ++i) {
    const RawValue& value = document.at(i);
    content.clear();
    AppendContent(content, value, value.end - i - 1);
    base::ByteWriter writer(out);
    writer.PutBytes(value.name);
    writer.Put(Tag(value.type));
    writer.PutBytes(content);
  }
}

std::string_view KeepDocumentKey(RawDocument& document, std::uint32_t id) {
  const RawValue& value = document.at(id);
  std::string key;
  if (value.type == ValueType::kString) {
    key.reserve(value.bytes.size() + 1);
    key.push_back(kStringTag);
    key += value.bytes;
  } else {
    AppendDocumentKey(key, document, id);
  }
  return document.Keep(std::move(key));
}

bool SameDocumentKey(const RawDocument& document, std::uint32_t a, std::uint32_t b) {
  const RawValue& first = document.at(a);
  const RawValue& second = document.at(b);
  if (first.type == ValueType::kString && second.type == ValueType::kString) {
    return first.bytes == second.bytes;
  }
  std::string keys[2];
  AppendDocumentKey(keys[0], document, a);
  AppendDocumentKey(keys[1], document, b);
  return keys[0] == keys[1];
}

}  // namespace stockwatch::decode
