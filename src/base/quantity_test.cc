#include "base/quantity.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>

namespace stockwatch::base {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

TEST(Quantity, CountsThousandths) {
  EXPECT_EQ(Quantity::Pieces(1).thousandths(), 1000);
  EXPECT_EQ(Quantity::Thousandths(1500) + Quantity::Thousandths(500), Quantity::Pieces(2));
  EXPECT_EQ(Quantity::Pieces(1) - Quantity::Pieces(3), Quantity::Pieces(-2));
  EXPECT_EQ(-Quantity::Pieces(4), Quantity::Pieces(-4));
  EXPECT_EQ(Quantity(), Quantity::Pieces(0));
  EXPECT_LT(Quantity::Pieces(-1), Quantity());
}

TEST(Quantity, AssignsSums) {
  Quantity sum = Quantity::Pieces(5);
  sum += Quantity::Pieces(2);
  EXPECT_EQ(sum, Quantity::Pieces(7));
  sum -= Quantity::Pieces(10);
  EXPECT_EQ(sum, Quantity::Pieces(-3));
}

TEST(Quantity, WrapsWithoutTrapping) {
  EXPECT_EQ((Quantity::Thousandths(kMost) + Quantity::Thousandths(1)).thousandths(), kLeast);
  EXPECT_EQ((Quantity::Thousandths(kLeast) - Quantity::Thousandths(1)).thousandths(), kMost);
  EXPECT_EQ((-Quantity::Thousandths(kLeast)).thousandths(), kLeast);
}

TEST(Quantity, IsWrittenInPieces) {
  std::string text = "low ";
  AppendQuantity(text, Quantity::Thousandths(-12'500));
  EXPECT_EQ(text, "low -12.5");
}

RC_GTEST_PROP(QuantityProperty, TakingAwayUndoesAdding, (std::int64_t a, std::int64_t b)) {
  const Quantity first = Quantity::Thousandths(a);
  const Quantity second = Quantity::Thousandths(b);
  RC_ASSERT((first + second - second == first));
  RC_ASSERT((first + second == second + first));
  RC_ASSERT((first - second == first + -second));
}

}  // namespace
}  // namespace stockwatch::base
