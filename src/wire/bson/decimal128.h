#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"

namespace stockwatch::bson {

// A number of IEEE 754-2008 decimal128 as BSON carries it: little-endian, coefficient in binary
// (BID).
inline constexpr std::size_t kDecimal128Size = 16;
using Decimal128 = std::array<char, kDecimal128Size>;

// Text by the published BSON decimal128 specification: "1.20", "1E+3", "-Infinity", "NaN" for every
// NaN. An encoding whose coefficient has more than 34 digits stands for zero. REQUIRES: 16 bytes
void AppendDecimal128Text(std::string& out, std::string_view bytes);

// The encoding of a numeric string of that specification; the exponent is kept as written where it
// fits. Errors: not a number; not exactly representable (more than 34 digits, too large, too
// small): nothing is ever rounded.
base::Result<Decimal128> ParseDecimal128(std::string_view text);

}  // namespace stockwatch::bson
