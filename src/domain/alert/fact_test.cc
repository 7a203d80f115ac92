#include "domain/alert/fact.h"

#include <gtest/gtest.h>

namespace stockwatch::alert {
namespace {

Fact Numbered(std::int64_t number) {
  Fact fact;
  fact.at = base::Instant::Seconds(number);
  fact.compared = {number, -number};
  fact.place = "change/0/" + std::to_string(number) + "/1/0";
  return fact;
}

std::vector<std::uint32_t> Numbers(const Timeline& timeline) {
  std::vector<std::uint32_t> numbers;
  timeline.ForEach([&](std::uint32_t number, const Fact& fact) {
    EXPECT_EQ(fact, Numbered(number));
    numbers.push_back(number);
  });
  return numbers;
}

TEST(Timeline, KeepsFactsInTheirOrder) {
  Timeline timeline;
  for (int i = 0; i < 3; ++i) timeline.Add(Numbered(i));
  EXPECT_EQ(Numbers(timeline), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Timeline, OfALongLifeKeepsTheOpeningAndTheLatest) {
  Timeline timeline;
  for (int i = 0; i < 100; ++i) timeline.Add(Numbered(i));
  EXPECT_EQ(timeline.size(), 100u);
  const std::vector<std::uint32_t> numbers = Numbers(timeline);
  ASSERT_EQ(numbers.size(), Timeline::kKept);
  EXPECT_EQ(numbers.front(), 0u);
  EXPECT_EQ(numbers[1], 100 - Timeline::kKept + 1);
  EXPECT_EQ(numbers.back(), 99u);
}

TEST(Timeline, ComesBackFromItsBytesOrNotAtAll) {
  Timeline timeline;
  for (int i = 0; i < 70; ++i) timeline.Add(Numbered(i));
  std::string bytes;
  base::ByteWriter writer(bytes);
  timeline.Encode(writer);
  base::ByteReader whole(bytes);
  EXPECT_EQ(Timeline::Take(whole), timeline);
  EXPECT_TRUE(whole.ok() && whole.empty());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    base::ByteReader torn(std::string_view(bytes).substr(0, size));
    Timeline::Take(torn);
    EXPECT_FALSE(torn.ok()) << size;
  }
}

TEST(Timeline, NamesWhatHappened) {
  Fact fact;
  EXPECT_EQ(WhatName(fact), "opened");
  fact.kind = FactKind::kHeldBack;
  fact.what = 2;
  EXPECT_EQ(WhatName(fact), "silenced");
  fact.kind = FactKind::kTold;
  fact.what = 4;
  EXPECT_EQ(WhatName(fact), "reminder");
  fact.kind = FactKind::kDone;
  fact.what = 0;
  EXPECT_EQ(WhatName(fact), "acknowledge");
}

}  // namespace
}  // namespace stockwatch::alert
