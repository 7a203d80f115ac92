#include "domain/demand/rings.h"

#include <algorithm>
#include <utility>

#include "base/assertion.h"

namespace stockwatch::demand {
namespace {

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kMicrosPerDay = 24 * kMicrosPerHour;
constexpr std::int64_t kPiece = 1000;
constexpr std::int64_t kNarrowMax = 65'535;

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

bool IsNarrow(std::int64_t thousandths) {
  return thousandths % kPiece == 0 && thousandths / kPiece <= kNarrowMax;
}

// Of two amounts of at most kBucketMax.
std::int64_t Bounded(std::int64_t sum) {
  return std::clamp(sum, std::int64_t{0}, kBucketMax.thousandths());
}

}  // namespace

Hour HourOf(base::Instant at) {
  return FloorDivide(at.micros(), kMicrosPerHour);
}

Day DayOf(base::Instant at) {
  return static_cast<Day>(FloorDivide(at.micros(), kMicrosPerDay));
}

Day DayOf(Hour hour) {
  return static_cast<Day>(FloorDivide(hour, 24));
}

// The epoch was a Thursday.
Week WeekOf(Day day) {
  return static_cast<Week>(FloorDivide(std::int64_t{day} + 3, 7));
}

base::Instant BeginOf(Day day) {
  return base::Instant::Micros(day * kMicrosPerDay);
}

Rings::Rings(base::Instant now) : hour_(static_cast<std::uint32_t>(HourOf(now))) {
  SW_ASSERT(now >= base::Instant(), "source time begins with the epoch");
}

Rings Rings::Clone() const {
  Rings clone;
  clone.hour_ = hour_;
  clone.pieces_ = pieces_;
  clone.sold_ = sold_;
  if (!past_) return clone;
  clone.past_ = std::make_unique<Past>();
  clone.past_->pieces = past_->pieces;
  clone.past_->first_sale_day = past_->first_sale_day;
  clone.past_->without_stock = past_->without_stock;
  clone.past_->frozen = past_->frozen;
  if (past_->wide) clone.past_->wide = std::make_unique<Wide>(*past_->wide);
  return clone;
}

bool Rings::ReachesWeek(Week week) const {
  const Week present = WeekOf(day());
  return week >= 0 && week < present && week >= present - kWeeks;
}

Rings::Past& Rings::PastOf() {
  if (!past_) {
    const Day first = first_sale_day();
    past_ = std::make_unique<Past>();
    past_->first_sale_day = first;
  }
  return *past_;
}

void Rings::DaysChanged() {
  days_changed_ = true;
  planned_ = false;
}

void Rings::Widen() {
  auto wide = std::make_unique<Wide>();
  for (std::size_t slot = 0; slot < kHourSlots; ++slot) wide->hours[slot] = GetHour(slot);
  for (std::size_t slot = 0; slot < kPastSlots; ++slot) wide->past[slot] = GetPast(slot);
  PastOf().wide = std::move(wide);
  days_changed_ = true;  // a past is stored, if there was none
}

std::int64_t Rings::GetHour(std::size_t slot) const {
  return past_ && past_->wide ? past_->wide->hours[slot] : pieces_[slot] * kPiece;
}

std::int64_t Rings::GetPast(std::size_t slot) const {
  if (!past_) return 0;
  return past_->wide ? past_->wide->past[slot] : past_->pieces[slot] * kPiece;
}

void Rings::SetHour(std::size_t slot, std::int64_t thousandths) {
  if (!IsNarrow(thousandths) && (!past_ || !past_->wide)) Widen();
  if (past_ && past_->wide) {
    past_->wide->hours[slot] = thousandths;
  } else {
    pieces_[slot] = static_cast<std::uint16_t>(thousandths / kPiece);
  }
}

void Rings::SetPast(std::size_t slot, std::int64_t thousandths) {
  Past& past = PastOf();
  if (!IsNarrow(thousandths) && !past.wide) Widen();
  if (past.wide) {
    past.wide->past[slot] = thousandths;
  } else {
    past.pieces[slot] = static_cast<std::uint16_t>(thousandths / kPiece);
  }
}

std::int64_t Rings::SumOfDay(Day day) const {
  std::int64_t sum = 0;
  const Hour first = Hour{day} * 24;
  for (Hour hour = first; hour < first + 24 && hour <= hour_; ++hour) {
    sum = Bounded(sum + GetHour(SlotOfHour(hour)));
  }
  return sum;
}

// REQUIRES: the week in progress
std::int64_t Rings::SumOfWeek(Week week) const {
  std::int64_t sum = SumOfDay(day());
  for (Day day = this->day() - 1; day >= 0 && WeekOf(day) == week; --day) {
    sum = Bounded(sum + GetPast(SlotOfDay(day)));
  }
  return sum;
}

// The day in progress is complete, and those up to `next` pass without a sale.
void Rings::CloseDays(Day next, Stock had_stock) {
  const Day last = day();
  const Week week = WeekOf(last);
  if (!past_ && !sold_ && had_stock == Stock::kAvailable) return;  // nothing to remember
  Past& past = PastOf();
  if (WeekOf(next) > week) {
    const std::int64_t sold = SumOfWeek(week);
    for (Week empty = std::max(week, WeekOf(next) - kWeeks); empty < WeekOf(next); ++empty) {
      SetPast(SlotOfWeek(empty), empty == week ? sold : 0);
    }
  }
  const std::int64_t sold = SumOfDay(last);
  for (Day day = std::max(last, next - kDays); day < next; ++day) {
    SetPast(SlotOfDay(day), day == last ? sold : 0);
    const std::uint32_t bit = 1u << SlotOfDay(day);
    past.without_stock =
        had_stock == Stock::kNone ? past.without_stock | bit : past.without_stock & ~bit;
    past.frozen &= ~bit;
  }
  DaysChanged();
}

void Rings::AdvanceTo(base::Instant now, Stock had_stock) {
  const Hour next = HourOf(now);
  if (next <= hour_) return;
  if (DayOf(next) > day()) CloseDays(DayOf(next), had_stock);
  for (Hour hour = std::max<Hour>(Hour{hour_} + 1, next - kHours); hour <= next; ++hour) {
    SetHour(SlotOfHour(hour), 0);
  }
  hour_ = static_cast<std::uint32_t>(next);
  hours_changed_ = true;
}

void Rings::AddAt(base::Instant at, std::int64_t thousandths) {
  const Hour hour = HourOf(at);
  SW_ASSERT(hour <= hour_, "a sale after the present");
  if (hour >= 0 && hour >= Hour{hour_} - kHours) {
    const std::size_t slot = SlotOfHour(hour);
    SetHour(slot, Bounded(GetHour(slot) + thousandths));
    if (hour != hour_) hours_changed_ = true;
  }
  const Day day = DayOf(hour);
  if (day == this->day()) return;
  if (Reaches(day)) SetPast(SlotOfDay(day), Bounded(GetPast(SlotOfDay(day)) + thousandths));
  if (const Week week = WeekOf(day); ReachesWeek(week)) {
    SetPast(SlotOfWeek(week), Bounded(GetPast(SlotOfWeek(week)) + thousandths));
  }
  DaysChanged();
}

void Rings::AddSale(base::Instant at, base::Quantity quantity) {
  AddAt(at, Bounded(quantity.thousandths()));
  const Day day = DayOf(at);
  if (!past_ && day == this->day()) {
    sold_ = true;
    return;
  }
  Past& past = PastOf();
  if (day >= past.first_sale_day) return;
  past.first_sale_day = day;
  DaysChanged();
}

void Rings::TakeBackSale(base::Instant at, base::Quantity quantity) {
  AddAt(at, -Bounded(quantity.thousandths()));
}

void Rings::SetFirstSaleDay(Day day) {
  if (day == first_sale_day()) return;
  if (!past_ && day == kNoDay) {
    sold_ = false;
    return;
  }
  PastOf().first_sale_day = day;
  DaysChanged();
}

void Rings::SetEnd(Day day, Stock stock) {
  if (!Reaches(day) || (!past_ && stock == Stock::kAvailable)) return;
  Past& past = PastOf();
  const std::uint32_t bit = 1u << SlotOfDay(day);
  const std::uint32_t before = past.without_stock;
  past.without_stock = stock == Stock::kNone ? before | bit : before & ~bit;
  if (past.without_stock != before) DaysChanged();
}

void Rings::Freeze(Day day) {
  if (!Reaches(day) || IsFrozen(day)) return;
  PastOf().frozen |= 1u << SlotOfDay(day);
  DaysChanged();
}

std::optional<Rings::Plan> Rings::plan() const {
  if (!past_ || !planned_) return std::nullopt;
  Plan plan;
  if (past_->daily != kNone) plan.daily = base::Quantity::Thousandths(past_->daily);
  if (past_->low != kNone) plan.low = base::Quantity::Thousandths(past_->low);
  return plan;
}

void Rings::KeepPlan(const Plan& plan) {
  if (!past_) {
    (void)PastOf();
    days_changed_ = true;
  }
  past_->daily = plan.daily ? plan.daily->thousandths() : kNone;
  past_->low = plan.low ? plan.low->thousandths() : kNone;
  planned_ = true;
}

base::Quantity Rings::InHour(Hour hour) const {
  if (hour < 0 || hour > hour_ || hour < Hour{hour_} - kHours) return {};
  return base::Quantity::Thousandths(GetHour(SlotOfHour(hour)));
}

base::Quantity Rings::InDay(Day day) const {
  if (day == this->day()) return base::Quantity::Thousandths(SumOfDay(day));
  return Reaches(day) ? base::Quantity::Thousandths(GetPast(SlotOfDay(day))) : base::Quantity();
}

base::Quantity Rings::InWeek(Week week) const {
  if (week == WeekOf(day())) return base::Quantity::Thousandths(SumOfWeek(week));
  return ReachesWeek(week) ? base::Quantity::Thousandths(GetPast(SlotOfWeek(week)))
                           : base::Quantity();
}

base::Quantity Rings::Velocity() const {
  base::Quantity units;
  for (Hour hour = Hour{hour_} - 23; hour <= hour_; ++hour) units += InHour(hour);
  return units;
}

bool Rings::Teaches(Day day) const {
  if (!Reaches(day) || IsFrozen(day)) return false;
  return !EndedWithoutStock(day) || GetPast(SlotOfDay(day)) != 0;
}

bool Rings::operator==(const Rings& other) const {
  if (hour_ != other.hour_ || first_sale_day() != other.first_sale_day()) return false;
  for (std::size_t slot = 0; slot < kHourSlots; ++slot) {
    if (GetHour(slot) != other.GetHour(slot)) return false;
  }
  for (std::size_t slot = 0; slot < kPastSlots; ++slot) {
    if (GetPast(slot) != other.GetPast(slot)) return false;
  }
  for (Day day = this->day() - kDays; day < this->day(); ++day) {
    if (EndedWithoutStock(day) != other.EndedWithoutStock(day)) return false;
    if (IsFrozen(day) != other.IsFrozen(day)) return false;
  }
  return true;
}

}  // namespace stockwatch::demand
