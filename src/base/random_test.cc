#include "base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace stockwatch::base {
namespace {

TEST(Random, GivesThePublishedNumbers) {
  // The numbers that implementations of SplitMix64 are checked against, seed 1234567.
  Random random(1'234'567);
  for (const std::uint64_t number :
       {6'457'827'717'110'365'317u, 3'203'168'211'198'807'973u, 9'817'491'932'198'370'423u,
        4'593'380'528'125'082'431u, 16'408'922'859'458'223'821u}) {
    EXPECT_EQ(random.Next(), number);
  }
  EXPECT_EQ(Random(0).Next(), 0xe220a8397b1dcdafu);
}

TEST(Random, NeighbouringSeedsShareNoNumbers) {
  Random first(7);
  Random second(8);
  first.Next();
  EXPECT_NE(first.Next(), second.Next());
}

TEST(Random, StaysBelowItsBoundAndReachesAllOfIt) {
  Random random(3);
  std::array<int, 6> seen{};
  for (int i = 0; i < 6000; ++i) ++seen[random.Below(6)];
  for (const int count : seen) {
    EXPECT_GT(count, 850);  // expected 1000, standard deviation 29
    EXPECT_LT(count, 1150);
  }
  EXPECT_EQ(random.Below(1), 0u);
}

TEST(Random, ChanceOfAllOrNothingIsCertain) {
  Random random(4);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(random.Chance(5, 5));
    EXPECT_FALSE(random.Chance(0, 5));
  }
}

}  // namespace
}  // namespace stockwatch::base
