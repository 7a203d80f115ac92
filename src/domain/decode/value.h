#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <variant>

#include "base/decimal.h"
#include "base/result.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

// A number of hooks and expressions: a count of millionths, up to ± 10^19 units. Nothing is ever
// rounded: what is not exact is an error.
struct Number {
  static constexpr int kDecimals = 6;
  static constexpr std::int64_t kUnit = 1'000'000;

  base::Int128 millionths = 0;
  constexpr auto operator<=>(const Number&) const = default;

  static constexpr Number Whole(std::int64_t units) {
    return {static_cast<base::Int128>(units) * kUnit};
  }
  // kInvalidArgument if `text` is no decimal number; an exponent is allowed.
  static base::Result<Number> Parse(std::string_view text);
};

base::Result<Number> Add(Number a, Number b);
base::Result<Number> Subtract(Number a, Number b);
base::Result<Number> Multiply(Number a, Number b);
base::Result<Number> Divide(Number a, Number b);
std::string Text(Number number);

struct Null {
  constexpr auto operator<=>(const Null&) const = default;
};

// What expressions compute and default hooks set.
using Value = std::variant<Null, bool, Number, std::string>;

std::string_view KindName(const Value& value);

// int, long, double (as its shortest decimal), decimal, bool, string, null; a date is its
// milliseconds since the epoch. kInvalidArgument for all else.
base::Result<Value> ValueOf(const event::RawValue& raw);

// The scalar that stands for the value in a document: a whole number is a long, any other a
// decimal. Text is kept by `keeper`.
event::RawValue RawOf(const Value& value, event::RawDocument& keeper);

}  // namespace stockwatch::decode
