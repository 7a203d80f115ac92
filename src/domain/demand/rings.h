#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/instant.h"
#include "base/quantity.h"

namespace stockwatch::demand {

// Hours, days and ISO weeks since the Unix epoch, by number. Days begin at 00:00 UTC, weeks on
// Monday.
using Hour = std::int64_t;
using Day = std::int32_t;
using Week = std::int32_t;

Hour HourOf(base::Instant at);
Day DayOf(base::Instant at);
Day DayOf(Hour hour);
Week WeekOf(Day day);
base::Instant BeginOf(Day day);

// How far the rings reach back: complete buckets beside the one in progress.
inline constexpr int kHours = 24;
inline constexpr int kDays = 28;
inline constexpr int kWeeks = 53;

// A bucket that would grow beyond it stays there: ten thousand million pieces, ten times the
// largest quantity of one sale.
inline constexpr base::Quantity kBucketMax = base::Quantity::Pieces(10'000'000'000);

// What of an item was sold when, gross of returns, relative to source time, and which of its days
// can't teach what it sells. A sum of whole numbers: the same sales in any order give the same
// rings. Domain page, section 6.
//
// The day and the week in progress are sums of the hours and days before them, so that a sale of
// the present touches one bucket of one cache line; what is older stands apart and is there from
// the first complete day on. Buckets hold whole pieces up to 65,535; an item that sells parts of
// pieces, or more, takes to a wide form.
class Rings {
 public:
  // Begins at that moment of source time, nothing known before it.
  explicit Rings(base::Instant now);
  Rings() : Rings(base::Instant()) {}
  Rings(Rings&&) = default;
  Rings& operator=(Rings&&) = default;
  Rings Clone() const;

  // Source time passes; an earlier moment changes nothing. `had_stock`: whether anything was
  // available from the last moment that the rings know up to `now`: what was in between decides
  // how the days ended.
  enum class Stock : std::uint8_t { kAvailable, kNone };
  void AdvanceTo(base::Instant now, Stock had_stock);

  // A sale that was done at `at`; what is older than every ring counts as first seen only.
  // REQUIRES: the rings stand at a moment that is not before it
  void AddSale(base::Instant at, base::Quantity quantity);
  // A sale that is none any more (its item turns out to have been retired by then).
  void TakeBackSale(base::Instant at, base::Quantity quantity);
  // After sales were taken back: the day of the first that is left; kNoDay: there is none.
  void SetFirstSaleDay(Day day);

  // How a complete day ended, as history says now; days outside the ring are ignored.
  void SetEnd(Day day, Stock stock);
  // The day lies in a frozen interval and teaches nothing.
  void Freeze(Day day);

  Hour hour() const { return hour_; }
  // The day in progress.
  Day day() const { return DayOf(Hour{hour_}); }
  // Something is known of days before the one in progress.
  bool HasPast() const { return past_ != nullptr; }
  bool HasSale() const { return past_ ? past_->first_sale_day != kNoDay : sold_; }
  // The earliest day that a sale was done on, whether the rings still reach it or not; kNoDay:
  // none.
  Day first_sale_day() const {
    if (past_) return past_->first_sale_day;
    return sold_ ? day() : kNoDay;
  }
  static constexpr Day kNoDay = 0x7FFFFFFF;

  // What was sold; nothing outside of the ring. The day and week in progress count up to now.
  base::Quantity InHour(Hour hour) const;
  base::Quantity InDay(Day day) const;
  base::Quantity InWeek(Week week) const;
  // Units of the hour in progress and the 23 before.
  base::Quantity Velocity() const;
  bool EndedWithoutStock(Day day) const { return past_ && Has(past_->without_stock, day); }
  bool IsFrozen(Day day) const { return past_ && Has(past_->frozen, day); }
  // A complete day from which demand can be learnt: not frozen, and not one that sold nothing
  // because there was nothing to sell.
  bool Teaches(Day day) const;

  // Whether what changes only with days changed since the last call: what is stored of it is old.
  bool TakeDaysChanged() {
    const bool changed = days_changed_;
    days_changed_ = false;
    return changed;
  }
  bool days_changed() const { return days_changed_; }
  // The same of the complete hours.
  bool TakeHoursChanged() {
    const bool changed = hours_changed_;
    hours_changed_ = false;
    return changed;
  }

  // What follows from the days, kept until they change for whoever judges the item: demand of a day
  // without its season, and the dynamic `low`; none: there is none.
  struct Plan {
    std::optional<base::Quantity> daily;
    std::optional<base::Quantity> low;
  };
  std::optional<Plan> plan() const;
  void KeepPlan(const Plan& plan);
  void ForgetPlan() { planned_ = false; }

  bool operator==(const Rings& other) const;

 private:
  friend class RingCodec;
  // Buckets of all three rings, one behind the other.
  static constexpr int kHourSlots = kHours + 1;
  static constexpr int kFirstWeek = kDays;
  static constexpr int kPastSlots = kDays + kWeeks;
  struct Wide {  // thousandths
    std::array<std::int64_t, kHourSlots> hours{};
    std::array<std::int64_t, kPastSlots> past{};
  };
  struct Past {
    std::array<std::uint16_t, kPastSlots> pieces{};
    Day first_sale_day = kNoDay;
    std::uint32_t without_stock = 0;  // bit day % 28: the day ended with nothing available
    std::uint32_t frozen = 0;
    std::int64_t daily = kNone;  // of the plan
    std::int64_t low = kNone;
    std::unique_ptr<Wide> wide;  // instead of all pieces
  };
  static constexpr std::int64_t kNone = -1;

  static std::size_t SlotOfHour(Hour hour) { return static_cast<std::size_t>(hour % kHourSlots); }
  static std::size_t SlotOfDay(Day day) { return static_cast<std::size_t>(day % kDays); }
  static std::size_t SlotOfWeek(Week week) {
    return static_cast<std::size_t>(kFirstWeek) + static_cast<std::size_t>(week % kWeeks);
  }

  // Complete ones that the ring reaches.
  bool Reaches(Day day) const {
    return day >= 0 && day < this->day() && day >= this->day() - kDays;
  }
  bool ReachesWeek(Week week) const;
  bool Has(std::uint32_t bits, Day day) const { return Reaches(day) && (bits >> day % kDays & 1); }

  Past& PastOf();
  void DaysChanged();
  void Widen();
  std::int64_t GetHour(std::size_t slot) const;
  void SetHour(std::size_t slot, std::int64_t thousandths);
  std::int64_t GetPast(std::size_t slot) const;
  void SetPast(std::size_t slot, std::int64_t thousandths);
  void AddAt(base::Instant at, std::int64_t thousandths);
  std::int64_t SumOfDay(Day day) const;
  std::int64_t SumOfWeek(Week week) const;
  void CloseDays(Day next, Stock had_stock);

  alignas(64) std::uint32_t hour_ = 0;
  std::array<std::uint16_t, kHourSlots> pieces_{};
  bool sold_ : 1 = false;  // where there is no past: something was sold on this day
  bool days_changed_ : 1 = false;
  bool hours_changed_ : 1 = false;
  bool planned_ : 1 = false;
  std::unique_ptr<Past> past_;
};
static_assert(sizeof(Rings) == 64, "a sale of the present touches one cache line");

}  // namespace stockwatch::demand
