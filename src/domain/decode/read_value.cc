#include "domain/decode/read_value.h"

#include "base/digest.h"
#include "base/strong_id.h"
#include "base/utf8.h"
#include "domain/decode/hook.h"
#include "domain/decode/reject_reasons.h"

namespace stockwatch::decode {
namespace {

using base::Instant;
using event::RawValue;
using event::ValueType;

Fault NotANumber(std::string_view reason) {
  return {reason, "is not a number"};
}

// The errors of base/decimal.h without the value, which the message ends with anyway.
Fault NumberFault(const base::Error& error) {
  const std::string_view what = std::string_view(error.message).substr(0, error.message.find(':'));
  if (what == "not a decimal number") return NotANumber(kBadNumber);
  const bool decimals = what.substr(0, 4) == "more";
  const bool limit = what.substr(0, 6) == "number";
  return {kBadNumber, (decimals ? "has " : limit ? "is a " : "is ") + std::string(what)};
}

Fault NotADate(std::string_view reason) {
  return {reason, "is not a date"};
}

Reading<Instant> FromMillis(std::int64_t millis) {
  const auto instant = Instant::FromMillis(millis);
  if (!instant.ok()) return Fault{kBadDate, "is outside the years 0000 to 9999"};
  return instant.value();
}

}  // namespace

Reading<std::int64_t> ReadDecimal(const RawValue& value, base::DecimalFormat format) {
  const auto as_reading = [](base::Result<std::int64_t> result) -> Reading<std::int64_t> {
    if (result.ok()) [[likely]]
      return result.value();
    return NumberFault(result.error());
  };
  switch (value.type) {
    case ValueType::kInt32:
    case ValueType::kInt64:
      return as_reading(base::DecimalFromInteger(value.integer, format));
    case ValueType::kDouble:
      return as_reading(base::DecimalFromDouble(value.number, format));
    case ValueType::kDecimal:
      if (value.bytes.find_first_of("Nn") != std::string_view::npos) {
        return Fault{kBadNumber, "is not a finite number"};  // NaN, Infinity
      }
      return as_reading(base::ParseDecimal(value.bytes, format, base::Exponent::kAllowed));
    case ValueType::kString:
      return as_reading(base::ParseDecimal(value.bytes, format, base::Exponent::kRefused));
    default:
      return NotANumber(kWrongType);
  }
}

Reading<Instant> ReadInstant(const RawValue& value) {
  switch (value.type) {
    case ValueType::kDate:
    case ValueType::kInt32:
    case ValueType::kInt64:
      return FromMillis(value.integer);
    case ValueType::kString: {
      const auto instant = base::ParseInstant(value.bytes);
      if (!instant.ok()) return NotADate(kBadDate);
      return instant.value();
    }
    case ValueType::kDouble:
    case ValueType::kDecimal: {
      constexpr base::DecimalFormat kMillis{0, 253'402'300'799'999};
      auto millis = ReadDecimal(value, kMillis);
      if (std::holds_alternative<Fault>(millis)) return NotADate(kBadDate);
      return FromMillis(std::get<std::int64_t>(millis));
    }
    default:
      return NotADate(kWrongType);
  }
}

Reading<std::string_view> ReadId(const RawValue& value) {
  if (value.type != ValueType::kString) return Fault{kWrongType, "is not a string"};
  if (!base::ValidateId(value.bytes).ok()) {
    return Fault{kBadId, "is not an id of 1 to 128 bytes of UTF-8 without control characters"};
  }
  // Redacted, all ids of the field would become one.
  if (value.bytes == kRedacted) return Fault{kBadId, "is an id and cannot be redacted"};
  return value.bytes;
}

Reading<std::string> ReadIdText(const RawValue& value) {
  if (value.type == ValueType::kObjectId) return base::Hex(value.bytes);
  if (value.type == ValueType::kInt32 || value.type == ValueType::kInt64) {
    return std::to_string(value.integer);
  }
  auto id = ReadId(value);
  if (auto* fault = std::get_if<Fault>(&id)) {
    if (fault->reason == kWrongType) fault->text = "is not a string, an objectId or an integer";
    return std::move(*fault);
  }
  return std::string(std::get<std::string_view>(id));
}

Reading<std::string_view> ReadText(const RawValue& value, std::size_t bytes_max) {
  if (value.type != ValueType::kString) return Fault{kWrongType, "is not a string"};
  if (value.bytes.size() > bytes_max) {
    return Fault{kBadText, "is longer than " + std::to_string(bytes_max) + " bytes"};
  }
  if (!base::IsUtf8(value.bytes)) return Fault{kBadText, "is not UTF-8"};
  return value.bytes;
}

Reading<bool> ReadBool(const RawValue& value) {
  if (value.type != ValueType::kBool) return Fault{kWrongType, "is neither true nor false"};
  return value.integer != 0;
}

}  // namespace stockwatch::decode
