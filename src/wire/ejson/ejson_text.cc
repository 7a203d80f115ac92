#include "wire/ejson/ejson_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>

namespace stockwatch::ejson {
namespace {

constexpr std::string_view kBase64Letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xFF;

using DigitValues = std::array<std::uint8_t, 256>;

constexpr DigitValues ValuesOf(std::string_view letters) {
  DigitValues values{};
  for (auto& value : values) value = kNoDigit;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    values[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr DigitValues kBase64Values = ValuesOf(kBase64Letters);
constexpr DigitValues kHexValues = [] {
  DigitValues values = ValuesOf(kHexDigits);
  for (std::uint8_t i = 10; i < 16; ++i) values[static_cast<std::size_t>('A' + i - 10)] = i;
  return values;
}();

std::uint8_t Digit(const DigitValues& values, char c) {
  return values[static_cast<unsigned char>(c)];
}

char ByteOf(std::uint32_t bits) {
  return static_cast<char>(bits & 0xFF);
}

char Letter(std::uint32_t bits) {
  return kBase64Letters[bits & 0x3F];
}

}  // namespace

std::optional<std::string> BytesFromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = Digit(kHexValues, text[i]);
    const std::uint8_t low = Digit(kHexValues, text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::optional<std::string> BytesFromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0;  // bits not yet given out
  for (char c : text) {
    const std::uint8_t digit = Digit(kBase64Values, c);
    if (digit == kNoDigit) return std::nullopt;
    bits = bits << 6 | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(ByteOf(bits >> held));
    }
  }
  if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::optional<std::string> BytesFromUuid(std::string_view text) {
  constexpr std::size_t kSize = 36;
  if (text.size() != kSize) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < kSize; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (!dash) digits.push_back(text[i]);
  }
  return BytesFromHex(digits);
}

std::optional<std::int64_t> IntegerFromText(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<double> DoubleFromText(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  // from_chars has names of its own for these.
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

void AppendBase64(std::string& out, std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(bytes[i])};
  };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (unsigned shift : {18u, 12u, 6u, 0u}) out.push_back(Letter(bits >> shift));
  }
  if (bytes.size() - i == 1) {
    const std::uint32_t bits = byte(i) << 4;
    out.append({Letter(bits >> 6), Letter(bits), '=', '='});
  } else if (bytes.size() - i == 2) {
    const std::uint32_t bits = (byte(i) << 8 | byte(i + 1)) << 2;
    out.append({Letter(bits >> 12), Letter(bits >> 6), Letter(bits), '='});
  }
}

void AppendDouble(std::string& out, double value) {
  if (std::isnan(value)) {
    out.append("NaN");
    return;
  }
  if (std::isinf(value)) {
    out.append(value < 0 ? "-Infinity" : "Infinity");
    return;
  }
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  out.append(text);
  if (text.find_first_of(".e") == std::string_view::npos) out.append(".0");
}

void AppendQuoted(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t plain = 0;  // start of the bytes not yet appended
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') [[likely]]
      continue;
    out.append(text.substr(plain, i - plain));
    plain = i + 1;
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\b':
        out.append("\\b");
        break;
      case '\f':
        out.append("\\f");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        out.append("\\u00").append({kHexDigits[c >> 4], kHexDigits[c & 0xF]});
    }
  }
  out.append(text.substr(plain)).push_back('"');
}

}  // namespace stockwatch::ejson
