#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

#include "base/decimal.h"
#include "base/quantity.h"
#include "base/result.h"

namespace stockwatch::base {

// ISO 4217 alphabetic code. Default-constructed: no currency.
class Currency {
 public:
  constexpr Currency() = default;
  // Three letters A–Z.
  static Result<Currency> Parse(std::string_view code);

  std::string_view text() const { return {letters_.data(), letters_[0] == '\0' ? 0u : 3u}; }
  constexpr auto operator<=>(const Currency&) const = default;

 private:
  std::array<char, 3> letters_{};
};

// An amount in ten-thousandths of the currency's unit. Amounts of different currencies are never
// added: there is no operator for it.
struct Money {
  static constexpr DecimalFormat kFormat{4, 10'000'000'000'000};  // ± 10^9 units

  std::int64_t ten_thousandths = 0;
  Currency currency;

  constexpr auto operator<=>(const Money&) const = default;
};

// quantity × unit price in ten-thousandths, half to even.
inline Int128 ValueOf(Quantity quantity, std::int64_t unit_ten_thousandths) {
  return MultiplyDivideHalfEven(unit_ten_thousandths, quantity.thousandths(), 1000);
}

}  // namespace stockwatch::base
