#include "domain/demand/forecast.h"

#include <algorithm>
#include <array>
#include <span>

#include "domain/demand/fixed_point.h"

namespace stockwatch::demand {
namespace {

// 10^9 · 0.9^age, half to even.
constexpr std::array<std::uint32_t, kWeeks> kWeights{
    1'000'000'000, 900'000'000, 810'000'000, 729'000'000, 656'100'000, 590'490'000, 531'441'000,
    478'296'900,   430'467'210, 387'420'489, 348'678'440, 313'810'596, 282'429'536, 254'186'583,
    228'767'925,   205'891'132, 185'302'019, 166'771'817, 150'094'635, 135'085'172, 121'576'655,
    109'418'989,   98'477'090,  88'629'381,  79'766'443,  71'789'799,  64'610'819,  58'149'737,
    52'334'763,    47'101'287,  42'391'158,  38'152'042,  34'336'838,  30'903'154,  27'812'839,
    25'031'555,    22'528'400,  20'275'560,  18'248'004,  16'423'203,  14'780'883,  13'302'795,
    11'972'515,    10'775'264,  9'697'737,   8'727'964,   7'855'167,   7'069'650,   6'362'685,
    5'726'417,     5'153'775,   4'638'398,   4'174'558};

// What one bucket taught.
struct Lesson {
  Unsigned128 weight = 0;
  std::int64_t sold = 0;  // thousandths
};

struct Lessons {
  std::array<Lesson, kWeeks> list;
  std::size_t count = 0;
  void Add(int age, base::Quantity sold) {
    list[count++] = {kWeights[static_cast<std::size_t>(age)], sold.thousandths()};
  }
};

// Σ w (x − centre)² ÷ Σ w ÷ parts, its root.
base::Quantity DeviationOf(const Lessons& lessons, std::int64_t centre, unsigned parts) {
  Unsigned128 squares = 0;
  Unsigned128 weights = 0;
  for (std::size_t i = 0; i < lessons.count; ++i) {
    const auto [weight, sold] = lessons.list[i];
    const auto distance = static_cast<Unsigned128>(sold > centre ? sold - centre : centre - sold);
    squares += weight * distance * distance;
    weights += weight;
  }
  return QuantityOf(RootHalfEven(squares, weights * parts));
}

// Σ w² ÷ (Σ w)² ÷ parts.
constexpr event::Thousandths DoubtOf(std::span<const Lesson> lessons, unsigned parts) {
  Unsigned128 squares = 0;
  Unsigned128 weights = 0;
  for (const Lesson& lesson : lessons) {
    squares += lesson.weight * lesson.weight;
    weights += lesson.weight;
  }
  return {Figure(DivideHalfEven(squares * 1000, weights * weights * parts))};
}

// Weeks scatter as seven days do, so the doubt of their mean is a seventh of theirs; that of all
// weeks, however few are known. docs/adr/0008.
constexpr event::Thousandths kDoubtOfWeeks = [] {
  std::array<Lesson, kWeeks> all{};
  for (std::size_t age = 0; age < all.size(); ++age) all[age].weight = kWeights[age];
  return DoubtOf(all, 7);
}();

// Σ w x ÷ Σ w ÷ parts.
base::Quantity MeanOf(const Lessons& lessons, unsigned parts) {
  Unsigned128 sum = 0;
  Unsigned128 weights = 0;
  for (std::size_t i = 0; i < lessons.count; ++i) {
    sum += lessons.list[i].weight * static_cast<Unsigned128>(lessons.list[i].sold);
    weights += lessons.list[i].weight;
  }
  return QuantityOf(DivideHalfEven(sum, weights * parts));
}

// Sizes of the sale days and the gaps before them, counted in teaching days; the first one's from
// where teaching begins.
struct Croston {
  Unsigned128 sizes = 0;  // Σ w z
  Unsigned128 gaps = 0;   // Σ w p
  int sale_days = 0;
  int days = 0;  // up to the last sale day

  explicit Croston(const Lessons& days_taught) {
    int last = 0;
    for (std::size_t i = 0; i < days_taught.count; ++i) {
      const auto [weight, sold] = days_taught.list[i];
      if (sold == 0) continue;
      days = static_cast<int>(i) + 1;
      sizes += weight * static_cast<Unsigned128>(sold);
      gaps += weight * static_cast<Unsigned128>(days - last);
      last = days;
      ++sale_days;
    }
  }
  bool IsIntermittent() const {
    return std::int64_t{days} * 1000 >= kIntermittentIntervalThousandths * sale_days;
  }
  // 1 − α/2 of the weights' α = 0.1. Source: Syntetos, Boylan, "The accuracy of intermittent demand
  // estimates", International Journal of Forecasting 21 (2005).
  base::Quantity Daily() const { return QuantityOf(DivideHalfEven(sizes * 95, gaps * 100)); }
};

Lessons DaysTaught(const Rings& rings, Day first, Day day) {
  Lessons lessons;
  for (Day taught = std::max(first, rings.day() - kDays); taught < day; ++taught) {
    if (rings.Teaches(taught)) lessons.Add(day - 1 - taught, rings.InDay(taught));
  }
  return lessons;
}

// Complete weeks of which no day lies before the item was first seen.
Lessons WeeksTaught(const Rings& rings, Day first, Day day) {
  Lessons lessons;
  const Week present = WeekOf(day);
  const Week since = WeekOf(first + 6);
  for (Week week = std::max(since, WeekOf(rings.day()) - kWeeks); week < present; ++week) {
    lessons.Add(present - 1 - week, rings.InWeek(week));
  }
  return lessons;
}

}  // namespace

std::string_view Name(Pattern pattern) {
  switch (pattern) {
    case Pattern::kSmooth:
      return "smooth";
    case Pattern::kIntermittent:
      return "intermittent";
    case Pattern::kSparse:
      return "sparse";
  }
  return "unknown";
}

std::optional<Forecast> ForecastOf(const Rings& rings, std::optional<Day> opened, Day day) {
  if (!rings.HasSale()) return std::nullopt;
  const Day first = std::min(rings.first_sale_day(), opened.value_or(rings.first_sale_day()));
  const Lessons days = DaysTaught(rings, first, day);
  if (days.count < kTeachingDaysMin) return std::nullopt;
  const Croston croston(days);
  Forecast forecast;
  forecast.teaching_days = static_cast<std::uint8_t>(days.count);
  forecast.sale_days = static_cast<std::uint8_t>(croston.sale_days);
  if (croston.sale_days < kSaleDaysMin) {
    forecast.pattern = Pattern::kSparse;
    const Lessons weeks = WeeksTaught(rings, first, day);
    if (weeks.count == 0) return std::nullopt;
    forecast.daily = MeanOf(weeks, 7);
    forecast.deviation = DeviationOf(weeks, forecast.daily.thousandths() * 7, 7);
    forecast.doubt = kDoubtOfWeeks;
    return forecast;
  }
  forecast.pattern = croston.IsIntermittent() ? Pattern::kIntermittent : Pattern::kSmooth;
  forecast.daily = forecast.pattern == Pattern::kSmooth ? MeanOf(days, 1) : croston.Daily();
  forecast.deviation = DeviationOf(days, forecast.daily.thousandths(), 1);
  forecast.doubt = DoubtOf({days.list.data(), days.count}, 1);
  return forecast;
}

}  // namespace stockwatch::demand
