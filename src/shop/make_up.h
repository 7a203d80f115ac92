#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace stockwatch::shop {

// How an item sells: by the interval between its days with demand (ADI, cut at 1.32) and the
// squared coefficient of variation of what they want (CV², cut at 0.49). Source: Syntetos, Boylan,
// Croston, "On the categorization of demand patterns", Journal of the Operational Research Society
// 56 (2005).
enum class DemandClass : std::uint8_t { kSmooth, kErratic, kIntermittent, kLumpy };
inline constexpr std::size_t kDemandClasses = 4;
std::string_view Name(DemandClass demand_class);

// Articles come in twenties, each of the same make-up: 8 smooth, 5 erratic, 5 intermittent, 2
// lumpy.
inline constexpr std::size_t kMakeUp = 20;
// One of the smooth ones sells as much as the rest of its twenty.
inline constexpr std::size_t kBestSellerPlace = 7;
DemandClass ClassOfPlace(std::size_t place);

// Customers on an average day at an average warehouse, in thousandths.
std::uint32_t DrawDailyCustomers(std::size_t place, base::Random& random);

// Pieces that one customer wants: logarithmic. As customers come independently of each other, what
// a day wants is negative binomial, its variance the mean ÷ (1 − p) of the class. Source:
// Quenouille, "A relation between the logarithmic, Poisson, and negative binomial series",
// Biometrics 5 (1949).
std::int64_t DrawBasket(DemandClass demand_class, base::Random& random);
// Its mean, in thousandths.
std::uint32_t MeanBasketThousandths(DemandClass demand_class);

}  // namespace stockwatch::shop
