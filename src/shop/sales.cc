#include "shop/sales.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "shop/demand.h"

namespace stockwatch::shop {
namespace {

constexpr std::array<std::string_view, 4> kReturnReasons{"does not fit", "changed mind",
                                                         "wrong colour", "gift"};

// The first warehouse serves the largest region, in percent.
constexpr std::array<std::uint32_t, 4> kRegions{125, 95, 80, 60};

}  // namespace

void Sales::PlanDay(std::uint32_t day, base::Instant midnight) {
  for (ItemIndex item = 0; item < books_.items().size(); ++item) {
    for (const Want& want : WantsOf(item, day, midnight)) {
      agenda_.At(want.at, [this, item, wanted = want.quantity](base::Instant now) {
        Visit(item, wanted, now);
      });
    }
  }
}

std::vector<Sales::Want> Sales::WantsOf(ItemIndex item, std::uint32_t day,
                                        base::Instant midnight) const {
  // Numbers of its own for each item and day: what customers want does not hang on what is in
  // stock.
  base::Random random(base::SplitMix64(base::SplitMix64(seed_ + day) + item));
  const Article& article = books_.ArticleOf(item);
  const Product& product = books_.ProductOf(item);
  const std::uint32_t season = SeasonPercent(product.category->department, midnight);
  const std::uint32_t daily = article.daily_customers_thousandths *
                              kRegions[books_.at(item).warehouse % kRegions.size()] / 100 * season /
                              100;
  const std::uint32_t weekday = WeekdayOf(midnight);
  constexpr auto kSlotMillis = static_cast<std::uint32_t>(kSlot.micros() / 1000);
  std::vector<Want> wants;
  for (std::uint32_t slot = 0; slot < kSlotsPerDay; ++slot) {
    std::uint64_t expected = CustomersOfSlot(daily, weekday, slot) *
                             calendar_.DemandPercent(product, day, slot / 12) / 100;
    for (; expected > 0; expected -= std::min<std::uint64_t>(expected, 1'000'000)) {
      if (random.Below(1'000'000) >= expected) continue;
      const base::Instant at = midnight + base::Duration::Micros(slot * kSlot.micros()) +
                               base::Duration::Micros(random.Below(kSlotMillis) * 1000LL);
      wants.push_back({at, DrawBasket(article.demand_class, random)});
    }
  }
  std::stable_sort(wants.begin(), wants.end(),
                   [](const Want& a, const Want& b) { return a.at < b.at; });
  return wants;
}

void Sales::Visit(ItemIndex item, Pieces wanted, base::Instant now) {
  const StockItem& stock = books_.at(item);
  if (!stock.listed) return;
  if (stock.available() <= 0) {
    // A marketplace that has not heard of it yet sells on.
    const bool oversold = !stock.discontinued && random_.Chance(1, 40);
    if (oversold) Sell(item, {.type = MovementType::kSale, .quantity = 1}, now);
    return;
  }
  const Pieces quantity = std::min(wanted, stock.available());
  if (random_.Chance(28, 100)) {
    Reserve(item, quantity, now);
  } else {
    Sell(item, {.type = MovementType::kSale, .quantity = quantity}, now);
  }
}

void Sales::Reserve(ItemIndex item, Pieces quantity, base::Instant now) {
  books_.Post(item, {.type = MovementType::kReserve, .quantity = quantity}, now);
  const bool buys = random_.Chance(85, 100);
  const auto thinks = base::Duration::Micros((3 * 60'000LL + random_.Below(40 * 60'000)) * 1000);
  agenda_.At(now + thinks, [this, item, quantity, buys](base::Instant then) {
    if (!books_.at(item).listed) return;
    if (buys) {
      Sell(item, {.type = MovementType::kSale, .quantity = quantity, .reserved_quantity = quantity},
           then);
    } else {
      books_.Post(
          item, {.type = MovementType::kRelease, .quantity = quantity, .reason = "not paid"}, then);
    }
  });
}

void Sales::Sell(ItemIndex item, const Movement& sale, base::Instant now) {
  books_.Post(item, sale, now);
  if (!random_.Chance(6, 100)) return;
  const auto keeps =
      base::Duration::Micros((20 * 3600'000LL + random_.Below(120 * 3600'000)) * 1000);
  agenda_.At(now + keeps, [this, item](base::Instant then) { TakeBack(item, then); });
}

void Sales::TakeBack(ItemIndex item, base::Instant now) {
  const auto reason = kReturnReasons[random_.Below(kReturnReasons.size())];
  const bool broken = random_.Chance(15, 100);
  if (!books_.at(item).listed) return;
  books_.Post(item, {.type = MovementType::kReturn, .quantity = 1, .reason = reason}, now);
  if (!broken) return;
  books_.Post(item, {.type = MovementType::kDamage, .quantity = 1, .reason = "came back broken"},
              now);
}

}  // namespace stockwatch::shop
