#pragma once

#include <cstdint>
#include <string_view>

#include "shop/agenda.h"
#include "shop/books.h"

namespace stockwatch::shop {

// The people who write thresholds: documents of the collection `thresholds`.
class Planners {
 public:
  Planners(Books& books, Agenda& agenda) : books_(books), agenda_(agenda) {}

  void PlanDay(std::uint32_t day, base::Instant midnight);

 private:
  void WriteFirstRules(base::Instant now);
  void EditCategoryRule(base::Instant now);
  void RemoveWarehouseRule(base::Instant now);

  // A category's rule with that `low`.
  DocumentText CategoryRule(Pieces low, std::string_view reason) const;
  DocumentText BestSellerRule() const;

  Books& books_;
  Agenda& agenda_;
};

}  // namespace stockwatch::shop
