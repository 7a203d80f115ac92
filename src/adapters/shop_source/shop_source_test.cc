#include "adapters/shop_source/shop_source.h"

#include <gtest/gtest.h>

#include "testing/stepped_clock.h"

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

// The cluster second of the next change; 0: its moment has not come.
std::uint32_t SecondOfNext(ShopSource& source) {
  ports::RawInput input;
  const auto next = source.Read(input);
  SW_ASSERT(next.ok() && next.value() != ports::Next::kEnd, "the shop goes on");
  return next.value() == ports::Next::kInput ? input.change.position.seconds : 0;
}

TEST(ShopSource, APaceHoldsChangesUntilTheirMoment) {
  shop::Options options = Small();
  options.days = 3;
  const auto start = static_cast<std::uint32_t>(options.start.micros() / 1'000'000);
  testing::SteppedClock clock(base::Instant::Seconds(1));
  ShopSource source(options, {.speed = 3600, .lead_days = 1}, clock);
  ShopSource at_once(options);
  std::uint32_t first = SecondOfNext(at_once);
  while (first < start + 86'400) {
    ASSERT_EQ(SecondOfNext(source), first) << "the lead passes at once";
    first = SecondOfNext(at_once);
  }
  ASSERT_EQ(SecondOfNext(source), first) << "pacing begins with it";
  for (std::uint32_t held = SecondOfNext(at_once); held < start + 2 * 86'400;) {
    const std::uint32_t got = SecondOfNext(source);
    if (got == 0) {
      const std::string position = source.Position();
      EXPECT_EQ(SecondOfNext(source), 0u) << "it stays held";
      EXPECT_EQ(source.Position(), position);
      clock.Pass(base::Duration::Micros(500'000));
      continue;
    }
    ASSERT_EQ(got, held);
    const auto shop_now = first + clock.Monotonic().micros() * 3600 / 1'000'000;
    EXPECT_LE(got, shop_now);
    EXPECT_GT(got, shop_now - 1800) << "it came at the first step that it could";
    held = SecondOfNext(at_once);
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
