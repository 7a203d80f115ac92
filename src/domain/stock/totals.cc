#include "domain/stock/totals.h"

#include <algorithm>
#include <tuple>

namespace stockwatch::stock {

void Totals::Count(const Contribution& c, std::int64_t sign) {
  if (!c.present) return;
  items += sign;
  unopened += sign * (c.unopened ? 1 : 0);
  active += sign * (c.active ? 1 : 0);
  out_of_stock += sign * (c.out_of_stock ? 1 : 0);
  critical += sign * (c.critical ? 1 : 0);
  low += sign * (c.low ? 1 : 0);
  over += sign * (c.over ? 1 : 0);
  if (sign > 0) {
    on_hand += c.shown.on_hand;
    reserved += c.shown.reserved;
    inbound += c.shown.inbound;
  } else {
    on_hand -= c.shown.on_hand;
    reserved -= c.shown.reserved;
    inbound -= c.shown.inbound;
  }
  if (c.valued) {
    AddValue(c.currency, sign * c.value, sign);
  } else {
    not_valued += sign;
  }
}

void Totals::Change(const Contribution& before, const Contribution& after) {
  // Most changes of stock change nothing but how much there is.
  const bool moved = before.present && after.present && !before.valued && !after.valued;
  const auto counts = [](const Contribution& c) {
    return std::tuple(c.unopened, c.active, c.out_of_stock, c.critical, c.low, c.over);
  };
  if (!moved || counts(before) != counts(after)) {
    Remove(before);
    Add(after);
    return;
  }
  on_hand += after.shown.on_hand - before.shown.on_hand;
  reserved += after.shown.reserved - before.shown.reserved;
  inbound += after.shown.inbound - before.shown.inbound;
}

void Totals::AddValue(base::Currency currency, base::Int128 amount, std::int64_t count) {
  auto place = std::lower_bound(
      values.begin(), values.end(), currency,
      [](const Value& value, base::Currency name) { return value.currency < name; });
  if (place == values.end() || place->currency != currency) {
    place = values.insert(place, {currency, 0, 0});
  }
  place->ten_thousandths += amount;
  place->items += count;
  if (place->items == 0 && place->ten_thousandths == 0) values.erase(place);
}

void Totals::Add(const Totals& other) {
  items += other.items;
  unopened += other.unopened;
  active += other.active;
  out_of_stock += other.out_of_stock;
  critical += other.critical;
  low += other.low;
  over += other.over;
  not_valued += other.not_valued;
  on_hand += other.on_hand;
  reserved += other.reserved;
  inbound += other.inbound;
  for (const Value& value : other.values) {
    AddValue(value.currency, value.ten_thousandths, value.items);
  }
}

void Totals::Clear() {
  std::vector<Value> kept = std::move(values);
  kept.clear();
  *this = Totals();
  values = std::move(kept);
}

}  // namespace stockwatch::stock
