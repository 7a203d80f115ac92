#pragma once

#include <cstdint>

#include "base/random.h"
#include "shop/agenda.h"
#include "shop/books.h"

namespace stockwatch::shop {

// Warehouses help each other out: announced at the destination, taken at the origin, there on the
// next day.
class Transfers {
 public:
  Transfers(std::uint64_t seed, Books& books, Agenda& agenda)
      : random_(base::SplitMix64(seed ^ 0x7A)), books_(books), agenda_(agenda) {}

  void PlanDay(base::Instant midnight);

 private:
  struct Transfer {
    ItemIndex from = 0;
    ItemIndex to = 0;
    Pieces quantity = 0;
    Reference reference;
  };

  void Review(std::size_t article, base::Instant now);
  void Announce(const Transfer& transfer, base::Instant now);
  void Send(Transfer transfer, base::Instant now);
  void Arrive(const Transfer& transfer, base::Instant now);

  base::Random random_;
  Books& books_;
  Agenda& agenda_;
};

}  // namespace stockwatch::shop
