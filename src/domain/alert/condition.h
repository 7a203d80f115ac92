#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "domain/event/condition_type.h"
#include "domain/stock/item.h"
#include "domain/stock/totals.h"
#include "domain/threshold/resolved.h"

namespace stockwatch::alert {

using ConditionMask = std::uint16_t;
constexpr ConditionMask Bit(event::ConditionType type) {
  return static_cast<ConditionMask>(1u << event::Index(type));
}

// Which conditions hold and which open alerts clear, by the table of the domain page, section 8.
// Between the two lies the clear margin. What is neither judged nor in `off` is not for this
// subject.
struct Verdict {
  ConditionMask holds = 0;
  ConditionMask clears = 0;
  ConditionMask off = 0;  // no threshold, disabled, or not for this item: an open alert resolves
};

// A value beside its threshold, as alerts show them: thousandths of a piece, of a day, or of a
// share.
struct Comparison {
  std::int64_t value = 0;
  std::int64_t threshold = 0;
  bool operator==(const Comparison&) const = default;
};

// One opened item at a moment of source time.
struct ItemMoment {
  const stock::Item& item;
  stock::Shown shown;
  const threshold::Resolved& thresholds;
  base::Instant now;
  bool sold = false;  // a sale was applied just now
};

// The conditions of an opened item that need neither demand nor a comparison over time (drift).
Verdict JudgeItem(const ItemMoment& moment);
Comparison CompareItem(const ItemMoment& moment, event::ConditionType type);

// When `stale_stock` will hold if nothing is sold; nullopt where it is off.
std::optional<base::Instant> StaleAt(const stock::Item& item,
                                     const threshold::Resolved& thresholds);

// `category_low` and `category_out` of a category node.
Verdict JudgeCategory(const stock::Totals& totals, const threshold::Resolved& thresholds);
Comparison CompareCategory(const stock::Totals& totals, const threshold::Resolved& thresholds,
                           event::ConditionType type);

// What the item adds to its nodes: the plain comparisons, without margin or hold.
stock::Contribution ContributionOf(const stock::Item& item, const stock::Shown& shown,
                                   const threshold::Resolved& thresholds,
                                   const std::optional<base::Money>& cost);

// Whether `a` is farther beyond the threshold than `b`.
bool Worse(event::ConditionType type, std::int64_t a, std::int64_t b);

}  // namespace stockwatch::alert
