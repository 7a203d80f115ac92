#include "shop/make_up.h"

#include <algorithm>
#include <array>

namespace stockwatch::shop {
namespace {

constexpr std::uint32_t kWhole = 1'000'000'000;
constexpr std::size_t kBasketMax = 96;

// Chances of baskets of 1, 2, … up to that size, in thousand-millionths.
using Baskets = std::array<std::uint32_t, kBasketMax>;

// p in thousandths; `one` = −p ÷ ln(1 − p), the chance of a basket of one.
constexpr Baskets BasketsOf(std::uint64_t p, std::uint64_t one) {
  Baskets up_to{};
  std::uint64_t chance = one;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBasketMax; ++i) {
    sum += chance;
    up_to[i] = static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, kWhole));
    chance = chance * p * (i + 1) / (1000 * (i + 2));
  }
  up_to.back() = kWhole;
  return up_to;
}

constexpr std::array<Baskets, kDemandClasses> kBaskets{
    BasketsOf(200, 896'284'024), BasketsOf(920, 364'251'323), BasketsOf(200, 896'284'024),
    BasketsOf(880, 415'042'746)};

constexpr std::uint32_t MeanOf(const Baskets& up_to) {
  std::uint64_t sum = 0;
  std::uint32_t below = 0;
  for (std::size_t i = 0; i < kBasketMax; ++i) {
    sum += (i + 1) * (up_to[i] - below);
    below = up_to[i];
  }
  return static_cast<std::uint32_t>(sum / (kWhole / 1000));
}

constexpr DemandClass kS = DemandClass::kSmooth;
constexpr DemandClass kE = DemandClass::kErratic;
constexpr DemandClass kI = DemandClass::kIntermittent;
constexpr DemandClass kL = DemandClass::kLumpy;
// No class at the same place of each five: every warehouse leaves one of five out.
constexpr std::array<DemandClass, kMakeUp> kPlaces{kS, kI, kE, kS, kI, kE, kS, kS, kL, kI,
                                                   kI, kE, kS, kE, kS, kS, kL, kI, kE, kS};
static_assert(kPlaces[kBestSellerPlace] == kS);
static_assert(std::count(kPlaces.begin(), kPlaces.end(), kS) == 8);
static_assert(std::count(kPlaces.begin(), kPlaces.end(), kE) == 5);
static_assert(std::count(kPlaces.begin(), kPlaces.end(), kI) == 5);

}  // namespace

std::string_view Name(DemandClass demand_class) {
  constexpr std::array<std::string_view, kDemandClasses> kNames{"smooth", "erratic", "intermittent",
                                                                "lumpy"};
  return kNames[static_cast<std::size_t>(demand_class)];
}

DemandClass ClassOfPlace(std::size_t place) {
  return kPlaces[place % kMakeUp];
}

std::uint32_t DrawDailyCustomers(std::size_t place, base::Random& random) {
  if (place % kMakeUp == kBestSellerPlace) return 44'000 + random.Below(36'000);
  switch (ClassOfPlace(place)) {
    case DemandClass::kSmooth:
      return 4'500 + random.Below(3'500);
    case DemandClass::kErratic:
      return 2'500 + random.Below(700);
    case DemandClass::kIntermittent:
      return 400 + random.Below(400);
    case DemandClass::kLumpy:
      return 300 + random.Below(300);
  }
  return 0;
}

std::int64_t DrawBasket(DemandClass demand_class, base::Random& random) {
  const Baskets& up_to = kBaskets[static_cast<std::size_t>(demand_class)];
  const std::uint32_t draw = random.Below(kWhole);
  return std::upper_bound(up_to.begin(), up_to.end(), draw) - up_to.begin() + 1;
}

std::uint32_t MeanBasketThousandths(DemandClass demand_class) {
  static constexpr std::array<std::uint32_t, kDemandClasses> kMeans{
      MeanOf(kBaskets[0]), MeanOf(kBaskets[1]), MeanOf(kBaskets[2]), MeanOf(kBaskets[3])};
  return kMeans[static_cast<std::size_t>(demand_class)];
}

}  // namespace stockwatch::shop
