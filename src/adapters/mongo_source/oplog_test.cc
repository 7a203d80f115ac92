#include "adapters/mongo_source/oplog.h"

#include <gtest/gtest.h>

namespace stockwatch::mongo_source {
namespace {

std::chrono::steady_clock::time_point At(int seconds) {
  return std::chrono::steady_clock::time_point(std::chrono::seconds(1'000 + seconds));
}

TEST(OplogHeadroom, SaysWhenTheBeginningReachesThePosition) {
  OplogHeadroom headroom;
  const auto first = headroom.Note(1'000, 4'600, At(0));
  EXPECT_EQ(first.seconds, 3'600);
  EXPECT_EQ(first.lost_in, std::nullopt) << "one look shows no speed";
  // The beginning went on by 120 s in a minute, the position by 60: a second nearer each second.
  const auto second = headroom.Note(1'120, 4'660, At(60));
  EXPECT_EQ(second.seconds, 3'540);
  EXPECT_EQ(second.lost_in, 3'540);
}

TEST(OplogHeadroom, OfAPositionThatKeepsUpNothingIsLost) {
  OplogHeadroom headroom;
  headroom.Note(1'000, 4'600, At(0));
  EXPECT_EQ(headroom.Note(1'060, 4'660, At(60)).lost_in, std::nullopt);
  EXPECT_EQ(headroom.Note(1'060, 4'720, At(120)).lost_in, std::nullopt) << "it gains";
}

TEST(OplogHeadroom, APositionBeforeTheBeginningIsLostNow) {
  OplogHeadroom headroom;
  headroom.Note(1'000, 1'010, At(0));
  const auto gone = headroom.Note(1'100, 1'010, At(60));
  EXPECT_EQ(gone.seconds, -90);
  EXPECT_EQ(gone.lost_in, 0);
}

// A server cuts its oplog off in pieces: between two of them its beginning stands still.
TEST(OplogHeadroom, ABeginningThatMovesInLeapsMovesAllTheSame) {
  OplogHeadroom headroom;
  headroom.Note(1'000, 1'900, At(0));
  headroom.Note(1'000, 1'900, At(60));
  headroom.Note(1'120, 1'900, At(120));  // paused, and 120 s went in 120 s
  EXPECT_EQ(headroom.Note(1'120, 1'900, At(240)).lost_in, 1'560) << "780 s at half a second each";
}

TEST(OplogHeadroom, WhileNobodyAnswersThePositionStandsStill) {
  OplogHeadroom headroom;
  EXPECT_FALSE(headroom.Guess(At(0))) << "nobody was ever asked";
  headroom.Note(1'000, 4'600, At(0));
  headroom.Note(1'060, 4'660, At(60));
  const auto guess = headroom.Guess(At(660));
  ASSERT_TRUE(guess);
  EXPECT_EQ(guess->seconds, 3'000) << "600 s of 3600 are gone";
  EXPECT_EQ(guess->lost_in, 3'000);
}

TEST(OplogHeadroom, AnOplogThatStillGrowsLosesNothing) {
  OplogHeadroom headroom;
  headroom.Note(1'000, 1'010, At(0));
  EXPECT_EQ(headroom.Note(1'000, 1'010, At(60)).lost_in, std::nullopt);
  EXPECT_EQ(headroom.Guess(At(600))->lost_in, std::nullopt);
}

// A seek into the past is no speed.
TEST(OplogHeadroom, AfterAStepBackItBeginsAnew) {
  OplogHeadroom headroom;
  headroom.Note(1'000, 9'000, At(0));
  EXPECT_EQ(headroom.Note(1'060, 2'000, At(60)).lost_in, std::nullopt);
}

}  // namespace
}  // namespace stockwatch::mongo_source
