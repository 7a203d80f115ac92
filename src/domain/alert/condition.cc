#include "domain/alert/condition.h"

#include <algorithm>

namespace stockwatch::alert {
namespace {

using event::ConditionType;
using stock::Item;
using threshold::Resolved;

constexpr base::Quantity kNothing;
constexpr std::int64_t kCategoryItemsMin = 5;
constexpr base::Quantity kSpikeUnitsMin = base::Quantity::Pieces(10);
constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

base::Quantity Compared(const stock::Shown& shown, event::Compare compare) {
  switch (compare) {
    case event::Compare::kAvailable:
      return shown.available();
    case event::Compare::kOnHand:
      return shown.on_hand;
    case event::Compare::kPosition:
      return shown.position();
  }
  return shown.available();
}

// Collects the answers for one subject.
class Judge {
 public:
  void Set(ConditionType type, bool holds, bool clears) {
    if (holds) verdict_.holds |= Bit(type);
    if (clears) verdict_.clears |= Bit(type);
  }
  void Off(ConditionType type) { verdict_.off |= Bit(type); }
  const Verdict& verdict() const { return verdict_; }

 private:
  Verdict verdict_;
};

// Since when nothing was sold.
base::Instant QuietSince(const Item& item) {
  if (item.last_sale != base::Instant()) return item.last_sale;
  return base::Instant::Seconds(item.opened_seconds);
}

// Not only if all goes as expected: in one case of ten it runs out at the early end or before. ADR
// 10.
bool MayRunOutBeforeReceipt(const ItemMoment& m) {
  const auto cover = demand::CoverIntervalOf(m.shown.available(), m.outlook->rate);
  return cover && demand::After(m.now, cover->early) <= m.outlook->expected_receipt;
}

void JudgeRunningOut(const ItemMoment& m, Judge& judge) {
  const Resolved& t = m.thresholds;
  const base::Quantity available = m.shown.available();
  if (!t.enabled || m.item.discontinued) {
    judge.Off(ConditionType::kOutOfStock);
    judge.Off(ConditionType::kCriticalStock);
    judge.Off(ConditionType::kLowStock);
    judge.Off(ConditionType::kProjectedStockout);
    return;
  }
  const std::optional<base::Quantity>& critical = m.critical();
  const std::optional<base::Quantity>& low = m.low();
  judge.Set(ConditionType::kOutOfStock, available <= kNothing, available > kNothing);
  if (critical) {
    judge.Set(ConditionType::kCriticalStock, available <= *critical,
              available > *critical + t.clear_margin.Of(*critical));
  } else {
    judge.Off(ConditionType::kCriticalStock);
  }
  if (low) {
    const base::Quantity value = Compared(m.shown, t.compare);
    judge.Set(ConditionType::kLowStock, value <= *low, value > *low + t.clear_margin.Of(*low));
  } else {
    judge.Off(ConditionType::kLowStock);
  }
  if (!t.days_of_cover) return judge.Off(ConditionType::kProjectedStockout);
  const auto cover = m.Cover();
  const bool short_of = available > kNothing && cover && *cover <= *t.days_of_cover;
  const bool projected = short_of && (!m.outlook->receipt_due || MayRunOutBeforeReceipt(m));
  judge.Set(ConditionType::kProjectedStockout, projected, !projected);
}

void JudgeTooMuch(const ItemMoment& m, Judge& judge) {
  const Resolved& t = m.thresholds;
  const std::optional<base::Quantity>& max = m.max();
  if (t.enabled && max) {
    judge.Set(ConditionType::kOverstock, m.shown.on_hand > *max,
              m.shown.on_hand <= *max - t.clear_margin.Of(*max));
  } else {
    judge.Off(ConditionType::kOverstock);
  }
  if (t.enabled && t.stale_days) {
    const bool quiet = m.now >= *StaleAt(m.item, t);
    judge.Set(ConditionType::kStaleStock, quiet && !m.sold && m.shown.on_hand > kNothing, m.sold);
  } else {
    judge.Off(ConditionType::kStaleStock);
  }
}

// Units from which the item sells like never before.
base::Quantity SpikeFrom(const Resolved& t, const Outlook& outlook) {
  return base::Quantity::Thousandths(static_cast<std::int64_t>(base::MultiplyDivideHalfEven(
      outlook.rate.daily.thousandths(), t.velocity_spike_ratio->count, 1000)));
}

void JudgeVelocity(const ItemMoment& m, Judge& judge) {
  const Resolved& t = m.thresholds;
  if (!t.enabled || !t.velocity_spike_ratio) return judge.Off(ConditionType::kVelocitySpike);
  const bool spike =
      m.outlook && m.velocity >= kSpikeUnitsMin &&
      base::Int128{m.velocity.thousandths()} * 1000 >=
          base::Int128{m.outlook->rate.daily.thousandths()} * t.velocity_spike_ratio->count;
  judge.Set(ConditionType::kVelocitySpike, spike, !spike);
}

}  // namespace

std::optional<event::Thousandths> ItemMoment::Cover() const {
  if (!outlook) return std::nullopt;
  return demand::DaysOfCover(shown.available(), outlook->rate);
}

bool RunsOutBeforeReceipt(const ItemMoment& m) {
  const auto cover = m.Cover();
  return cover && demand::After(m.now, *cover) < m.outlook->expected_receipt;
}

Verdict JudgeItem(const ItemMoment& m) {
  Judge judge;
  JudgeRunningOut(m, judge);
  judge.Set(ConditionType::kNegativeStock, m.shown.on_hand < kNothing, m.shown.on_hand >= kNothing);
  JudgeTooMuch(m, judge);
  JudgeVelocity(m, judge);
  return judge.verdict();
}

std::optional<Comparison> CompareItem(const ItemMoment& m, ConditionType type) {
  const Resolved& t = m.thresholds;
  const auto field = [](const std::optional<base::Quantity>& quantity) {
    return quantity ? quantity->thousandths() : 0;
  };
  switch (type) {
    case ConditionType::kCriticalStock:
      return Comparison{m.shown.available().thousandths(), field(m.critical())};
    case ConditionType::kLowStock:
      return Comparison{Compared(m.shown, t.compare).thousandths(), field(m.low())};
    case ConditionType::kNegativeStock:
      return Comparison{m.shown.on_hand.thousandths(), 0};
    case ConditionType::kOverstock:
      return Comparison{m.shown.on_hand.thousandths(), field(m.max())};
    case ConditionType::kStaleStock: {
      const std::int64_t days = (m.now - QuietSince(m.item)).micros() / kMicrosPerDay;
      return Comparison{days * 1000, t.stale_days ? t.stale_days->count : 0};
    }
    case ConditionType::kProjectedStockout: {
      const auto cover = m.Cover();
      if (!cover) return std::nullopt;
      return Comparison{cover->count, t.days_of_cover ? t.days_of_cover->count : 0};
    }
    case ConditionType::kVelocitySpike:
      return Comparison{m.velocity.thousandths(), m.outlook && t.velocity_spike_ratio
                                                      ? SpikeFrom(t, *m.outlook).thousandths()
                                                      : 0};
    default:
      return Comparison{m.shown.available().thousandths(), 0};
  }
}

std::optional<base::Instant> StaleAt(const Item& item, const Resolved& thresholds) {
  if (!thresholds.stale_days) return std::nullopt;
  return QuietSince(item) +
         base::Duration::Micros(thresholds.stale_days->count * (kMicrosPerDay / 1000));
}

Verdict JudgeCategory(const stock::Totals& totals, const Resolved& t) {
  Judge judge;
  if (!t.enabled || !t.low_share) {
    judge.Off(ConditionType::kCategoryLow);
    judge.Off(ConditionType::kCategoryOut);
    return judge.verdict();
  }
  const bool enough = totals.active >= kCategoryItemsMin;
  const bool low = enough && totals.low * 1000 >= t.low_share->count * totals.active;
  const bool out = enough && totals.out_of_stock == totals.active;
  judge.Set(ConditionType::kCategoryLow, low, !low);
  judge.Set(ConditionType::kCategoryOut, out, !out);
  return judge.verdict();
}

Comparison CompareCategory(const stock::Totals& totals, const Resolved& t, ConditionType type) {
  const std::int64_t part = type == ConditionType::kCategoryLow ? totals.low : totals.out_of_stock;
  const auto share =
      totals.active > 0
          ? static_cast<std::int64_t>(base::MultiplyDivideHalfEven(part, 1000, totals.active))
          : 0;
  const std::int64_t threshold = type == ConditionType::kCategoryOut ? 1000
                                 : t.low_share                       ? t.low_share->count
                                                                     : 0;
  return {share, threshold};
}

stock::Contribution ContributionOf(const Item& item, const stock::Shown& shown,
                                   const Resolved& thresholds,
                                   const std::optional<base::Money>& cost,
                                   const threshold::Bounds* dynamic) {
  stock::Contribution c;
  if (item.life == stock::Life::kRetired) return c;
  c.present = true;
  c.shown = shown;
  c.unopened = item.life == stock::Life::kUnopened;
  if (!c.unopened) {
    const auto& critical = dynamic ? dynamic->critical : thresholds.critical;
    const auto& low = dynamic ? dynamic->low : thresholds.low;
    const auto& max = dynamic ? dynamic->max : thresholds.max;
    const base::Quantity available = shown.available();
    c.active = !item.discontinued;
    c.out_of_stock = c.active && available <= kNothing;
    c.critical = c.active && critical && available <= *critical;
    c.low = c.active &&
            (c.out_of_stock || c.critical || (low && Compared(shown, thresholds.compare) <= *low));
    c.over = max && shown.on_hand > *max;
  }
  if (cost) {
    c.valued = true;
    c.currency = cost->currency;
    c.value = base::ValueOf(std::max(kNothing, shown.on_hand), cost->ten_thousandths);
  }
  return c;
}

bool Worse(ConditionType type, std::int64_t a, std::int64_t b) {
  switch (type) {
    case ConditionType::kOutOfStock:
    case ConditionType::kCriticalStock:
    case ConditionType::kLowStock:
    case ConditionType::kProjectedStockout:
    case ConditionType::kNegativeStock:
    case ConditionType::kOplogHeadroom:
      return a < b;
    case ConditionType::kOverstock:
    case ConditionType::kVelocitySpike:
    case ConditionType::kStaleStock:
    case ConditionType::kDrift:
    case ConditionType::kCategoryLow:
    case ConditionType::kCategoryOut:
    case ConditionType::kSourceSilent:
    case ConditionType::kSourceGap:
    case ConditionType::kUndeliverable:
    case ConditionType::kClock:
      return a > b;
  }
  return false;
}

}  // namespace stockwatch::alert
