#pragma once

#include <cstdint>
#include <vector>

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

  // What customers want of the item on that day, in the order of time, whether there is stock or
  // not.
  struct Want {
    base::Instant at;
    Pieces quantity = 0;
  };
  std::vector<Want> WantsOf(ItemIndex item, std::uint32_t day, base::Instant midnight) const;

  // Notes the visits of the day that begins at `midnight`.
  void PlanDay(std::uint32_t day, base::Instant midnight);

 private:
  void Visit(ItemIndex item, Pieces wanted, base::Instant now);
  void Reserve(ItemIndex item, Pieces quantity, base::Instant now);
  void Sell(ItemIndex item, const Movement& sale, base::Instant now);
  void TakeBack(ItemIndex item, base::Instant now);

  std::uint64_t seed_;
  base::Random random_;
  Books& books_;
  const Calendar& calendar_;
  Agenda& agenda_;
};

}  // namespace stockwatch::shop
