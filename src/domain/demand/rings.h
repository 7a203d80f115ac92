#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

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
// the present touches one bucket and the first cache line. Buckets hold whole pieces up to 65,535;
// an item that sells parts of pieces, or more, takes to a wide form.
class Rings {
 public:
  // Begins at that moment of source time, nothing known before it.
  explicit Rings(base::Instant now);
  Rings() : Rings(base::Instant()) {}
  Rings(Rings&&) = default;
  Rings& operator=(Rings&&) = default;

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

  // How a complete day ended, as history says now; days outside the ring are ignored.
  void SetEnd(Day day, Stock stock);
  // The day lies in a frozen interval and teaches nothing.
  void Freeze(Day day);

  Hour hour() const { return hour_; }
  // The day in progress.
  Day day() const { return DayOf(Hour{hour_}); }
  // The earliest day that a sale was done on, whether the rings still reach it or not.
  Day first_sale_day() const { return first_sale_day_; }
  bool HasSale() const { return first_sale_day_ != kNoDay; }

  // What was sold; nothing outside of the ring. The day and week in progress count up to now.
  base::Quantity InHour(Hour hour) const;
  base::Quantity InDay(Day day) const;
  base::Quantity InWeek(Week week) const;
  // Units of the hour in progress and the 23 before.
  base::Quantity Velocity() const;
  bool EndedWithoutStock(Day day) const { return Has(without_stock_, day); }
  bool IsFrozen(Day day) const { return Has(frozen_, day); }
  // A complete day from which demand can be learnt: not frozen, and not one that sold nothing
  // because there was nothing to sell.
  bool Teaches(Day day) const;

  // Whether what changes only with days changed since the last call: what is stored of it is old.
  bool TakeDaysChanged() { return std::exchange(days_changed_, false); }
  bool days_changed() const { return days_changed_; }

  bool operator==(const Rings& other) const;

 private:
  static constexpr Day kNoDay = 0x7FFFFFFF;
  // Buckets of all three rings, one behind the other.
  static constexpr int kFirstDay = kHours + 1;
  static constexpr int kFirstWeek = kFirstDay + kDays;
  static constexpr int kBuckets = kFirstWeek + kWeeks;
  using Wide = std::array<std::int64_t, kBuckets>;  // thousandths

  static int SlotOfHour(Hour hour) { return static_cast<int>(hour % (kHours + 1)); }
  static int SlotOfDay(Day day) { return kFirstDay + day % kDays; }
  static int SlotOfWeek(Week week) { return kFirstWeek + week % kWeeks; }

  // Complete ones that the ring reaches.
  bool Reaches(Day day) const {
    return day >= 0 && day < this->day() && day >= this->day() - kDays;
  }
  bool ReachesWeek(Week week) const;
  bool Has(std::uint32_t bits, Day day) const { return Reaches(day) && (bits >> day % kDays & 1); }

  std::int64_t Get(int slot) const;
  void Set(int slot, std::int64_t thousandths);
  void Add(int slot, std::int64_t thousandths);
  void AddAt(base::Instant at, std::int64_t thousandths);
  void Widen();
  std::int64_t SumOfDay(Day day) const;
  std::int64_t SumOfWeek(Week week) const;
  void CloseDays(Day next, Stock had_stock);

  alignas(64) std::uint32_t hour_ = 0;
  bool days_changed_ = false;
  std::unique_ptr<Wide> wide_;                    // instead of the pieces
  std::array<std::uint16_t, kBuckets> pieces_{};  // hours first: they lie beside the head
  Day first_sale_day_ = kNoDay;
  std::uint32_t without_stock_ = 0;  // bit day % 28: the day ended with nothing available
  std::uint32_t frozen_ = 0;
};
static_assert(sizeof(Rings) == 256, "four cache lines; the head and the hours are the first");

}  // namespace stockwatch::demand
