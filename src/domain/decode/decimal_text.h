#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::decode {

// A decimal number taken apart: ± digits × 10^exponent. Digits have no zeros at either end; no
// digits are zero, which has no sign and the exponent 0. So equal numbers have equal parts.
struct DecimalText {
  bool negative = false;
  std::string digits;
  int exponent = 0;
  bool operator==(const DecimalText&) const = default;
};

// "[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,5})?"; nothing for any other text.
std::optional<DecimalText> SplitDecimal(std::string_view text);

}  // namespace stockwatch::decode
