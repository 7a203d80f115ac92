#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shop/make_up.h"

namespace stockwatch::shop {

// Whole pieces: the shop sells nothing by weight.
using Pieces = std::int64_t;
using Cents = std::int64_t;

// What the products of a category have in common.
struct Category {
  std::string_view department;
  std::string_view name;
};

// How long what is ordered of it takes, on average.
struct CategorySupply {
  Category category;
  std::int64_t lead_time_days = 0;
};
std::vector<CategorySupply> CategorySupplies();

struct Product {
  std::string id;
  const Category* category = nullptr;
  std::string brand;
  std::int64_t lead_time_days = 0;
  Pieces pack_size = 1;
  std::vector<std::size_t> articles;  // its SKUs
};

// One SKU: a product in one colour and size.
struct Article {
  std::string sku;
  std::string name;
  std::size_t product = 0;
  Cents price = 0;
  Cents cost = 0;
  DemandClass demand_class{};
  // Of an average day at an average warehouse:
  std::uint32_t daily_customers_thousandths = 0;
  std::uint32_t daily_sales_thousandths = 0;  // pieces
};

// What the shop sells. The last product is launched later and is none of the `articles_min`; more
// come with time.
class Catalogue {
 public:
  Catalogue(std::uint64_t seed, std::size_t articles_min);

  const std::vector<Product>& products() const { return products_; }
  const std::vector<Article>& articles() const { return articles_; }
  const Product& ProductOf(const Article& article) const { return products_[article.product]; }

  // Products and articles of the first day.
  std::size_t ordinary_products() const { return ordinary_products_; }
  std::size_t ordinary_articles() const { return products_[ordinary_products_].articles.front(); }

  // One more, at the end. References to products and articles end with it.
  void AddProduct();

  void RenameBrand(std::string_view from, std::string_view to);

 private:
  std::uint64_t seed_;
  std::size_t ordinary_products_ = 0;
  std::vector<Product> products_;
  std::vector<Article> articles_;
};

}  // namespace stockwatch::shop
