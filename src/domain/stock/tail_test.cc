#include "domain/stock/tail.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <set>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::At;

Tail::Row RowAt(base::Position position) {
  return {position, {}, RowKind::kSale};
}

std::vector<std::uint32_t> Seconds(const Tail& tail) {
  std::vector<std::uint32_t> seconds;
  for (const Tail::Row& row : tail.rows()) seconds.push_back(row.position.seconds);
  return seconds;
}

TEST(Tail, KnowsWhatWasInserted) {
  Tail tail;
  EXPECT_TRUE(tail.empty());
  EXPECT_EQ(tail.Find(At(10)), Tail::Mark::kNew);
  tail.Insert(RowAt(At(10)));
  EXPECT_EQ(tail.Find(At(10)), Tail::Mark::kKnown);
  EXPECT_EQ(tail.Find(At(9)), Tail::Mark::kNew);
  EXPECT_EQ(tail.Find(At(10, 2)), Tail::Mark::kNew);
  EXPECT_FALSE(tail.empty());
}

TEST(Tail, KeepsRowsInOrderOfPosition) {
  Tail tail;
  for (const std::uint32_t second : {30u, 10u, 40u, 20u}) tail.Insert(RowAt(At(second)));
  EXPECT_EQ(Seconds(tail), (std::vector<std::uint32_t>{10, 20, 30, 40}));
}

TEST(Tail, KnowsNothingAtOrBelowItsFloor) {
  Tail tail(At(10));
  EXPECT_EQ(tail.Find(At(9)), Tail::Mark::kBelowFloor);
  EXPECT_EQ(tail.Find(At(10)), Tail::Mark::kBelowFloor);
  EXPECT_EQ(tail.Find(At(10, 2)), Tail::Mark::kNew);
  tail.Insert(RowAt(At(9)));
  EXPECT_TRUE(tail.empty()) << "such a row is left to the history";
}

TEST(Tail, TrimsWholeSecondsAndRaisesTheFloor) {
  Tail tail;
  for (const std::uint32_t second : {10u, 20u, 20u, 30u}) {
    tail.Insert(RowAt(At(second, static_cast<std::uint32_t>(tail.rows().size()) + 1)));
  }
  tail.Trim(20);
  EXPECT_EQ(Seconds(tail), (std::vector<std::uint32_t>{30}));
  EXPECT_EQ(tail.floor(), At(20, 3));
  EXPECT_EQ(tail.Find(At(20, 3)), Tail::Mark::kBelowFloor);
  EXPECT_EQ(tail.Find(At(30, 4)), Tail::Mark::kKnown);
}

TEST(Tail, ATrimThatDropsNothingLeavesTheFloor) {
  Tail tail;
  tail.Insert(RowAt(At(30)));
  tail.Trim(29);
  EXPECT_EQ(tail.floor(), base::Position());
  EXPECT_EQ(tail.Find(At(5)), Tail::Mark::kNew);
}

TEST(Tail, GoesOnAfterEverythingWasTrimmed) {
  Tail tail;
  tail.Insert(RowAt(At(10)));
  tail.Trim(10);
  EXPECT_TRUE(tail.empty());
  tail.Insert(RowAt(At(11)));
  EXPECT_EQ(tail.Find(At(11)), Tail::Mark::kKnown);
  EXPECT_EQ(tail.Find(At(10)), Tail::Mark::kBelowFloor);
}

// What was inserted is known, or lies at or below the floor; what was not is never taken for known.
RC_GTEST_PROP(TailProperty, NeverForgetsARowAboveItsFloorAndInventsNone, ()) {
  Tail tail;
  std::set<base::Position> inserted;
  const int steps = *rc::gen::inRange(0, 60);
  for (int i = 0; i < steps; ++i) {
    if (*rc::gen::inRange(0, 8) == 0) {
      tail.Trim(*rc::gen::inRange<std::uint32_t>(1, 40));
      continue;
    }
    const base::Position position = At(*rc::gen::inRange<std::uint32_t>(1, 40));
    const Tail::Mark mark = tail.Find(position);
    if (mark == Tail::Mark::kKnown) continue;
    tail.Insert(RowAt(position));
    inserted.insert(position);
  }
  for (std::uint32_t second = 1; second < 40; ++second) {
    const base::Position position = At(second);
    if (position <= tail.floor()) {
      RC_ASSERT(tail.Find(position) == Tail::Mark::kBelowFloor);
    } else {
      RC_ASSERT((tail.Find(position) == Tail::Mark::kKnown) == inserted.contains(position));
    }
  }
}

}  // namespace
}  // namespace stockwatch::stock
