#pragma once

#include <cstdint>

#include "base/random.h"
#include "shop/agenda.h"
#include "shop/books.h"

namespace stockwatch::shop {

// Orders from suppliers. The buyers are as good as buyers are: they misjudge demand, look at some
// shelves too seldom and don't know that the first warehouse sells more than the others; suppliers
// are sometimes late or short. So stock runs low and out, and comes back.
class Replenishment {
 public:
  Replenishment(std::uint64_t seed, Books& books, Agenda& agenda)
      : seed_(seed), random_(base::SplitMix64(seed ^ 0xB0B)), books_(books), agenda_(agenda) {}

  Pieces OpeningStock(ItemIndex item);
  // Notes the reviews of the day that begins at `midnight`.
  void PlanDay(std::uint32_t day, base::Instant midnight);

 private:
  struct Delivery {
    ItemIndex item = 0;
    Reference order;
    Pieces quantity = 0;
  };

  void ReviewWarehouse(std::uint32_t warehouse, std::uint32_t day, base::Instant now);
  void Review(ItemIndex item, base::Instant now);
  void PlaceOrder(ItemIndex item, Pieces quantity, base::Instant now);
  std::int64_t DrawLeadDays(const Product& product);
  void Expect(const Delivery& delivery, base::Instant at);

  // What the buyers believe to sell in a day, in thousandths.
  std::int64_t BelievedDaily(ItemIndex item) const;

  std::uint64_t seed_;
  base::Random random_;
  Books& books_;
  Agenda& agenda_;
};

}  // namespace stockwatch::shop
