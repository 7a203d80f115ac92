#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/decimal.h"
#include "base/instant.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// Why a value is not what its field should be. `text` goes on where `field "x" ` ended: "is not a
// number".
struct Fault {
  std::string_view reason;  // of reject_reasons.h
  std::string text;
};

template <typename T>
using Reading = std::variant<T, Fault>;

// A number scaled by 10^decimals: int, long, double, decimal, or a string without exponent. Exact.
Reading<std::int64_t> ReadDecimal(const event::RawValue& value, base::DecimalFormat format);

// A date, an ISO 8601 string with offset, or whole milliseconds since the epoch.
Reading<base::Instant> ReadInstant(const event::RawValue& value);

// An id in a string.
Reading<std::string_view> ReadId(const event::RawValue& value);

// An id in a string, an object id (24 hex digits) or a 32- or 64-bit integer.
Reading<std::string> ReadIdText(const event::RawValue& value);

// UTF-8 of at most `bytes_max` bytes.
Reading<std::string_view> ReadText(const event::RawValue& value, std::size_t bytes_max);

Reading<bool> ReadBool(const event::RawValue& value);

}  // namespace stockwatch::decode
