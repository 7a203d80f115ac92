#pragma once

#include <optional>
#include <string_view>

#include "base/instant.h"
#include "base/json_writer.h"
#include "base/money.h"
#include "base/quantity.h"

namespace stockwatch::base {

// Members of the object that is open; null where there is no value.

inline void WriteQuantity(JsonWriter& json, std::string_view key,
                          std::optional<Quantity> quantity) {
  json.Key(key);
  quantity ? json.Decimal(quantity->thousandths(), Quantity::kFormat.decimals) : json.Null();
}

inline void WriteTime(JsonWriter& json, std::string_view key, std::optional<Instant> at) {
  json.Key(key);
  at ? json.Time(*at) : json.Null();
}

// {"amount": 2.55, "currency": "GBP"}
inline void WriteMoney(JsonWriter& json, std::string_view key, const std::optional<Money>& money) {
  json.Key(key);
  if (!money) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Key("amount").Decimal(money->ten_thousandths, Money::kFormat.decimals);
  json.Key("currency").String(money->currency.text()).EndObject();
}

}  // namespace stockwatch::base
