#include "shop/stock_care.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace stockwatch::shop {
namespace {

using base::Instant;

constexpr std::array<std::string_view, 3> kDamageReasons{"dropped", "water", "box crushed"};

}  // namespace

void StockCare::PlanDay(Instant midnight) {
  const auto items = static_cast<std::uint32_t>(books_.items().size());
  Note(&StockCare::Damage, 1 + items / 30, midnight, {7, 19});
  Note(&StockCare::Shrink, 1 + items / 60, midnight, {7, 19});
  Note(&StockCare::Adjust, 1 + items / 60, midnight, {8, 17});
  Note(&StockCare::Count, 1 + items / 15, midnight, {21, 23});
}

void StockCare::Note(Happening happening, std::uint32_t times, Instant midnight, Hours hours) {
  const auto items = static_cast<std::uint32_t>(books_.items().size());
  for (std::uint32_t i = 0; i < times; ++i) {
    const ItemIndex item = random_.Below(items);
    const std::uint32_t millis = (hours.until - hours.from) * 3'600'000;
    const Instant at = midnight + base::Duration::Hours(hours.from) +
                       base::Duration::Micros(random_.Below(millis) * 1000LL);
    agenda_.At(at, [this, happening, item](Instant now) {
      if (books_.at(item).listed) (this->*happening)(item, now);
    });
  }
}

void StockCare::Damage(ItemIndex item, Instant now) {
  const Pieces quantity = std::min<Pieces>(1 + random_.Below(3), books_.at(item).available());
  const auto reason = kDamageReasons[random_.Below(kDamageReasons.size())];
  if (quantity <= 0) return;
  books_.Post(item, {.type = MovementType::kDamage, .quantity = quantity, .reason = reason}, now);
}

void StockCare::Shrink(ItemIndex item, Instant now) {
  if (books_.at(item).available() <= 0) return;
  books_.Post(item, {.type = MovementType::kShrinkage, .quantity = 1, .reason = "missing"}, now);
}

void StockCare::Adjust(ItemIndex item, Instant now) {
  const bool found = books_.at(item).available() <= 2 || random_.Chance(1, 2);
  const Pieces quantity = found ? 1 + Pieces{random_.Below(3)} : -1;
  const std::string_view reason = found ? "found behind the shelf" : "booked twice";
  books_.Post(item, {.type = MovementType::kAdjustment, .quantity = quantity, .reason = reason},
              now);
}

// Most counts agree with the books. Nobody counts fewer than none.
void StockCare::Count(ItemIndex item, Instant now) {
  Pieces counted = books_.at(item).on_hand;
  if (random_.Chance(30, 100)) counted += Pieces{random_.Below(5)} - 2;
  const auto quantity = std::max<Pieces>(counted, 0);
  books_.Post(item, {.type = MovementType::kCount, .quantity = quantity, .reason = "cycle count"},
              now);
}

}  // namespace stockwatch::shop
