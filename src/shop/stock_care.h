#pragma once

#include <cstdint>

#include "base/random.h"
#include "shop/agenda.h"
#include "shop/books.h"

namespace stockwatch::shop {

// What happens on the shelves: breakage, theft, corrections, and the counts that find it out.
class StockCare {
 public:
  StockCare(std::uint64_t seed, Books& books, Agenda& agenda)
      : random_(base::SplitMix64(seed ^ 0xCA2E)), books_(books), agenda_(agenda) {}

  void PlanDay(base::Instant midnight);

 private:
  using Happening = void (StockCare::*)(ItemIndex item, base::Instant now);

  // Notes it for `times` random items, each at a random moment of the hours [from, until).
  struct Hours {
    std::uint32_t from;
    std::uint32_t until;
  };
  void Note(Happening happening, std::uint32_t times, base::Instant midnight, Hours hours);

  void Damage(ItemIndex item, base::Instant now);
  void Shrink(ItemIndex item, base::Instant now);
  void Adjust(ItemIndex item, base::Instant now);
  void Count(ItemIndex item, base::Instant now);

  base::Random random_;
  Books& books_;
  Agenda& agenda_;
};

}  // namespace stockwatch::shop
