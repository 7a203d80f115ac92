#include "wire/sample/sample_document.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>

namespace stockwatch::sample {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr std::uint32_t kDepthMax = 6;
constexpr std::array<std::string_view, 8> kTexts{"",
                                                 "a",
                                                 "sku",
                                                 "caf\xC3\xA9",
                                                 "tab\t, \"quotes\", back\\slash",
                                                 "\xF0\x9F\x93\xA6 box",
                                                 std::string_view("nul\0inside", 10),
                                                 "line\nbreak\r\x01\x1F\x7F"};
// As Decimal128 texts are written.
constexpr std::array<std::string_view, 8> kDecimals{"0",
                                                    "-1.20",
                                                    "1E+3",
                                                    "NaN",
                                                    "-Infinity",
                                                    "0.000001",
                                                    "1234567890123456789012345678901234",
                                                    "-9.999999999999999999999999999999999E+6144"};

// Hands out choices; zeros when they have run out.
class Choices {
 public:
  explicit Choices(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t Byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }
  std::uint64_t Word() {
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word = word << 8 | Byte();
    return word;
  }
  std::string_view Text() { return kTexts[Byte() % kTexts.size()]; }
  std::string Bytes(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes.push_back(static_cast<char>(Byte()));
    return bytes;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

std::string WithoutNul(std::string_view text) {
  std::string kept(text);
  std::erase(kept, '\0');
  return kept;
}

class Maker {
 public:
  Maker(Choices choices, RawDocument& out) : choices_(choices), out_(out) {}

  void Container(RawValue value, std::uint32_t depth) {
    const bool named = value.type == ValueType::kDocument;
    const std::uint32_t index = out_.Open(value);
    const std::size_t size = choices_.Byte() % 8;
    for (std::size_t i = 0; i < size && !choices_.empty(); ++i) {
      RawValue child;
      if (named) child.name = out_.Keep(WithoutNul(choices_.Text()) + std::to_string(i));
      Value(child, depth);
    }
    out_.Close(index);
  }

 private:
  void Value(RawValue value, std::uint32_t depth) {
    value.type =
        static_cast<ValueType>(choices_.Byte() % (static_cast<unsigned>(ValueType::kArray) + 1));
    if (depth == kDepthMax && value.type >= ValueType::kDocument) value.type = ValueType::kNull;
    switch (value.type) {
      case ValueType::kDocument:
      case ValueType::kArray:
        Container(value, depth + 1);
        return;
      case ValueType::kCodeWithScope: {
        value.bytes = choices_.Text();
        const std::uint32_t index = out_.Open(value);
        RawValue scope;
        scope.type = ValueType::kDocument;
        Container(scope, kDepthMax);
        out_.Close(index);
        return;
      }
      default:
        Content(value);
        out_.Add(value);
    }
  }

  void Content(RawValue& value) {
    switch (value.type) {
      case ValueType::kBool:
        value.integer = choices_.Byte() % 2;
        return;
      case ValueType::kInt32:
        value.integer = static_cast<std::int32_t>(choices_.Word());
        return;
      case ValueType::kInt64:
      case ValueType::kDate:
      case ValueType::kTimestamp:
        value.integer = static_cast<std::int64_t>(choices_.Word());
        return;
      case ValueType::kDouble:
        value.number = std::bit_cast<double>(choices_.Word());
        return;
      case ValueType::kDecimal:
        value.bytes = kDecimals[choices_.Byte() % kDecimals.size()];
        return;
      case ValueType::kString:
      case ValueType::kCode:
      case ValueType::kSymbol:
        value.bytes = choices_.Text();
        return;
      case ValueType::kObjectId:
        value.bytes = out_.Keep(choices_.Bytes(12));
        return;
      case ValueType::kBinary:
        value.integer = choices_.Byte();
        value.bytes = out_.Keep(choices_.Bytes(choices_.Byte() % 8));
        return;
      case ValueType::kRegex:
        value.bytes = out_.Keep(WithoutNul(choices_.Text()) + '\0' + WithoutNul(choices_.Text()));
        return;
      case ValueType::kDbPointer:
        value.bytes = out_.Keep(std::string(choices_.Text()) + '\0' + choices_.Bytes(12));
        return;
      default:
        return;
    }
  }

  Choices choices_;
  RawDocument& out_;
};

bool SameContent(const RawValue& a, const RawValue& b) {
  if (a.type == ValueType::kDouble) {
    if (std::isnan(a.number) && std::isnan(b.number)) return true;
    return std::bit_cast<std::uint64_t>(a.number) == std::bit_cast<std::uint64_t>(b.number);
  }
  return a.integer == b.integer && a.bytes == b.bytes;
}

}  // namespace

std::string BytesOfHex(std::string_view hex) {
  std::string bytes;
  unsigned high = 0;
  bool has_high = false;
  for (char c : hex) {
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else {
      continue;
    }
    if (has_high) bytes.push_back(static_cast<char>(high << 4 | digit));
    has_high = !has_high;
    high = digit;
  }
  return bytes;
}

std::string Difference(const RawDocument& a, const RawDocument& b) {
  if (a.size() != b.size()) {
    return std::to_string(a.size()) + " and " + std::to_string(b.size()) + " nodes";
  }
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    const RawValue& left = a.at(i);
    const RawValue& right = b.at(i);
    const bool same = left.type == right.type && left.name == right.name && left.end == right.end &&
                      SameContent(left, right);
    if (!same) {
      return "node " + std::to_string(i) + ": " + std::string(event::TypeName(left.type)) +
             " and " + std::string(event::TypeName(right.type));
    }
  }
  return {};
}

void MakeDocument(std::span<const std::uint8_t> choices, RawDocument& out) {
  out.Clear();
  RawValue root;
  root.type = ValueType::kDocument;
  Maker(Choices(choices), out).Container(root, 1);
}

}  // namespace stockwatch::sample
