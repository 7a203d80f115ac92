#pragma once

#include <cstdint>

#include "base/random.h"
#include "shop/agenda.h"
#include "shop/books.h"
#include "shop/calendar.h"

namespace stockwatch::shop {

// Customers come, reserve, buy, bring back.
class Sales {
 public:
  Sales(std::uint64_t seed, Books& books, const Calendar& calendar, Agenda& agenda)
      : seed_(seed),
        random_(base::SplitMix64(seed ^ 0x5A1E5)),
        books_(books),
        calendar_(calendar),
        agenda_(agenda) {}

  // Notes the visits of the day that begins at `midnight`.
  void PlanDay(std::uint32_t day, base::Instant midnight);

 private:
  void PlanItem(ItemIndex item, std::uint32_t day, base::Instant midnight);
  void Visit(ItemIndex item, base::Instant now);
  void Reserve(ItemIndex item, Pieces quantity, base::Instant now);
  void Sell(ItemIndex item, const Movement& sale, base::Instant now);
  void TakeBack(ItemIndex item, base::Instant now);
  Pieces BasketSize();

  std::uint64_t seed_;
  base::Random random_;
  Books& books_;
  const Calendar& calendar_;
  Agenda& agenda_;
};

}  // namespace stockwatch::shop
