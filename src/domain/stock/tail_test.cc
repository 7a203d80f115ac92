#include "domain/stock/tail.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::At;
using Answer = Tails::Answer;

// The tails of some items, with what each of them keeps of its own.
class Room {
 public:
  explicit Room(std::size_t marks_max = 1000, TailMark first = 0) : tails(marks_max, first) {}

  Answer Find(key::ItemIndex item, base::Position position) const {
    return tails.Find(item, latest_[item], position);
  }
  void Add(key::ItemIndex item, base::Position position) {
    latest_[item] = tails.Add(item, latest_[item], position, position > top_[item]);
    top_[item] = std::max(top_[item], position);
  }

  Tails tails;

 private:
  std::array<TailMark, 3> latest_{kNoMark, kNoMark, kNoMark};
  std::array<base::Position, 3> top_;
};

TEST(Tails, KnowWhatWasAddedToEachItem) {
  Room room;
  EXPECT_EQ(room.Find(0, At(10)), Answer::kNew);
  room.Add(0, At(10));
  room.Add(1, At(11));
  EXPECT_EQ(room.Find(0, At(10)), Answer::kKnown);
  EXPECT_EQ(room.Find(0, At(10, 2)), Answer::kNew);
  EXPECT_EQ(room.Find(0, At(9)), Answer::kNew);
  EXPECT_EQ(room.Find(0, At(11)), Answer::kNew) << "of another item";
  EXPECT_EQ(room.Find(1, At(11)), Answer::kKnown);
}

TEST(Tails, KnowWhatCameAgainstItsOrder) {
  Room room;
  for (const std::uint32_t second : {10u, 30u, 20u, 25u, 40u}) room.Add(0, At(second));
  for (const std::uint32_t second : {10u, 20u, 25u, 30u, 40u}) {
    EXPECT_EQ(room.Find(0, At(second)), Answer::kKnown) << second;
  }
  for (const std::uint32_t second : {5u, 15u, 22u, 35u, 50u}) {
    EXPECT_EQ(room.Find(0, At(second)), Answer::kNew) << second;
  }
}

TEST(Tails, AtOrBelowTheFloorOnlyTheHistoryKnows) {
  Room room;
  for (const std::uint32_t second : {10u, 20u, 15u, 30u}) room.Add(0, At(second));
  room.tails.Forget(20);
  EXPECT_EQ(room.tails.floor_seconds(), 20u);
  EXPECT_EQ(room.tails.size(), 1u);
  EXPECT_EQ(room.Find(0, At(20)), Answer::kForgotten);
  EXPECT_EQ(room.Find(0, At(20, 9)), Answer::kForgotten) << "a whole second";
  EXPECT_EQ(room.Find(0, At(30)), Answer::kKnown);
  EXPECT_EQ(room.Find(0, At(29)), Answer::kNew);
}

TEST(Tails, ForgettingNothingLeavesTheFloor) {
  Room room;
  room.Add(0, At(30));
  room.tails.Forget(29);
  EXPECT_EQ(room.tails.floor_seconds(), 0u);
  EXPECT_EQ(room.Find(0, At(5)), Answer::kNew);
}

TEST(Tails, TheOldestAreForgottenWhenThereAreTooMany) {
  Room room(3);
  for (const std::uint32_t second : {10u, 20u, 30u, 40u}) room.Add(0, At(second));
  EXPECT_EQ(room.tails.size(), 3u);
  EXPECT_EQ(room.Find(0, At(10)), Answer::kForgotten);
  EXPECT_EQ(room.Find(0, At(20)), Answer::kKnown);
}

TEST(Tails, NumbersOfMarksWrapAround) {
  Room room(4, kNoMark - 5);
  for (std::uint32_t second = 1; second <= 20; ++second) {
    room.Add(second % 2, At(second));
    EXPECT_EQ(room.Find(second % 2, At(second)), Answer::kKnown) << second;
    EXPECT_NE(room.Find((second + 1) % 2, At(second)), Answer::kKnown) << second;
  }
}

// What was added is known, or lies at or below the floor; what was not is never taken for known.
RC_GTEST_PROP(TailsProperty, NeverForgetAMarkAboveTheFloorAndInventNone, ()) {
  Room room(*rc::gen::inRange<std::size_t>(2, 40), *rc::gen::element<TailMark>(0, kNoMark - 20));
  std::array<std::set<base::Position>, 3> added;
  const int steps = *rc::gen::inRange(0, 80);
  for (int i = 0; i < steps; ++i) {
    const auto item = *rc::gen::inRange<key::ItemIndex>(0, 3);
    const base::Position position = At(*rc::gen::inRange<std::uint32_t>(1, 40), item + 1);
    if (*rc::gen::inRange(0, 8) == 0) {
      room.tails.Forget(position.seconds);
    } else if (room.Find(item, position) == Answer::kNew) {
      room.Add(item, position);
      added[item].insert(position);
    }
  }
  for (key::ItemIndex item = 0; item < 3; ++item) {
    for (std::uint32_t second = 1; second < 40; ++second) {
      const base::Position position = At(second, item + 1);
      const Answer answer = room.Find(item, position);
      if (second <= room.tails.floor_seconds()) {
        RC_ASSERT(answer == Answer::kForgotten);
      } else {
        RC_ASSERT((answer == Answer::kKnown) == added[item].contains(position));
      }
    }
  }
}

}  // namespace
}  // namespace stockwatch::stock
