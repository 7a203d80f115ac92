#include "domain/decode/convert.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "domain/decode/decimal_text.h"
#include "domain/decode/read_value.h"
#include "domain/decode/show_value.h"

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;
using base::Result;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

Error Impossible(const RawValue& value, Conversion to) {
  return {Code::kInvalidArgument, "cannot convert to " +
                                      std::string(kConversionNames[static_cast<std::size_t>(to)]) +
                                      ": " + ShowValue(value)};
}

RawValue Scalar(ValueType type, std::int64_t integer) {
  RawValue value;
  value.type = type;
  value.integer = integer;
  return value;
}
RawValue TextScalar(ValueType type, std::string_view bytes) {
  RawValue value;
  value.type = type;
  value.bytes = bytes;
  return value;
}

bool IsNumber(ValueType type) {
  return type == ValueType::kInt32 || type == ValueType::kInt64 || type == ValueType::kDouble ||
         type == ValueType::kDecimal;
}

// The number in parts; strings have no exponent.
std::optional<DecimalText> PartsOf(const RawValue& value) {
  if (value.type == ValueType::kDecimal) return SplitDecimal(value.bytes);
  if (value.type == ValueType::kString) {
    const bool plain = value.bytes.find_first_of("eE") == std::string_view::npos;
    return plain ? SplitDecimal(value.bytes) : std::nullopt;
  }
  if (value.type == ValueType::kInt32 || value.type == ValueType::kInt64) {
    return SplitDecimal(std::to_string(value.integer));
  }
  if (value.type != ValueType::kDouble || !std::isfinite(value.number)) return std::nullopt;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value.number).ptr;
  return SplitDecimal({text.data(), static_cast<std::size_t>(end - text.data())});
}

// Plain notation, up to 64 digits in all.
std::optional<std::string> PlainText(const DecimalText& parts) {
  if (parts.exponent > 40 || parts.exponent < -40 || parts.digits.size() > 40) return std::nullopt;
  if (parts.digits.empty()) return "0";
  std::string digits = parts.digits;
  if (parts.exponent >= 0) {
    digits.append(static_cast<std::size_t>(parts.exponent), '0');
  } else {
    const auto decimals = static_cast<std::size_t>(-parts.exponent);
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    digits.insert(digits.size() - decimals, 1, '.');
  }
  return parts.negative ? "-" + digits : digits;
}

std::optional<std::int64_t> WholeNumber(const RawValue& value) {
  const auto parts = PartsOf(value);
  const auto text = parts && parts->exponent >= 0 ? PlainText(*parts) : std::nullopt;
  if (!text) return std::nullopt;
  std::int64_t whole = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), whole);
  if (failure != std::errc()) return std::nullopt;
  return whole;
}

std::optional<RawValue> ToNumber(const RawValue& value) {
  if (!PartsOf(value)) return std::nullopt;
  if (IsNumber(value.type)) return value;
  return TextScalar(ValueType::kDecimal, value.bytes);
}

std::optional<RawValue> ToInteger(const RawValue& value) {
  const auto whole = WholeNumber(value);
  if (!whole) return std::nullopt;
  return Scalar(ValueType::kInt64, *whole);
}

std::optional<RawValue> ToString(const RawValue& value, RawDocument& keeper) {
  std::optional<std::string> text;
  if (value.type == ValueType::kString) return value;
  if (IsNumber(value.type)) {
    const auto parts = PartsOf(value);
    if (parts) text = PlainText(*parts);
  } else if (value.type == ValueType::kBool) {
    text = value.integer != 0 ? "true" : "false";
  } else if (value.type == ValueType::kObjectId) {
    text = base::Hex(value.bytes);
  } else if (value.type == ValueType::kDate) {
    if (const auto instant = base::Instant::FromMillis(value.integer); instant.ok()) {
      base::AppendInstant(text.emplace(), instant.value());
    }
  }
  if (!text) return std::nullopt;
  return TextScalar(ValueType::kString, keeper.Keep(*std::move(text)));
}

std::optional<RawValue> ToDate(const RawValue& value) {
  const auto reading = ReadInstant(value);
  const auto* instant = std::get_if<base::Instant>(&reading);
  if (instant == nullptr || instant->micros() % 1000 != 0) return std::nullopt;
  return Scalar(ValueType::kDate, instant->micros() / 1000);
}

std::optional<RawValue> ToDateFromSeconds(const RawValue& value) {
  constexpr base::DecimalFormat kSeconds{3, 253'402'300'799'999};
  const auto reading = ReadDecimal(value, kSeconds);
  const auto* millis = std::get_if<std::int64_t>(&reading);
  if (millis == nullptr || !base::Instant::FromMillis(*millis).ok()) return std::nullopt;
  return Scalar(ValueType::kDate, *millis);
}

std::optional<RawValue> ToBool(const RawValue& value) {
  if (value.type == ValueType::kBool) return value;
  if (value.type == ValueType::kString) {
    if (value.bytes == "true") return Scalar(ValueType::kBool, 1);
    if (value.bytes == "false") return Scalar(ValueType::kBool, 0);
    return std::nullopt;
  }
  const auto whole = WholeNumber(value);
  if (!whole || *whole < 0 || *whole > 1) return std::nullopt;
  return Scalar(ValueType::kBool, *whole);
}

}  // namespace

Result<RawValue> Convert(const RawValue& value, Conversion to, RawDocument& keeper) {
  std::optional<RawValue> converted;
  switch (to) {
    case Conversion::kNumber:
      converted = ToNumber(value);
      break;
    case Conversion::kInteger:
      converted = ToInteger(value);
      break;
    case Conversion::kString:
      converted = ToString(value, keeper);
      break;
    case Conversion::kDate:
      converted = ToDate(value);
      break;
    case Conversion::kDateFromSeconds:
      converted = ToDateFromSeconds(value);
      break;
    case Conversion::kBool:
      converted = ToBool(value);
      break;
  }
  if (!converted) return Impossible(value, to);
  return *converted;
}

}  // namespace stockwatch::decode
