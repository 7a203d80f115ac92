#include "domain/decode/show_value.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/digest.h"
#include "base/utf8.h"

namespace stockwatch::decode {
namespace {

using event::ValueType;

std::string ShowText(std::string_view text) {
  const bool cut = text.size() > kShownBytesMax;
  std::string shown(text.substr(0, kShownBytesMax));
  // Not through the middle of a character: at most three bytes belong to one that was cut.
  for (int i = 0; cut && i < 3 && !base::IsUtf8(shown); ++i) shown.pop_back();
  if (!base::IsUtf8WithoutControls(shown)) {
    for (char& c : shown) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte >= 0x7F) c = '?';
    }
  }
  return "\"" + shown + (cut ? "…\"" : "\"");
}

std::string ShowDouble(double value) {
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-9 && size < 1e15);
  std::array<char, 48> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::general)
                       .ptr;
  return {text.data(), end};
}

}  // namespace

std::string ShowValue(const event::RawValue& value) {
  switch (value.type) {
    case ValueType::kNull:
      return "null";
    case ValueType::kBool:
      return value.integer != 0 ? "true" : "false";
    case ValueType::kInt32:
    case ValueType::kInt64:
      return std::to_string(value.integer);
    case ValueType::kDouble:
      return ShowDouble(value.number);
    case ValueType::kDecimal: {
      const std::string shown = ShowText(value.bytes);
      return shown.substr(1, shown.size() - 2);
    }
    case ValueType::kString:
      return ShowText(value.bytes);
    case ValueType::kDate:
      return "date " + std::to_string(value.integer);
    case ValueType::kObjectId:
      return "objectId " + base::Hex(value.bytes);
    default:
      return std::string(TypeName(value.type));
  }
}

}  // namespace stockwatch::decode
