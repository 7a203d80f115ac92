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

bool Rings::ReachesWeek(Week week) const {
  const Week present = WeekOf(day());
  return week >= 0 && week < present && week >= present - kWeeks;
}

std::int64_t Rings::Get(int slot) const {
  const auto index = static_cast<std::size_t>(slot);
  return wide_ ? (*wide_)[index] : pieces_[index] * kPiece;
}

void Rings::Widen() {
  auto wide = std::make_unique<Wide>();
  for (int slot = 0; slot < kBuckets; ++slot) (*wide)[static_cast<std::size_t>(slot)] = Get(slot);
  wide_ = std::move(wide);
}

void Rings::Set(int slot, std::int64_t thousandths) {
  const auto index = static_cast<std::size_t>(slot);
  if (!wide_ && (thousandths % kPiece != 0 || thousandths / kPiece > kNarrowMax)) Widen();
  if (wide_) {
    (*wide_)[index] = thousandths;
  } else {
    pieces_[index] = static_cast<std::uint16_t>(thousandths / kPiece);
  }
}

void Rings::Add(int slot, std::int64_t thousandths) {
  Set(slot, Bounded(Get(slot) + thousandths));
}

std::int64_t Rings::SumOfDay(Day day) const {
  std::int64_t sum = 0;
  const Hour first = Hour{day} * 24;
  for (Hour hour = first; hour < first + 24 && hour <= hour_; ++hour) {
    sum = Bounded(sum + Get(SlotOfHour(hour)));
  }
  return sum;
}

// REQUIRES: the week in progress
std::int64_t Rings::SumOfWeek(Week week) const {
  std::int64_t sum = SumOfDay(day());
  for (Day day = this->day() - 1; day >= 0 && WeekOf(day) == week; --day) {
    sum = Bounded(sum + Get(SlotOfDay(day)));
  }
  return sum;
}

// The day in progress is complete, and those up to `next` pass without a sale.
void Rings::CloseDays(Day next, Stock had_stock) {
  const Day last = day();
  const Week week = WeekOf(last);
  if (WeekOf(next) > week) {
    const std::int64_t sold = SumOfWeek(week);
    for (Week empty = std::max(week, WeekOf(next) - kWeeks); empty < WeekOf(next); ++empty) {
      Set(SlotOfWeek(empty), 0);
    }
    if (week >= WeekOf(next) - kWeeks) Set(SlotOfWeek(week), sold);
  }
  const std::int64_t sold = SumOfDay(last);
  for (Day day = std::max(last, next - kDays); day < next; ++day) {
    Set(SlotOfDay(day), day == last ? sold : 0);
    const std::uint32_t bit = 1u << day % kDays;
    without_stock_ = had_stock == Stock::kNone ? without_stock_ | bit : without_stock_ & ~bit;
    frozen_ &= ~bit;
  }
  days_changed_ = true;
}

void Rings::AdvanceTo(base::Instant now, Stock had_stock) {
  const Hour next = HourOf(now);
  if (next <= hour_) return;
  if (DayOf(next) > day()) CloseDays(DayOf(next), had_stock);
  for (Hour hour = std::max<Hour>(hour_ + 1, next - kHours); hour <= next; ++hour) {
    Set(SlotOfHour(hour), 0);
  }
  hour_ = static_cast<std::uint32_t>(next);
}

void Rings::AddAt(base::Instant at, std::int64_t thousandths) {
  const Hour hour = HourOf(at);
  SW_ASSERT(hour <= hour_, "a sale after the present");
  if (hour >= 0 && hour >= Hour{hour_} - kHours) Add(SlotOfHour(hour), thousandths);
  const Day day = DayOf(hour);
  if (day == this->day()) return;
  if (Reaches(day)) Add(SlotOfDay(day), thousandths);
  if (const Week week = WeekOf(day); ReachesWeek(week)) Add(SlotOfWeek(week), thousandths);
  days_changed_ = true;
}

void Rings::AddSale(base::Instant at, base::Quantity quantity) {
  AddAt(at, Bounded(quantity.thousandths()));
  const Day day = DayOf(at);
  if (day >= first_sale_day_) return;
  first_sale_day_ = day;
  days_changed_ = true;
}

void Rings::TakeBackSale(base::Instant at, base::Quantity quantity) {
  AddAt(at, -Bounded(quantity.thousandths()));
}

void Rings::SetEnd(Day day, Stock stock) {
  if (!Reaches(day)) return;
  const std::uint32_t bit = 1u << day % kDays;
  const std::uint32_t before = without_stock_;
  without_stock_ = stock == Stock::kNone ? without_stock_ | bit : without_stock_ & ~bit;
  days_changed_ = days_changed_ || without_stock_ != before;
}

void Rings::Freeze(Day day) {
  if (!Reaches(day) || IsFrozen(day)) return;
  frozen_ |= 1u << day % kDays;
  days_changed_ = true;
}

base::Quantity Rings::InHour(Hour hour) const {
  if (hour < 0 || hour > hour_ || hour < Hour{hour_} - kHours) return {};
  return base::Quantity::Thousandths(Get(SlotOfHour(hour)));
}

base::Quantity Rings::InDay(Day day) const {
  if (day == this->day()) return base::Quantity::Thousandths(SumOfDay(day));
  return Reaches(day) ? base::Quantity::Thousandths(Get(SlotOfDay(day))) : base::Quantity();
}

base::Quantity Rings::InWeek(Week week) const {
  if (week == WeekOf(day())) return base::Quantity::Thousandths(SumOfWeek(week));
  return ReachesWeek(week) ? base::Quantity::Thousandths(Get(SlotOfWeek(week))) : base::Quantity();
}

base::Quantity Rings::Velocity() const {
  base::Quantity units;
  for (Hour hour = Hour{hour_} - 23; hour <= hour_; ++hour) units += InHour(hour);
  return units;
}

bool Rings::Teaches(Day day) const {
  if (!Reaches(day) || IsFrozen(day)) return false;
  return !EndedWithoutStock(day) || Get(SlotOfDay(day)) != 0;
}

bool Rings::operator==(const Rings& other) const {
  if (hour_ != other.hour_ || first_sale_day_ != other.first_sale_day_) return false;
  if (without_stock_ != other.without_stock_ || frozen_ != other.frozen_) return false;
  for (int slot = 0; slot < kBuckets; ++slot) {
    if (Get(slot) != other.Get(slot)) return false;
  }
  return true;
}

}  // namespace stockwatch::demand
