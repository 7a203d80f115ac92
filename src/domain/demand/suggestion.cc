#include "domain/demand/suggestion.h"

#include <algorithm>

namespace stockwatch::demand {
namespace {

constexpr std::uint8_t kThreeWeeks = 21;
constexpr base::Quantity kNothing;

Suggestion Of(Action action, base::Quantity quantity, const Situation& situation) {
  Suggestion suggestion{action, quantity, std::nullopt, ConfidenceOf(situation.forecast)};
  if (situation.cost && quantity > kNothing) {
    const base::Int128 value = base::ValueOf(quantity, situation.cost->ten_thousandths);
    constexpr base::Int128 kMost = 0x7FFFFFFFFFFFFFFF;
    suggestion.cost =
        base::Money{static_cast<std::int64_t>(std::min(value, kMost)), situation.cost->currency};
  }
  return suggestion;
}

Suggestion Count(const Situation& situation) {
  Suggestion count = Of(Action::kCount, kNothing, situation);
  count.confidence = Confidence::kHigh;  // it follows from no forecast
  return count;
}

Suggestion Replenish(const Situation& situation) {
  const bool enough = situation.donor_surplus >= situation.need;
  const bool transfer = enough || (situation.urgent && situation.donor_surplus > kNothing);
  Suggestion suggestion =
      transfer ? Of(Action::kTransfer, std::min(situation.need, situation.donor_surplus), situation)
               : Of(Action::kBuy, OrderQuantity(situation.need, situation.lots), situation);
  // The figure that the need comes from can't be true.
  if (situation.on_hand < kNothing) {
    suggestion.confidence = std::min(suggestion.confidence, Confidence::kMedium);
  }
  return suggestion;
}

}  // namespace

std::string_view Name(Action action) {
  switch (action) {
    case Action::kNone:
      return "none";
    case Action::kCount:
      return "count";
    case Action::kBuy:
      return "buy";
    case Action::kTransfer:
      return "transfer";
    case Action::kMarkDown:
      return "mark_down";
  }
  return "unknown";
}

std::string_view Name(Confidence confidence) {
  switch (confidence) {
    case Confidence::kLow:
      return "low";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kHigh:
      return "high";
  }
  return "unknown";
}

Confidence ConfidenceOf(const std::optional<Forecast>& forecast) {
  if (!forecast || forecast->pattern == Pattern::kSparse) return Confidence::kLow;
  const bool steady = forecast->pattern == Pattern::kSmooth &&
                      forecast->teaching_days >= kThreeWeeks &&
                      forecast->deviation <= forecast->daily;
  return steady ? Confidence::kHigh : Confidence::kMedium;
}

Suggestion Suggest(const Situation& situation) {
  if (situation.in_doubt) return Count(situation);
  if (situation.need > kNothing) return Replenish(situation);
  if (situation.on_hand < kNothing) return Count(situation);
  if (situation.max && situation.on_hand > *situation.max) {
    return Of(Action::kMarkDown, situation.on_hand - *situation.max, situation);
  }
  return Of(Action::kNone, kNothing, situation);
}

}  // namespace stockwatch::demand
