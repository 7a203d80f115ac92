#include "shop/calendar.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace stockwatch::shop {
namespace {

using base::Duration;
using base::Instant;

constexpr std::uint32_t kFlashSaleFrom = 8;
constexpr std::uint32_t kFlashSaleUntil = 20;
constexpr std::uint32_t kFlashSaleDemandPercent = 500;
constexpr Cents kFlashSalePricePercent = 70;
constexpr std::uint32_t kLaunchDemandPercent = 400;
constexpr Pieces kLaunchStock = 24;
// A small shop parts with nothing.
constexpr std::size_t kProductsToPartWithMin = 5;

}  // namespace

void Calendar::PlanDay(std::uint32_t day, Instant midnight) {
  today_ = day;
  struct Entry {
    std::uint32_t day = 0;
    std::uint32_t every = 0;  // days; 0: once
    Duration at;
    Happening happening = nullptr;
  };
  static constexpr std::array<Entry, 7> kEntries{{
      {kFlashSaleDay, 7, Duration::Hours(kFlashSaleFrom), &Calendar::BeginFlashSale},
      {kFlashSaleDay, 7, Duration::Hours(kFlashSaleUntil), &Calendar::EndFlashSale},
      {kBrandRenameDay, 0, Duration::Minutes(10 * 60 + 30), &Calendar::RenameBrand},
      {kLaunchDay, kLaunchEvery, Duration::Hours(10), &Calendar::Launch},
      {kPriceRoundDay, 0, Duration::Hours(7), &Calendar::RaisePrices},
      {kDiscontinueDay, 0, Duration::Hours(11), &Calendar::Discontinue},
      {kDeleteDay, 0, Duration::Minutes(16 * 60 + 45), &Calendar::Delete},
  }};
  for (const Entry& entry : kEntries) {
    const bool again = entry.every != 0 && day > entry.day && (day - entry.day) % entry.every == 0;
    if (entry.day != day && !again) continue;
    const Happening happening = entry.happening;
    agenda_.At(midnight + entry.at, [this, happening](Instant now) { (this->*happening)(now); });
  }
}

std::uint32_t Calendar::DemandPercent(const Product& product, std::uint32_t day,
                                      std::uint32_t hour) const {
  const bool flash_sale =
      day % 7 == kFlashSaleDay && hour >= kFlashSaleFrom && hour < kFlashSaleUntil;
  if (flash_sale && product.category == FlashSaleCategory(day)) return kFlashSaleDemandPercent;
  const std::size_t first_launch = books_.catalogue().ordinary_products();
  const std::size_t number = NumberOf(product);
  if (number < first_launch) return 100;
  const std::size_t launched = kLaunchDay + (number - first_launch) * kLaunchEvery;
  return day <= launched + 2 ? kLaunchDemandPercent : 100;
}

const Category* Calendar::FlashSaleCategory(std::uint32_t day) const {
  const Catalogue& catalogue = books_.catalogue();
  return catalogue.products()[day / 7 % catalogue.ordinary_products()].category;
}

std::size_t Calendar::NumberOf(const Product& product) const {
  return static_cast<std::size_t>(&product - books_.catalogue().products().data());
}

template <typename Predicate>
std::vector<ItemIndex> Calendar::ListedItems(Predicate&& of_product) const {
  std::vector<ItemIndex> listed;
  for (const Product& product : books_.catalogue().products()) {
    if (!of_product(product)) continue;
    for (const std::size_t article : product.articles) {
      for (const ItemIndex item : books_.ItemsOf(article)) {
        if (books_.at(item).listed) listed.push_back(item);
      }
    }
  }
  return listed;
}

std::vector<ItemIndex> Calendar::ListedItemsOf(std::size_t product) const {
  const Product& wanted = books_.catalogue().products()[product];
  return ListedItems([&](const Product& candidate) { return &candidate == &wanted; });
}

void Calendar::BeginFlashSale(Instant now) {
  const Category* category = FlashSaleCategory(today_);
  for (const ItemIndex item :
       ListedItems([&](const Product& product) { return product.category == category; })) {
    books_.SetPrice(item, books_.ArticleOf(item).price * kFlashSalePricePercent / 100, now);
  }
}

void Calendar::EndFlashSale(Instant now) {
  const Category* category = FlashSaleCategory(today_);
  for (const ItemIndex item :
       ListedItems([&](const Product& product) { return product.category == category; })) {
    books_.SetPrice(item, books_.ArticleOf(item).price, now);
  }
}

void Calendar::RenameBrand(Instant now) {
  const std::string from = books_.catalogue().products().front().brand;
  const std::string to = from + " Studio";
  books_.catalogue().RenameBrand(from, to);
  for (const ItemIndex item :
       ListedItems([&](const Product& product) { return product.brand == to; })) {
    books_.Rewrite(item, now);
  }
}

void Calendar::Launch(Instant now) {
  if (today_ != kLaunchDay) books_.AddProduct();
  for (const std::size_t article : books_.catalogue().products().back().articles) {
    for (const ItemIndex item : books_.ItemsOf(article)) books_.List(item, kLaunchStock, now);
  }
}

// The first product becomes five percent dearer.
void Calendar::RaisePrices(Instant now) {
  for (const ItemIndex item : ListedItemsOf(0)) {
    books_.SetPrice(item, books_.ArticleOf(item).price * 105 / 100, now);
  }
}

void Calendar::Discontinue(Instant now) {
  if (books_.catalogue().ordinary_products() < kProductsToPartWithMin) return;
  for (const ItemIndex item : ListedItemsOf(books_.catalogue().ordinary_products() - 1)) {
    CancelInbound(item, now);
    books_.Discontinue(item, now);
  }
}

void Calendar::Delete(Instant now) {
  if (books_.catalogue().ordinary_products() < kProductsToPartWithMin) return;
  for (const ItemIndex item : ListedItemsOf(books_.catalogue().ordinary_products() - 2)) {
    CancelInbound(item, now);
    books_.Delete(item, now);
  }
}

void Calendar::CancelInbound(ItemIndex item, Instant now) {
  const auto inbound = books_.at(item).inbound;  // a copy: cancelling takes entries out
  for (const auto& [id, coming] : inbound) {
    books_.Cancel(item, Reference{coming.kind, id}, "no longer sold", now);
  }
}

}  // namespace stockwatch::shop
