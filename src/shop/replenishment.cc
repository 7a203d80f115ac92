#include "shop/replenishment.h"

#include <algorithm>

namespace stockwatch::shop {
namespace {

using base::Duration;
using base::Instant;

constexpr std::int64_t kReviewDays = 4;  // an order is to last that long beyond its lead time
constexpr Pieces kSafetyMax = 6;         // the buyers' rule of thumb: two days, and no more
constexpr std::int64_t kSafetyDays = 2;
constexpr std::int64_t kShelfDays = 6;  // what fills a shelf lasts no longer than that
constexpr std::uint32_t kNeglectedEvery = 7;
constexpr std::uint32_t kNeglectedDays = 4;  // a neglected shelf is looked at that seldom

Pieces RoundUp(Pieces quantity, Pieces pack) {
  return (quantity + pack - 1) / pack * pack;
}

}  // namespace

std::int64_t Replenishment::BelievedDaily(ItemIndex item) const {
  base::Random judgement(base::SplitMix64(seed_ ^ 0xB0B1) + item);
  const std::int64_t percent = 75 + judgement.Below(85);
  return books_.ArticleOf(item).daily_sales_thousandths * percent / 100;
}

Pieces Replenishment::OpeningStock(ItemIndex item) {
  const std::int64_t days = 2 + random_.Below(8);
  const std::int64_t daily = books_.ArticleOf(item).daily_sales_thousandths;
  const Pieces shelf = std::min<Pieces>(6 + random_.Below(30), 3 + daily * kShelfDays / 1000);
  return daily * days / 1000 + shelf;
}

void Replenishment::PlanDay(std::uint32_t day, Instant midnight) {
  const std::uint32_t warehouses = books_.items().back().warehouse + 1;
  for (std::uint32_t warehouse = 0; warehouse < warehouses; ++warehouse) {
    const Instant at = midnight + Duration::Minutes(6 * 60 + 15 + warehouse * 7 % 90);
    agenda_.At(at, [this, warehouse, day](Instant now) { ReviewWarehouse(warehouse, day, now); });
  }
}

// One look at every shelf of a warehouse, some seconds apart.
void Replenishment::ReviewWarehouse(std::uint32_t warehouse, std::uint32_t day, Instant now) {
  std::int64_t looked_at = 0;
  for (ItemIndex item = 0; item < books_.items().size(); ++item) {
    if (books_.at(item).warehouse != warehouse) continue;
    const bool neglected = (item + seed_) % kNeglectedEvery == 0;
    if (neglected && day % kNeglectedDays != 0) continue;
    const Instant at = now + Duration::Micros(++looked_at * 1'300'000);
    agenda_.At(at, [this, item](Instant then) { Review(item, then); });
  }
}

void Replenishment::Review(ItemIndex item, Instant now) {
  const StockItem& stock = books_.at(item);
  if (!stock.listed || stock.discontinued) return;
  const Product& product = books_.ProductOf(item);
  const std::int64_t daily = BelievedDaily(item);
  const Pieces position = stock.available() + stock.InboundTotal();
  const Pieces safety = std::min(kSafetyMax, daily * kSafetyDays / 1000);
  if (position > daily * product.lead_time_days / 1000 + safety) return;
  const Pieces target = daily * (product.lead_time_days + kReviewDays) / 1000 + 2 * safety;
  Pieces quantity = RoundUp(std::max<Pieces>(target - position, 1), product.pack_size);
  if (random_.Chance(1, 40)) quantity *= 4;  // typed one zero too many, nearly
  PlaceOrder(item, quantity, now);
}

void Replenishment::PlaceOrder(ItemIndex item, Pieces quantity, Instant now) {
  const Product& product = books_.ProductOf(item);
  const Instant midnight = now - Duration::Micros(now.micros() % Duration::Days(1).micros());
  const Instant due = midnight + Duration::Days(DrawLeadDays(product)) + Duration::Hours(12);
  const Reference order = books_.NewReference(Reference::Kind::kOrder, now);
  books_.Post(item,
              {.type = MovementType::kOrdered,
               .quantity = quantity,
               .reference = &order,
               .expected_at = due},
              now);

  Instant arrives = due + Duration::Minutes(random_.Below(7 * 60)) - Duration::Hours(4);
  if (random_.Chance(5, 100)) arrives = arrives + Duration::Days(1 + random_.Below(3));
  const bool partial = quantity > product.pack_size && random_.Chance(18, 100);
  const bool rest_follows = random_.Chance(60, 100);
  const Pieces first = partial ? RoundUp(quantity / 2, product.pack_size) : quantity;
  Expect({item, order, first}, arrives);
  if (first == quantity) return;
  if (rest_follows) {
    Expect({item, order, quantity - first}, arrives + Duration::Days(1 + random_.Below(2)));
  } else {
    agenda_.At(arrives + Duration::Hours(3), [this, item, order](Instant then) {
      books_.Cancel(item, order, "supplier is short", then);
    });
  }
}

// What the supplier promises: about normal, with a coefficient of variation of 0.3.
std::int64_t Replenishment::DrawLeadDays(const Product& product) {
  // The sum of twelve uniform draws has a variance of 1.
  std::int64_t thousandths = -6'000;
  for (int i = 0; i < 12; ++i) thousandths += random_.Below(1'001);
  const std::int64_t millionths = 1'000'000 + 300 * thousandths;
  return std::max<std::int64_t>(1, (product.lead_time_days * millionths + 500'000) / 1'000'000);
}

void Replenishment::Expect(const Delivery& delivery, Instant at) {
  agenda_.At(at, [this, delivery](Instant now) {
    const StockItem& stock = books_.at(delivery.item);
    const Pieces quantity = std::min(delivery.quantity, stock.InboundOf(delivery.order));
    if (!stock.listed || quantity == 0) return;
    books_.Post(
        delivery.item,
        {.type = MovementType::kReceipt, .quantity = quantity, .reference = &delivery.order}, now);
  });
}

}  // namespace stockwatch::shop
