#include "domain/decode/decimal_text.h"

#include <algorithm>

namespace stockwatch::decode {
namespace {

constexpr std::size_t kExponentDigitsMax = 5;

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Takes a sign off the front; true if it was a minus.
bool TakeSign(std::string_view& text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  return negative;
}

}  // namespace

std::optional<DecimalText> SplitDecimal(std::string_view text) {
  DecimalText parts;
  parts.negative = TakeSign(text);
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view exponent = text.substr(e + 1);
    const bool negative = TakeSign(exponent);
    if (!AllDigits(exponent) || exponent.size() > kExponentDigitsMax) return std::nullopt;
    for (char c : exponent) parts.exponent = parts.exponent * 10 + (c - '0');
    if (negative) parts.exponent = -parts.exponent;
    text = text.substr(0, e);
  }
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (!AllDigits(whole)) return std::nullopt;
  parts.digits = whole;
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (!AllDigits(fraction)) return std::nullopt;
    parts.digits += fraction;
    parts.exponent -= static_cast<int>(fraction.size());
  }
  parts.digits.erase(0, parts.digits.find_first_not_of('0'));
  while (!parts.digits.empty() && parts.digits.back() == '0') {
    parts.digits.pop_back();
    ++parts.exponent;
  }
  if (parts.digits.empty()) return DecimalText{};
  return parts;
}

}  // namespace stockwatch::decode
