#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/money.h"
#include "base/quantity.h"
#include "domain/demand/forecast.h"
#include "domain/demand/planning.h"

namespace stockwatch::demand {

enum class Action : std::uint8_t { kNone, kCount, kBuy, kTransfer, kMarkDown };
std::string_view Name(Action action);

// How far the figures behind a suggestion can be trusted.
enum class Confidence : std::uint8_t { kLow, kMedium, kHigh };
std::string_view Name(Confidence confidence);
// High: a smooth item, three weeks that taught, and days that scatter less than they sell. Low:
// nothing known, or a sparse item.
Confidence ConfidenceOf(const std::optional<Forecast>& forecast);

// What is to be known of an item to say what to do about it.
struct Situation {
  base::Quantity on_hand;
  base::Quantity need;  // order-up-to less the inventory position
  Lots lots;
  std::optional<base::Quantity> max;  // more than that on hand is too much
  // Of the other warehouses' surpluses the largest; nothing: nobody has any.
  base::Quantity donor_surplus;
  // The stock runs out before an order of today would be there.
  bool urgent = false;
  // The figures are in doubt: a document disagrees with the ledger.
  bool in_doubt = false;
  std::optional<base::Money> cost;  // of a piece
  std::optional<Forecast> forecast;
};

// The one thing to do now.
struct Suggestion {
  Action action = Action::kNone;
  base::Quantity quantity;          // 0 for a count
  std::optional<base::Money> cost;  // of that quantity, where the cost of a piece is known
  Confidence confidence = Confidence::kLow;
};

// In this order: count what is in doubt, for an order would rest on it; what is needed comes from
// another warehouse if that has all of it, or, where buying is too late, as much as it has; else
// buy; count what is below zero on hand: off by a few pieces, it is worth less than what is not
// sold; what is beyond `max` is marked down. docs/adr/0005.
Suggestion Suggest(const Situation& situation);

}  // namespace stockwatch::demand
