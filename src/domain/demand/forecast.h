#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/quantity.h"
#include "domain/demand/rings.h"
#include "domain/event/rule.h"

namespace stockwatch::demand {

// How an item sells, and so how it is forecast.
enum class Pattern : std::uint8_t {
  kSmooth,        // weighted mean of its days
  kIntermittent,  // size of a sale day ÷ interval between them, after Syntetos and Boylan
  kSparse,        // weighted mean of its weeks
};
std::string_view Name(Pattern pattern);

// What is expected to be sold of an item, without its season.
struct Forecast {
  base::Quantity daily;      // d: a day
  base::Quantity deviation;  // σ_d: standard deviation of a day
  Pattern pattern = Pattern::kSmooth;
  std::uint8_t teaching_days = 0;
  std::uint8_t sale_days = 0;  // among them
  // How little `daily` itself is known: its variance in variances of a day, Σw² ÷ (Σw)² of the
  // weights that it was learnt with.
  event::Thousandths doubt{0};

  bool operator==(const Forecast&) const = default;
};

inline constexpr int kTeachingDaysMin = 14;
inline constexpr int kSaleDaysMin = 8;
// Source: Syntetos, Boylan, Croston, "On the categorization of demand patterns", Journal of the
// Operational Research Society 56 (2005).
inline constexpr std::int64_t kIntermittentIntervalThousandths = 1320;

// The one function that forecasts: a better method replaces it, measured on data that did not
// choose it. From the complete days (or weeks) before `day` that teach, since the item was first
// seen: its first sale, or `opened` if that is earlier. nullopt: fewer than kTeachingDaysMin, or it
// never sold.
// `day`: the one in progress, or the one before: then what the last day taught is left away.
// Domain page, section 6; docs/adr/0005.
std::optional<Forecast> ForecastOf(const Rings& rings, std::optional<Day> opened, Day day);

}  // namespace stockwatch::demand
