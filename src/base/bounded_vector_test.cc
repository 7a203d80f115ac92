#include "base/bounded_vector.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stockwatch::base {
namespace {

using Path = BoundedVector<std::string, 3>;

TEST(BoundedVector, KeepsWhatIsPushedInOrder) {
  Path path;
  EXPECT_TRUE(path.empty());
  path.push_back("8");
  path.push_back("85");
  path[0] = "9";
  EXPECT_EQ(path.size(), 2u);
  EXPECT_EQ(path.back(), "85");
  EXPECT_EQ(std::vector<std::string>(path.begin(), path.end()),
            (std::vector<std::string>{"9", "85"}));
}

TEST(BoundedVector, HoldsItsCapacityAgainAfterClear) {
  Path path;
  for (int round = 0; round < 2; ++round) {
    for (const char* name : {"a", "b", "c"}) path.push_back(name);
    EXPECT_EQ(path.size(), 3u);
    path.clear();
    EXPECT_TRUE(path.empty());
    EXPECT_EQ(path.begin(), path.end());
  }
}

TEST(BoundedVectorDeathTest, StopsBeyondItsCapacity) {
  Path path;
  for (const char* name : {"a", "b", "c"}) path.push_back(name);
  EXPECT_DEATH(path.push_back("d"), "the domain bounds this list");
}

}  // namespace
}  // namespace stockwatch::base
