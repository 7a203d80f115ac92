#include "adapters/shop_source/shop_source.h"

#include <gtest/gtest.h>

namespace stockwatch::shop_source {
namespace {

shop::Options Small() {
  shop::Options options;
  options.days = 1;
  options.items_per_warehouse = 5;
  return options;
}

std::string ReadOne(ShopSource& source) {
  ports::RawInput input;
  return source.Read(input).value() == ports::Next::kInput ? input.bytes : "end";
}

TEST(ShopSource, GoesOnBehindAPosition) {
  ShopSource first(Small());
  for (int i = 0; i < 7; ++i) EXPECT_NE(ReadOne(first), "end");
  ShopSource second(Small());
  ASSERT_TRUE(second.Resume(first.Position()).ok());
  EXPECT_EQ(second.Position(), first.Position());
  while (true) {
    const std::string line = ReadOne(first);
    ASSERT_EQ(ReadOne(second), line);
    if (line == "end") break;
  }
}

TEST(ShopSource, RefusesThePositionOfAnotherShop) {
  ShopSource first(Small());
  shop::Options other = Small();
  other.seed = 2;
  EXPECT_EQ(ShopSource(other).Resume(first.Position()).error().code,
            base::Code::kFailedPrecondition);
  EXPECT_EQ(ShopSource(other).Resume("\1file").error().code, base::Code::kFailedPrecondition)
      << "of a file";
  EXPECT_EQ(ShopSource(other).Resume("\4").error().code, base::Code::kDataLoss);
}

}  // namespace
}  // namespace stockwatch::shop_source
