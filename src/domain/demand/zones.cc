#include "domain/demand/zones.h"

#include <algorithm>

#include "domain/demand/fixed_point.h"

namespace stockwatch::demand {
namespace {

base::Quantity Times(base::Quantity quantity, event::Thousandths factor) {
  return QuantityOf(
      DivideHalfEven(MultiplyBounded(Positive(quantity), Positive(factor.count)), 1000));
}

}  // namespace

Zones ZonesOf(base::Quantity daily, event::Thousandths lead_time_days,
              const BufferProfile& profile) {
  Zones zones;
  zones.yellow = Times(daily, lead_time_days);
  const base::Quantity base = Times(zones.yellow, profile.lead_time_factor);
  zones.red = base + Times(base, profile.variability_factor);
  zones.green = std::max(
      {base, Times(daily, profile.order_cycle_days), profile.moq.value_or(base::Quantity())});
  return zones;
}

std::string_view Name(Zone zone) {
  switch (zone) {
    case Zone::kOut:
      return "out";
    case Zone::kRed:
      return "red";
    case Zone::kYellow:
      return "yellow";
    case Zone::kGreen:
      return "green";
    case Zone::kAbove:
      return "above";
  }
  return "unknown";
}

Zone ZoneOf(const Zones& zones, base::Quantity position) {
  if (position <= base::Quantity()) return Zone::kOut;
  if (position <= zones.top_of_red()) return Zone::kRed;
  if (position <= zones.top_of_yellow()) return Zone::kYellow;
  if (position <= zones.top_of_green()) return Zone::kGreen;
  return Zone::kAbove;
}

}  // namespace stockwatch::demand
