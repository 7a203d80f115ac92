#include "wire/bson/decimal128.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/assertion.h"
#include "base/decimal.h"

namespace stockwatch::bson {
namespace {

using base::Code;
using base::Error;
using base::Int128;
using base::Result;

constexpr int kDigitsMax = 34;
constexpr int kBias = 6176;
constexpr int kExponentMin = -kBias;
constexpr int kExponentMax = 6111;
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
constexpr std::uint64_t kInfinityBits = std::uint64_t{0x1E} << 58;
constexpr std::uint64_t kNanBits = std::uint64_t{0x1F} << 58;
constexpr std::uint64_t kCoefficientHighMask = (std::uint64_t{1} << 49) - 1;
// Far beyond every exponent that fits, far below overflow.
constexpr std::int64_t kExponentSaturated = 1'000'000'000;

constexpr Int128 PowerOfTen(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

constexpr Int128 kCoefficientEnd = PowerOfTen(kDigitsMax);  // the first that does not fit
constexpr int kLowDigits = 17;
constexpr Int128 kLowEnd = PowerOfTen(kLowDigits);

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Writes the decimal digits of a coefficient below 10^34; returns their number.
std::size_t WriteDigits(Int128 coefficient, std::array<char, 40>& digits) {
  char* end = digits.data();
  const auto high = static_cast<std::uint64_t>(coefficient / kLowEnd);
  auto low = static_cast<std::uint64_t>(coefficient % kLowEnd);
  char* const last = digits.data() + digits.size();
  if (high == 0) return static_cast<std::size_t>(std::to_chars(end, last, low).ptr - end);
  end = std::to_chars(end, last, high).ptr;
  for (int i = kLowDigits - 1; i >= 0; --i) {
    end[i] = static_cast<char>('0' + low % 10);
    low /= 10;
  }
  return static_cast<std::size_t>(end + kLowDigits - digits.data());
}

void AppendFinite(std::string& out, Int128 coefficient, int exponent) {
  std::array<char, 40> buffer{};
  const std::string_view digits(buffer.data(), WriteDigits(coefficient, buffer));
  const int count = static_cast<int>(digits.size());
  const int adjusted = exponent + count - 1;
  if (exponent > 0 || adjusted < -6) {
    out.push_back(digits[0]);
    if (count > 1) out.append(1, '.').append(digits.substr(1));
    out.append(adjusted < 0 ? "E-" : "E+")
        .append(std::to_string(adjusted < 0 ? -adjusted : adjusted));
    return;
  }
  if (exponent == 0) {
    out.append(digits);
    return;
  }
  const int whole = count + exponent;  // digits before the point
  if (whole <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-whole), '0').append(digits);
    return;
  }
  const auto point = static_cast<std::size_t>(whole);
  out.append(digits.substr(0, point)).append(1, '.').append(digits.substr(point));
}

Error NotANumber(std::string_view text) {
  return {Code::kInvalidArgument,
          "not a decimal128 number: \"" + std::string(text.substr(0, 64)) + "\""};
}

Error NotRepresentable(std::string_view text) {
  return {Code::kInvalidArgument,
          "not exactly a decimal128 number: \"" + std::string(text.substr(0, 64)) + "\""};
}

struct Finite {
  Int128 coefficient = 0;
  int digits = 0;  // significant ones
  std::int64_t exponent = 0;
};

Result<std::int64_t> ParseExponent(std::string_view part, std::string_view whole) {
  const bool negative = !part.empty() && part[0] == '-';
  if (negative || (!part.empty() && part[0] == '+')) part.remove_prefix(1);
  if (part.empty() || !std::all_of(part.begin(), part.end(), IsDigit)) return NotANumber(whole);
  std::int64_t value = 0;
  for (char c : part) value = std::min(value * 10 + (c - '0'), kExponentSaturated);
  return negative ? -value : value;
}

// digits, optional point, optional exponent. `whole` is the text for messages.
Result<Finite> ParseFinite(std::string_view text, std::string_view whole) {
  Finite number;
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    SW_TRY(number.exponent, ParseExponent(text.substr(e + 1), whole));
  }
  bool point = false;
  bool any = false;
  bool inexact = false;
  for (char c : text.substr(0, e)) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!IsDigit(c)) return NotANumber(whole);
    any = true;
    if (point) --number.exponent;
    if (number.digits == kDigitsMax) {
      ++number.exponent;
      inexact = inexact || c != '0';
    } else if (number.digits > 0 || c != '0') {
      number.coefficient = number.coefficient * 10 + (c - '0');
      ++number.digits;
    }
  }
  if (!any) return NotANumber(whole);
  if (inexact) return NotRepresentable(whole);
  return number;
}

// Moves zeros between coefficient and exponent until the exponent fits.
bool FitExponent(Finite& number) {
  if (number.coefficient == 0) {
    number.exponent = std::clamp<std::int64_t>(number.exponent, kExponentMin, kExponentMax);
    return true;
  }
  for (; number.exponent > kExponentMax; --number.exponent) {
    if (number.digits == kDigitsMax) return false;
    number.coefficient *= 10;
    ++number.digits;
  }
  for (; number.exponent < kExponentMin; ++number.exponent) {
    if (number.coefficient % 10 != 0) return false;
    number.coefficient /= 10;
  }
  return true;
}

bool SameName(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

Decimal128 Encode(std::uint64_t high, std::uint64_t low) {
  Decimal128 bytes;
  std::memcpy(bytes.data(), &low, sizeof low);
  std::memcpy(bytes.data() + sizeof low, &high, sizeof high);
  return bytes;
}

}  // namespace

void AppendDecimal128Text(std::string& out, std::string_view bytes) {
  SW_ASSERT(bytes.size() == kDecimal128Size, "a decimal128 has 16 bytes");
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::memcpy(&low, bytes.data(), sizeof low);
  std::memcpy(&high, bytes.data() + sizeof low, sizeof high);
  if ((high & kNanBits) == kNanBits) {
    out.append("NaN");
    return;
  }
  if ((high & kSignBit) != 0) out.push_back('-');
  if ((high & kNanBits) == kInfinityBits) {
    out.append("Infinity");
    return;
  }
  // With both bits below the sign set, the coefficient begins with binary 100 and has more than 34
  // digits.
  const bool long_coefficient = (high >> 61 & 3) == 3;
  const int exponent = static_cast<int>(high >> (long_coefficient ? 47 : 49) & 0x3FFF) - kBias;
  Int128 coefficient = 0;
  if (!long_coefficient) {
    coefficient = static_cast<Int128>(high & kCoefficientHighMask) << 64 | low;
    if (coefficient >= kCoefficientEnd) coefficient = 0;
  }
  AppendFinite(out, coefficient, exponent);
}

Result<Decimal128> ParseDecimal128(std::string_view text) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest[0] == '-';
  if (negative || (!rest.empty() && rest[0] == '+')) rest.remove_prefix(1);
  const std::uint64_t sign = negative ? kSignBit : 0;
  if (SameName(rest, "nan")) return Encode(kNanBits, 0);
  if (SameName(rest, "inf") || SameName(rest, "infinity")) return Encode(sign | kInfinityBits, 0);
  SW_TRY(Finite number, ParseFinite(rest, text));
  if (!FitExponent(number)) return NotRepresentable(text);
  const auto biased = static_cast<std::uint64_t>(number.exponent + kBias);
  return Encode(sign | biased << 49 | static_cast<std::uint64_t>(number.coefficient >> 64),
                static_cast<std::uint64_t>(number.coefficient));
}

}  // namespace stockwatch::bson
