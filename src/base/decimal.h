#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::base {

__extension__ using Int128 = __int128;  // not ISO C++; both our compilers have it

// Exact reading of decimal numbers into integers scaled by 10^decimals: nothing is ever rounded.
// Trailing zeros don't count. `limit` is the largest absolute scaled value allowed.
struct DecimalFormat {
  int decimals;
  std::int64_t limit;
};

enum class Exponent { kRefused, kAllowed };

// "[+-]?[0-9]+(\.[0-9]+)?", with kAllowed also "[eE][+-]?[0-9]+" behind it (the text of a
// Decimal128).
Result<std::int64_t> ParseDecimal(std::string_view text, DecimalFormat format, Exponent exponent);

// A double stands for its shortest round-trip decimal: 0.1 is one tenth, 0.30000000000000004 has
// too many decimals.
Result<std::int64_t> DecimalFromDouble(double value, DecimalFormat format);

Result<std::int64_t> DecimalFromInteger(std::int64_t value, DecimalFormat format);

// 12500 with 3 decimals -> "12.5"; no trailing zeros, no exponent.
void AppendDecimal(std::string& out, Int128 scaled, int decimals);

// value × numerator ÷ denominator, half to even. REQUIRES: denominator > 0
Int128 MultiplyDivideHalfEven(Int128 value, std::int64_t numerator, std::int64_t denominator);

}  // namespace stockwatch::base
