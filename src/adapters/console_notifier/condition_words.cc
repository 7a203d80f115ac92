#include "adapters/console_notifier/condition_words.h"

namespace stockwatch::console_notifier {
namespace {

using event::ConditionType;

// The figure of stock that is compared; what an older version wrote does not say which.
std::string_view StockWords(std::optional<event::Compare> compare) {
  if (!compare) return "stock";
  switch (*compare) {
    case event::Compare::kAvailable:
      return "available";
    case event::Compare::kOnHand:
      return "on hand";
    case event::Compare::kPosition:
      return "position";
  }
  return "stock";
}

}  // namespace

Words WordsOf(ConditionType type, std::optional<event::Compare> compare) {
  switch (type) {
    case ConditionType::kOutOfStock:
    case ConditionType::kCriticalStock:
      return {"available", Holds::kAtMost};
    case ConditionType::kLowStock:
      return {StockWords(compare), Holds::kAtMost};
    case ConditionType::kProjectedStockout:
      return {"days of cover", Holds::kAtMost};
    case ConditionType::kNegativeStock:
      return {"on hand", Holds::kBelow};
    case ConditionType::kOverstock:
      return {"on hand", Holds::kAbove};
    case ConditionType::kVelocitySpike:
      return {"sold in 24 h", Holds::kAtLeast};
    case ConditionType::kStaleStock:
      return {"days without a sale", Holds::kAtLeast};
    case ConditionType::kDrift:
      return {"difference", Holds::kAbove};
    case ConditionType::kCategoryLow:
      return {"low share", Holds::kAtLeast};
    case ConditionType::kCategoryOut:
      return {"out of stock share", Holds::kAtLeast};
    case ConditionType::kSourceSilent:
      return {"seconds without progress", Holds::kAtLeast};
    case ConditionType::kSourceGap:
      return {"seconds of changes lost", Holds::kAtLeast};
    case ConditionType::kUndeliverable:
      return {"notices given up", Holds::kAtLeast};
    case ConditionType::kClock:
      return {"seconds ahead", Holds::kAbove};
    case ConditionType::kOplogHeadroom:
      return {"seconds until the oplog loses the place", Holds::kBelow};
  }
  return {"value", Holds::kAtMost};
}

bool DoesHold(Holds holds, std::int64_t value, std::int64_t threshold) {
  switch (holds) {
    case Holds::kAtMost:
      return value <= threshold;
    case Holds::kAtLeast:
      return value >= threshold;
    case Holds::kAbove:
      return value > threshold;
    case Holds::kBelow:
      return value < threshold;
  }
  return false;
}

std::string_view Comparator(Holds holds, bool does_hold) {
  switch (holds) {
    case Holds::kAtMost:
      return does_hold ? "≤" : ">";
    case Holds::kAtLeast:
      return does_hold ? "≥" : "<";
    case Holds::kAbove:
      return does_hold ? ">" : "≤";
    case Holds::kBelow:
      return does_hold ? "<" : "≥";
  }
  return "beside";
}

}  // namespace stockwatch::console_notifier
