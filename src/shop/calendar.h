#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shop/agenda.h"
#include "shop/books.h"

namespace stockwatch::shop {

// What is special about which day, the first being 1: flash sales, launches, a farewell.
class Calendar {
 public:
  static constexpr std::uint32_t kRuleEditDay = 4;
  static constexpr std::uint32_t kFlashSaleDay = 5;  // of every week
  static constexpr std::uint32_t kBrandRenameDay = 7;
  static constexpr std::uint32_t kLaunchDay = 8;  // and every four weeks from then on
  static constexpr std::uint32_t kLaunchEvery = 28;
  static constexpr std::uint32_t kPriceRoundDay = 9;
  static constexpr std::uint32_t kDiscontinueDay = 10;
  static constexpr std::uint32_t kDeleteDay = 12;
  static constexpr std::uint32_t kRuleEndDay = 13;

  Calendar(Books& books, Agenda& agenda) : books_(books), agenda_(agenda) {}

  // Notes what is special about the day that begins at `midnight`.
  void PlanDay(std::uint32_t day, base::Instant midnight);

  // Customers of that hour, in percent of what is usual.
  std::uint32_t DemandPercent(const Product& product, std::uint32_t day, std::uint32_t hour) const;

 private:
  using Happening = void (Calendar::*)(base::Instant now);

  void BeginFlashSale(base::Instant now);
  void EndFlashSale(base::Instant now);
  void RenameBrand(base::Instant now);
  void Launch(base::Instant now);
  void RaisePrices(base::Instant now);
  void Discontinue(base::Instant now);
  void Delete(base::Instant now);

  // The items of every product of which that is true, by product and warehouse.
  template <typename Predicate>
  std::vector<ItemIndex> ListedItems(Predicate&& of_product) const;
  std::vector<ItemIndex> ListedItemsOf(std::size_t product) const;
  // Another category every week.
  const Category* FlashSaleCategory(std::uint32_t day) const;
  std::size_t NumberOf(const Product& product) const;
  void CancelInbound(ItemIndex item, base::Instant now);

  Books& books_;
  Agenda& agenda_;
  std::uint32_t today_ = 0;
};

}  // namespace stockwatch::shop
