#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "domain/demand/planning.h"
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

// What its demand says of an item; where nothing is known of it there is none.
struct Outlook {
  demand::Rate rate;               // with its season; how it varies where a receipt is due
  bool receipt_due = false;        // some of what is on its way is expected at:
  base::Instant expected_receipt;  // else now + lead time
};

// One opened item at a moment of source time.
struct ItemMoment {
  const stock::Item& item;
  stock::Shown shown;
  const threshold::Resolved& thresholds;
  base::Instant now;
  bool sold = false;                           // a sale was applied just now
  base::Quantity velocity = {};                // units of the hour in progress and the 23 before
  const threshold::Bounds* dynamic = nullptr;  // in place of those of the thresholds
  std::optional<Outlook> outlook = std::nullopt;

  const std::optional<base::Quantity>& critical() const {
    return dynamic ? dynamic->critical : thresholds.critical;
  }
  const std::optional<base::Quantity>& low() const {
    return dynamic ? dynamic->low : thresholds.low;
  }
  const std::optional<base::Quantity>& max() const {
    return dynamic ? dynamic->max : thresholds.max;
  }
  // nullopt: without demand, or nothing is known of it.
  std::optional<event::Thousandths> Cover() const;
};

// The conditions of an opened item but drift, which is a comparison over time.
Verdict JudgeItem(const ItemMoment& moment);
// A stock-out is projected before anything more will be there.
bool RunsOutBeforeReceipt(const ItemMoment& moment);
// nullopt: there is nothing to compare, as the cover of what nobody knows to sell.
std::optional<Comparison> CompareItem(const ItemMoment& moment, event::ConditionType type);

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
                                   const std::optional<base::Money>& cost,
                                   const threshold::Bounds* dynamic = nullptr);

// Whether `a` is farther beyond the threshold than `b`.
bool Worse(event::ConditionType type, std::int64_t a, std::int64_t b);

}  // namespace stockwatch::alert
