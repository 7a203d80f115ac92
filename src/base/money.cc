#include "base/money.h"

#include <algorithm>
#include <string>

namespace stockwatch::base {

Result<Currency> Currency::Parse(std::string_view code) {
  const bool letters =
      std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (code.size() != 3 || !letters) {
    return Error{Code::kInvalidArgument,
                 "not an ISO 4217 code of three capital letters: \"" + std::string(code) + "\""};
  }
  Currency currency;
  std::copy(code.begin(), code.end(), currency.letters_.begin());
  return currency;
}

}  // namespace stockwatch::base
