#include "domain/decode/value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "domain/decode/decimal_text.h"

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;
using base::Int128;
using base::Result;
using event::RawValue;
using event::ValueType;

constexpr Int128 kNumberMax = static_cast<Int128>(10'000'000'000'000'000'000u) * Number::kUnit;
constexpr int kDigitsMax = 26;  // of kNumberMax

Error TooLarge() {
  return {Code::kInvalidArgument, "number beyond 10^19"};
}
Error NotExact() {
  return {Code::kInvalidArgument, "result has more than 6 decimals"};
}

Result<Number> Checked(Int128 millionths) {
  if (millionths > kNumberMax || millionths < -kNumberMax) return TooLarge();
  return Number{millionths};
}

Result<Number> NumberFromDouble(double value) {
  if (!std::isfinite(value)) return Error{Code::kInvalidArgument, "not a finite number"};
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return Number::Parse({text.data(), static_cast<std::size_t>(end - text.data())});
}

Result<Value> AsValue(Result<Number> number) {
  SW_TRY(Number value, std::move(number));
  return Value(value);
}

}  // namespace

Result<Number> Number::Parse(std::string_view text) {
  const auto parts = SplitDecimal(text);
  if (!parts) {
    return Error{Code::kInvalidArgument,
                 "not a decimal number: \"" + std::string(text.substr(0, 64)) + "\""};
  }
  const int shift = parts->exponent + kDecimals;
  if (parts->digits.empty()) return Number{};
  if (shift < 0) return Error{Code::kInvalidArgument, "number has more than 6 decimals"};
  if (shift > kDigitsMax || static_cast<int>(parts->digits.size()) + shift > kDigitsMax) {
    return TooLarge();
  }
  Int128 value = 0;
  for (char c : parts->digits) value = value * 10 + (c - '0');
  for (int i = 0; i < shift; ++i) value *= 10;
  return Checked(parts->negative ? -value : value);
}

Result<Number> Add(Number a, Number b) {
  return Checked(a.millionths + b.millionths);
}

Result<Number> Subtract(Number a, Number b) {
  return Checked(a.millionths - b.millionths);
}

Result<Number> Multiply(Number a, Number b) {
  constexpr Int128 kProductMax = kNumberMax * Number::kUnit;  // below 2^127
  const Int128 factor = a.millionths < 0 ? -a.millionths : a.millionths;
  const Int128 other = b.millionths < 0 ? -b.millionths : b.millionths;
  if (factor != 0 && other > kProductMax / factor) return TooLarge();
  const Int128 product = a.millionths * b.millionths;
  if (product % Number::kUnit != 0) return NotExact();
  return Checked(product / Number::kUnit);
}

Result<Number> Divide(Number a, Number b) {
  if (b.millionths == 0) return Error{Code::kInvalidArgument, "division by zero"};
  const Int128 scaled = a.millionths * Number::kUnit;
  if (scaled % b.millionths != 0) return NotExact();
  return Checked(scaled / b.millionths);
}

std::string Text(Number number) {
  std::string text;
  base::AppendDecimal(text, number.millionths, Number::kDecimals);
  return text;
}

std::string_view KindName(const Value& value) {
  constexpr std::array<std::string_view, 4> kNames{"null", "bool", "number", "string"};
  return kNames[value.index()];
}

Result<Value> ValueOf(const RawValue& raw) {
  switch (raw.type) {
    case ValueType::kNull:
      return Value(Null{});
    case ValueType::kBool:
      return Value(raw.integer != 0);
    case ValueType::kString:
      return Value(std::string(raw.bytes));
    case ValueType::kInt32:
    case ValueType::kInt64:
    case ValueType::kDate:
      return Value(Number::Whole(raw.integer));
    case ValueType::kDouble:
      return AsValue(NumberFromDouble(raw.number));
    case ValueType::kDecimal:
      return AsValue(Number::Parse(raw.bytes));
    default:
      break;
  }
  return Error{Code::kInvalidArgument,
               "no value in an expression: " + std::string(TypeName(raw.type))};
}

RawValue RawOf(const Value& value, event::RawDocument& keeper) {
  RawValue raw;
  if (const auto* flag = std::get_if<bool>(&value)) {
    raw.type = ValueType::kBool;
    raw.integer = *flag ? 1 : 0;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    raw.type = ValueType::kString;
    raw.bytes = keeper.Keep(*text);
  } else if (const auto* number = std::get_if<Number>(&value)) {
    const Int128 units = number->millionths / Number::kUnit;
    const bool whole = number->millionths % Number::kUnit == 0;
    const bool fits = units >= std::numeric_limits<std::int64_t>::min() &&
                      units <= std::numeric_limits<std::int64_t>::max();
    if (whole && fits) {
      raw.type = ValueType::kInt64;
      raw.integer = static_cast<std::int64_t>(units);
    } else {
      raw.type = ValueType::kDecimal;
      raw.bytes = keeper.Keep(Text(*number));
    }
  }
  return raw;
}

}  // namespace stockwatch::decode
