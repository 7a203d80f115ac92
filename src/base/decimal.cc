#include "base/decimal.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stockwatch::base {
namespace {

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
  std::array<std::int64_t, 19> powers{};
  std::int64_t power = 1;
  for (auto& entry : powers) {
    entry = power;
    if (power <= 100'000'000'000'000'000) power *= 10;
  }
  return powers;
}();

// Digits beyond this change no accepted value; it also keeps exponent arithmetic far from overflow.
constexpr std::size_t kTextLengthMax = 64;

Error Malformed(std::string_view text) {
  return {Code::kInvalidArgument,
          "not a decimal number: \"" + std::string(text.substr(0, kTextLengthMax)) + "\""};
}

Error TooManyDecimals(int decimals) {
  return {Code::kInvalidArgument, "more than " + std::to_string(decimals) + " decimals"};
}

Error OutOfRange(DecimalFormat format) {
  std::string message = "number beyond the limit of ";
  AppendDecimal(message, format.limit, format.decimals);
  return {Code::kInvalidArgument, std::move(message)};
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

struct ParsedText {
  bool negative = false;
  std::string digits;  // without the point, leading zeros removed
  int exponent = 0;    // value = digits × 10^exponent
};

Result<int> ParseExponent(std::string_view text, std::string_view whole) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 5) return Malformed(whole);
  int value = 0;
  for (char c : text) {
    if (!IsDigit(c)) return Malformed(whole);
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

Result<ParsedText> Split(std::string_view text, Exponent allowed) {
  if (text.size() > kTextLengthMax) return Malformed(text);
  ParsedText parsed;
  std::string_view rest = text;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    parsed.negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  if (allowed == Exponent::kAllowed) {
    if (auto e = rest.find_first_of("eE"); e != std::string_view::npos) {
      SW_TRY(parsed.exponent, ParseExponent(rest.substr(e + 1), text));
      rest = rest.substr(0, e);
    }
  }
  std::size_t point = rest.find('.');
  std::string_view whole = rest.substr(0, point);
  std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : rest.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && fraction.empty()))
    return Malformed(text);
  if (!std::all_of(whole.begin(), whole.end(), IsDigit) ||
      !std::all_of(fraction.begin(), fraction.end(), IsDigit)) {
    return Malformed(text);
  }
  parsed.digits.append(whole).append(fraction);
  parsed.exponent -= static_cast<int>(fraction.size());
  parsed.digits.erase(0, parsed.digits.find_first_not_of('0'));
  while (!parsed.digits.empty() && parsed.digits.back() == '0') {
    parsed.digits.pop_back();
    ++parsed.exponent;
  }
  return parsed;
}

Result<std::int64_t> ParseShort(std::string_view text, DecimalFormat format) {
  bool negative = text[0] == '-';
  std::int64_t value = 0;
  for (char c : text.substr(negative ? 1 : 0)) value = value * 10 + (c - '0');
  return DecimalFromInteger(negative ? -value : value, format);
}

bool IsShortInteger(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  return !text.empty() && text.size() <= 9 && std::all_of(text.begin(), text.end(), IsDigit);
}

}  // namespace

Result<std::int64_t> ParseDecimal(std::string_view text, DecimalFormat format, Exponent exponent) {
  if (IsShortInteger(text)) return ParseShort(text, format);
  SW_TRY(ParsedText parsed, Split(text, exponent));
  if (parsed.digits.empty()) return std::int64_t{0};
  int shift = parsed.exponent + format.decimals;
  if (shift < 0) return TooManyDecimals(format.decimals);
  if (parsed.digits.size() + static_cast<std::size_t>(shift) > 18) return OutOfRange(format);
  std::int64_t value = 0;
  for (char c : parsed.digits) value = value * 10 + (c - '0');
  value *= kPowersOfTen[static_cast<std::size_t>(shift)];
  if (value > format.limit) return OutOfRange(format);
  return parsed.negative ? -value : value;
}

Result<std::int64_t> DecimalFromDouble(double value, DecimalFormat format) {
  if (!std::isfinite(value)) return Error{Code::kInvalidArgument, "not a finite number"};
  const auto scale = static_cast<double>(kPowersOfTen[static_cast<std::size_t>(format.decimals)]);
  if (std::fabs(value) * scale > static_cast<double>(format.limit)) return OutOfRange(format);
  const double scaled = std::nearbyint(value * scale);
  // scaled has at most 15 digits, so the decimal scaled/scale is the shortest that reads back as
  // `value` exactly when dividing gives `value` again.
  if (scaled / scale != value) return TooManyDecimals(format.decimals);
  return static_cast<std::int64_t>(scaled);
}

Result<std::int64_t> DecimalFromInteger(std::int64_t value, DecimalFormat format) {
  const std::int64_t scale = kPowersOfTen[static_cast<std::size_t>(format.decimals)];
  const std::int64_t limit = format.limit / scale;
  if (value > limit || value < -limit) return OutOfRange(format);
  return value * scale;
}

void AppendDecimal(std::string& out, Int128 scaled, int decimals) {
  std::array<char, 48> digits{};
  std::size_t first = digits.size();
  const bool negative = scaled < 0;
  int skipped = 0;
  bool significant = false;
  int written = 0;
  for (Int128 rest = scaled; rest != 0 || written <= decimals; rest /= 10, ++written) {
    const int digit = std::abs(static_cast<int>(rest % 10));
    if (written == decimals && skipped < decimals) digits[--first] = '.';
    if (written < decimals && digit == 0 && !significant) {
      ++skipped;
      continue;
    }
    significant = true;
    digits[--first] = static_cast<char>('0' + digit);
  }
  if (negative) digits[--first] = '-';
  out.append(digits.data() + first, digits.size() - first);
}

Int128 MultiplyDivideHalfEven(Int128 value, std::int64_t numerator, std::int64_t denominator) {
  SW_ASSERT(denominator > 0, "a positive denominator");
  const Int128 product = value * numerator;
  Int128 quotient = product / denominator;
  Int128 remainder = product % denominator;
  if (remainder < 0) {
    remainder += denominator;
    quotient -= 1;
  }
  const Int128 twice = remainder * 2;
  if (twice > denominator || (twice == denominator && quotient % 2 != 0)) quotient += 1;
  return quotient;
}

}  // namespace stockwatch::base
