#include "flow/token_ordinals.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace stockwatch::flow {
namespace {

TEST(TokenOrdinals, CountsTheDistinctTokensOfAClusterTimeFromZero) {
  TokenOrdinals ordinals(1000);
  EXPECT_EQ(ordinals.Of(10, 1, "a"), 0u);
  EXPECT_EQ(ordinals.Of(10, 1, "b"), 1u);
  EXPECT_EQ(ordinals.Of(10, 1, "c"), 2u);
}

TEST(TokenOrdinals, TheSameTokenIsTheSameChangeHoweverOftenItComes) {
  TokenOrdinals ordinals(1000);
  ordinals.Of(10, 1, "a");
  ordinals.Of(10, 1, "b");
  EXPECT_EQ(ordinals.Of(10, 1, "b"), 1u);
  EXPECT_EQ(ordinals.Of(10, 1, "a"), 0u);
  EXPECT_EQ(ordinals.Of(10, 1, "c"), 2u);
}

TEST(TokenOrdinals, EveryClusterTimeCountsByItself) {
  TokenOrdinals ordinals(1000);
  EXPECT_EQ(ordinals.Of(10, 1, "a"), 0u);
  EXPECT_EQ(ordinals.Of(10, 2, "b"), 0u) << "another increment";
  EXPECT_EQ(ordinals.Of(11, 1, "c"), 0u) << "another second";
  EXPECT_EQ(ordinals.Of(10, 1, "b"), 1u);
}

TEST(TokenOrdinals, RemembersAtLeastHalfOfItsCapacity) {
  TokenOrdinals ordinals(6);
  ordinals.Of(10, 1, "a");
  ordinals.Of(10, 1, "b");
  ordinals.Of(11, 1, "x");
  ordinals.Of(12, 1, "x");
  EXPECT_EQ(ordinals.Of(10, 1, "b"), 1u);
  EXPECT_EQ(ordinals.Of(10, 1, "c"), 2u);
}

TEST(TokenOrdinals, TokensThatDifferInTheirLastByteAreTwo) {
  TokenOrdinals ordinals(1000);
  const std::string token(200, '8');
  EXPECT_EQ(ordinals.Of(10, 1, token + "a"), 0u);
  EXPECT_EQ(ordinals.Of(10, 1, token + "b"), 1u);
  EXPECT_EQ(ordinals.Of(10, 1, token), 2u);
}

// Tokens of the latest cluster times, in any order.
RC_GTEST_PROP(TokenOrdinalsProperty, EqualAListOfTokensForEachTime, ()) {
  constexpr std::size_t kRemembered = 5;
  constexpr std::uint32_t kTokens = 3;  // of a cluster time, at most
  TokenOrdinals ordinals(std::size_t{2} * kTokens * kRemembered);
  std::vector<std::vector<std::string>> times;  // the tokens of each, in order of appearance
  const int steps = *rc::gen::inRange(0, 120);
  for (int i = 0; i < steps; ++i) {
    if (times.empty() || *rc::gen::inRange(0, 4) == 0) times.emplace_back();
    const std::size_t back = *rc::gen::inRange<std::size_t>(0, std::min(kRemembered, times.size()));
    const std::size_t time = times.size() - 1 - back;
    const std::string token(1, *rc::gen::element('a', 'b', 'c'));
    std::vector<std::string>& tokens = times[time];
    if (tokens.empty() && back > 0) continue;  // it would be younger than its number says
    auto place = std::find(tokens.begin(), tokens.end(), token);
    if (place == tokens.end()) place = tokens.insert(tokens.end(), token);
    const auto second = static_cast<std::uint32_t>(time / 2 + 1);
    const auto increment = static_cast<std::uint32_t>(time % 2 + 1);
    RC_ASSERT(ordinals.Of(second, increment, token) ==
              static_cast<std::uint32_t>(place - tokens.begin()));
  }
}

}  // namespace
}  // namespace stockwatch::flow
