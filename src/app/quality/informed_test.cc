#include "app/quality/informed.h"

#include <gtest/gtest.h>

namespace stockwatch::quality {
namespace {

TEST(Informed, ChancesOfPoissonAndNegativeBinomialDemand) {
  // 2 pieces a day: 1 − e⁻², 1 − 5 e⁻².
  EXPECT_NEAR(ChanceOfDemand({2, 1}, 1, 1), 0.864665, 1e-6);
  EXPECT_NEAR(ChanceOfDemand({1, 1}, 2, 3), 0.323324, 1e-6);
  // Mean 2 and variance 4 are a negative binomial of size 2 and chance ½: ¼, ¼, 3/16, …
  EXPECT_NEAR(ChanceOfDemand({2, 2}, 1, 1), 0.75, 1e-9);
  EXPECT_NEAR(ChanceOfDemand({2, 2}, 1, 2), 0.5, 1e-9);
  EXPECT_NEAR(ChanceOfDemand({2, 2}, 1, 3), 0.3125, 1e-9);
}

Level LevelOf(double chance, std::uint64_t right, std::uint64_t alerts, std::uint64_t foreseen) {
  Level level;
  level.chance = chance;
  level.foresight.precision = {right, alerts};
  level.foresight.recall = {foreseen, 10};
  return level;
}

// At 0.9 and more one item alerts at its lowest level, the other at none; at 0.8 both do.
TEST(Informed, OneChanceForAllItemsKeepsThePrecision) {
  const std::vector<std::vector<Level>> items{{LevelOf(0.95, 9, 9, 8), LevelOf(0.6, 9, 18, 9)},
                                              {LevelOf(0.8, 9, 11, 9)}};
  const Foresight strict = InformedLevels(items, 0.95);
  EXPECT_EQ(strict.precision.whole, 9u);
  EXPECT_EQ(strict.recall.part, 8u);
  EXPECT_EQ(strict.recall.whole, 20u) << "what is not alerted for is not foreseen";
  const Foresight looser = InformedLevels(items, 0.9);
  EXPECT_EQ(looser.precision.whole, 20u);
  EXPECT_EQ(looser.recall.part, 17u);
}

}  // namespace
}  // namespace stockwatch::quality
