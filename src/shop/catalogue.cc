#include "shop/catalogue.h"

#include <array>
#include <span>
#include <utility>

#include "base/random.h"

namespace stockwatch::shop {
namespace {

struct Option {
  std::string_view code;
  std::string_view name;
};

constexpr std::array<Option, 6> kColours{{{"RED", "Red"},
                                          {"BLUE", "Blue"},
                                          {"BLACK", "Black"},
                                          {"WHITE", "White"},
                                          {"GREEN", "Green"},
                                          {"SAND", "Sand"}}};
constexpr std::array<Option, 4> kGarmentSizes{{{"M", "M"}, {"L", "L"}, {"S", "S"}, {"XL", "XL"}}};
constexpr std::array<Option, 5> kShoeSizes{
    {{"41", "41"}, {"42", "42"}, {"43", "43"}, {"39", "39"}, {"44", "44"}}};
constexpr std::array<Option, 3> kPowers{{{"20W", "20 W"}, {"45W", "45 W"}, {"65W", "65 W"}}};
constexpr std::array<Option, 1> kOneSize{{{"", ""}}};

struct Kind {
  Category category;
  std::string_view code;
  std::string_view noun;
  std::span<const Option> sizes;
  std::uint32_t colours;    // of a product
  std::uint32_t sizes_max;  // of a product
  Cents price_min;
  Cents price_span;
  std::int64_t lead_time_days;
  Pieces pack_size;
};

const std::array<Kind, 10> kKinds{{
    {{"Apparel", "T-Shirts"}, "TSHIRT", "T-Shirt", kGarmentSizes, 2, 3, 1490, 1500, 5, 10},
    {{"Home", "Mugs"}, "MUG", "Mug", kOneSize, 4, 1, 690, 800, 4, 12},
    {{"Footwear", "Sneakers"}, "SNEAKER", "Sneaker", kShoeSizes, 2, 3, 5990, 6000, 7, 4},
    {{"Electronics", "Chargers"}, "CHARGER", "Charger", kPowers, 1, 3, 1990, 2500, 4, 20},
    {{"Outdoor", "Backpacks"}, "BACKPACK", "Backpack", kOneSize, 4, 1, 4990, 5000, 7, 4},
    {{"Apparel", "Hoodies"}, "HOODIE", "Hoodie", kGarmentSizes, 2, 2, 3990, 3000, 7, 6},
    {{"Home", "Towels"}, "TOWEL", "Towel", kOneSize, 5, 1, 1290, 1200, 5, 10},
    {{"Electronics", "Headphones"}, "HEADPHONES", "Headphones", kOneSize, 3, 1, 3990, 9000, 6, 5},
    {{"Outdoor", "Bottles"}, "BOTTLE", "Bottle", kOneSize, 4, 1, 1490, 1500, 4, 12},
    {{"Home", "Lamps"}, "LAMP", "Lamp", kOneSize, 2, 1, 2990, 5000, 9, 2},
}};

constexpr std::array<Option, 12> kSeries{{{"HARBOR", "Harbor"},
                                          {"MEADOW", "Meadow"},
                                          {"SUMMIT", "Summit"},
                                          {"CANYON", "Canyon"},
                                          {"AURORA", "Aurora"},
                                          {"CINDER", "Cinder"},
                                          {"LAGOON", "Lagoon"},
                                          {"TUNDRA", "Tundra"},
                                          {"WILLOW", "Willow"},
                                          {"EMBER", "Ember"},
                                          {"QUARTZ", "Quartz"},
                                          {"BREEZE", "Breeze"}}};

constexpr std::array<std::string_view, 8> kBrands{"Alder & Co", "Brightwater", "Corvolan",
                                                  "Dunmarrow",  "Elsbeth",     "Fennelby",
                                                  "Grünhain",   "Haldenvik"};

// Who wants the article: its place in the make-up turns with the seed.
void DrawDemand(std::uint64_t seed, std::size_t number, base::Random& random, Article& article) {
  const std::size_t place = (number + seed % kMakeUp) % kMakeUp;
  article.demand_class = ClassOfPlace(place);
  article.daily_customers_thousandths = DrawDailyCustomers(place, random);
  const std::uint64_t basket = MeanBasketThousandths(article.demand_class);
  article.daily_sales_thousandths =
      static_cast<std::uint32_t>(article.daily_customers_thousandths * basket / 1000);
}

// "…90", as price tags have it.
Cents PriceTag(Cents amount) {
  return amount / 100 * 100 + 90;
}

Article MakeArticle(const Option& series, const Kind& kind, const Option& colour,
                    const Option& size) {
  Article article;
  article.sku.append(kind.code).append("-").append(series.code).append("-").append(colour.code);
  article.name.append(series.name).append(" ").append(kind.noun).append(" ").append(colour.name);
  if (!size.code.empty()) {
    article.sku.append("-").append(size.code);
    article.name.append(" ").append(size.name);
  }
  return article;
}

}  // namespace

std::vector<CategorySupply> CategorySupplies() {
  std::vector<CategorySupply> supplies;
  supplies.reserve(std::size(kKinds));
  for (const Kind& kind : kKinds) supplies.push_back({kind.category, kind.lead_time_days});
  return supplies;
}

Catalogue::Catalogue(std::uint64_t seed, std::size_t articles_min) : seed_(seed) {
  while (articles_.size() < articles_min) AddProduct();
  ordinary_products_ = products_.size();
  AddProduct();
}

void Catalogue::AddProduct() {
  const std::size_t number = products_.size();
  base::Random random(base::SplitMix64(seed_) + (number << 20));
  const Kind& kind = kKinds[number % kKinds.size()];
  const std::size_t line = number / kKinds.size();
  const std::size_t edition = line / kSeries.size() + 1;  // the series' names come again
  const Option& series = kSeries[line % kSeries.size()];
  const std::string suffix = edition == 1 ? "" : std::to_string(edition);
  const std::string series_code = std::string(series.code) + suffix;
  const std::string series_name = std::string(series.name) + (suffix.empty() ? "" : " ") + suffix;

  Product product;
  product.id = "P-" + std::to_string(1001 + number);
  product.category = &kind.category;
  product.brand = kBrands[random.Below(kBrands.size())];
  product.lead_time_days = kind.lead_time_days;
  product.pack_size = kind.pack_size;

  const auto span = static_cast<std::uint32_t>(kind.price_span);
  const Cents price = PriceTag(kind.price_min + random.Below(span));
  const Cents cost = price * (40 + random.Below(20)) / 100;
  const std::uint32_t first_colour = random.Below(kColours.size());
  for (std::uint32_t c = 0; c < kind.colours; ++c) {
    const Option& colour = kColours[(first_colour + c) % kColours.size()];
    for (std::uint32_t s = 0; s < kind.sizes_max; ++s) {
      Article article =
          MakeArticle({series_code, series_name}, kind, colour, kind.sizes[s % kind.sizes.size()]);
      article.product = number;
      article.price = price;
      article.cost = cost;
      DrawDemand(seed_, articles_.size(), random, article);
      product.articles.push_back(articles_.size());
      articles_.push_back(std::move(article));
    }
  }
  products_.push_back(std::move(product));
}

void Catalogue::RenameBrand(std::string_view from, std::string_view to) {
  for (Product& product : products_) {
    if (product.brand == from) product.brand = to;
  }
}

}  // namespace stockwatch::shop
