#include "shop/make_up.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "base/instant.h"
#include "shop/demand.h"

namespace stockwatch::shop {
namespace {

TEST(MakeUp, FortySmoothTwentyFiveErraticTwentyFiveIntermittentTenLumpy) {
  std::array<int, kDemandClasses> of_twenty{};
  for (std::size_t place = 0; place < kMakeUp; ++place) {
    ++of_twenty[static_cast<std::size_t>(ClassOfPlace(place))];
  }
  EXPECT_EQ(of_twenty, (std::array{8, 5, 5, 2}));
}

// Mean −p ÷ ((1 − p) ln(1 − p)), mean of squares ÷ mean = 1 ÷ (1 − p): together they make what a
// day wants negative binomial with that ratio of variance to mean.
TEST(MakeUp, BasketsAreLogarithmic) {
  struct Case {
    DemandClass demand_class;
    double mean;
    double ratio;
  };
  for (const Case& c :
       {Case{DemandClass::kSmooth, 1.1204, 1.25}, Case{DemandClass::kErratic, 4.5531, 12.5},
        Case{DemandClass::kIntermittent, 1.1204, 1.25},
        Case{DemandClass::kLumpy, 3.4587, 8.3333}}) {
    SCOPED_TRACE(Name(c.demand_class));
    base::Random random(7);
    double sum = 0;
    double squares = 0;
    constexpr int kDraws = 400'000;
    for (int i = 0; i < kDraws; ++i) {
      const auto basket = static_cast<double>(DrawBasket(c.demand_class, random));
      sum += basket;
      squares += basket * basket;
    }
    EXPECT_NEAR(sum / kDraws, c.mean, 0.02 * c.mean);
    EXPECT_NEAR(squares / sum, c.ratio, 0.03 * c.ratio);
    EXPECT_NEAR(MeanBasketThousandths(c.demand_class), 1000 * c.mean, 0.005 * 1000 * c.mean);
  }
}

TEST(MakeUp, OutdoorSellsInSummerAndHomeBeforeChristmas) {
  const auto percent = [](const char* department, const char* at) {
    return SeasonPercent(department, base::ParseInstant(at).value());
  };
  EXPECT_NEAR(percent("Outdoor", "2026-06-30T00:00:00Z"), 145, 1);
  EXPECT_NEAR(percent("Outdoor", "2027-01-16T00:00:00Z"), 60, 1);
  EXPECT_NEAR(percent("Outdoor", "2026-03-31T00:00:00Z"), 102, 3);  // between 90 and 115
  EXPECT_NEAR(percent("Home", "2026-12-16T00:00:00Z"), 125, 1);
  // Over the turn of the year.
  EXPECT_NEAR(percent("Home", "2026-12-31T00:00:00Z"), 110, 2);
  EXPECT_NEAR(percent("Home", "2027-01-01T00:00:00Z"), 110, 2);
}

}  // namespace
}  // namespace stockwatch::shop
