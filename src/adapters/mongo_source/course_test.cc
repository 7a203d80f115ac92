#include "adapters/mongo_source/course.h"

#include <gtest/gtest.h>

#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

constexpr std::int32_t kNewServer = 21;
constexpr std::int32_t kOldServer = 8;

Failure Said(std::int32_t code, std::vector<std::string> labels = {}) {
  return {FailureKind::kServer, code, "refused", std::move(labels)};
}

Failure Broken() {
  return {FailureKind::kNetwork, 0, "connection closed", {}};
}

// As a server of MongoDB writes them: key string of a timestamp, then its own bytes.
std::string TokenAt(std::string_view hex) {
  return bson::DocumentWriter().Text("_data", hex).Finish();
}

const std::string kToken = TokenAt("8265A1B2C3000000072B0229296E04");
constexpr std::uint64_t kTokenTime = std::uint64_t{0x65A1B2C3} << 32 | 7;

Course CourseAt(Start start, std::optional<Start> older = std::nullopt) {
  return Course(std::move(start), std::move(older), {}, 1);
}

Start Behind(const std::string& token) {
  return BehindEvent(token, 0);
}

TEST(Token, HoldsItsClusterTime) {
  EXPECT_EQ(TimeOfToken(kToken), kTokenTime);
}

TEST(Token, OfAnotherLayoutHidesItsTime) {
  EXPECT_FALSE(TimeOfToken(TokenAt("8165A1B2C300000007")));
  EXPECT_FALSE(TimeOfToken(TokenAt("8265A1B2C3")));
  EXPECT_FALSE(TimeOfToken(TokenAt("82zzA1B2C300000007")));
  EXPECT_FALSE(TimeOfToken(bson::DocumentWriter().Int32("_data", 1).Finish()));
  EXPECT_FALSE(TimeOfToken("no document"));
}

TEST(Token, SaysWhetherItNamesAnEvent) {
  EXPECT_TRUE(IsOfEvent(TokenAt("8265A1B2C3000000072B042C0100296E5A1004AB")));
  for (const char* other : {"8265A1B2C3000000072B0429296E1404", "8265A1B2C300000007", "0001", ""}) {
    EXPECT_FALSE(IsOfEvent(TokenAt(other))) << other;
  }
}

TEST(Token, AnEmptyBatchMovesThePlaceWithItsToken) {
  const auto behind = BehindNothing(Behind(kToken), TokenAt("8265A1B2C400000001"), 0);
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->kind, StartKind::kResumeAfter);
  EXPECT_EQ(behind->time, std::uint64_t{0x65A1B2C4} << 32 | 1);
  EXPECT_FALSE(BehindNothing(Behind(kToken), kToken, 5));
}

TEST(Token, WithoutTokensTheFirstOperationTimeIsThePlace) {
  const auto first = BehindNothing(Start{}, {}, 77);
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, (Start{StartKind::kStartAtOperationTime, {}, 77}));
  EXPECT_FALSE(BehindNothing(*first, {}, 99));  // what came between the two would be lost
}

TEST(Remedy, NewServersSayThemselvesWhatCanBeResumed) {
  EXPECT_EQ(AfterMore(Said(91, {"ResumableChangeStreamError"}), kNewServer), Remedy::kAgain);
  EXPECT_EQ(AfterMore(Said(91), kNewServer), Remedy::kNone);
  EXPECT_EQ(AfterMore(Said(43), kNewServer), Remedy::kAgain);
  EXPECT_EQ(AfterMore(Broken(), kNewServer), Remedy::kAgain);
}

TEST(Remedy, OfOldServersTheCodesAreKnown) {
  for (const std::int32_t code : {6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600,
                                  11602, 13388, 13435, 13436, 43}) {
    EXPECT_EQ(AfterMore(Said(code), kOldServer), Remedy::kAgain) << code;
  }
  EXPECT_EQ(AfterMore(Said(11601), kOldServer), Remedy::kNone);
  EXPECT_EQ(AfterMore(Said(59), kOldServer), Remedy::kNone);
}

TEST(Remedy, WhoMayNotReadDoesNotTryAgain) {
  for (const std::int32_t code : {13, 18, 20, 40573}) {
    EXPECT_EQ(AfterOpen(Said(code)), Remedy::kNone) << code;
    EXPECT_EQ(AfterMore(Said(code), kNewServer), Remedy::kNone) << code;
  }
  EXPECT_EQ(AfterOpen({FailureKind::kAuthentication, 0, "no", {}}), Remedy::kNone);
}

TEST(Remedy, LostHistoryIsNeverTriedAgain) {
  for (const std::int32_t code : {286, 464}) {
    EXPECT_EQ(AfterOpen(Said(code)), Remedy::kHistoryLost) << code;
    EXPECT_EQ(AfterMore(Said(code), kNewServer), Remedy::kHistoryLost) << code;
  }
}

TEST(Course, AFailureLeavesThePlaceWhereItWas) {
  Course course = CourseAt(Behind(kToken));
  EXPECT_EQ(course.AfterMore(Broken(), kNewServer), Turn::kOpen);
  EXPECT_EQ(course.start(), Behind(kToken));
}

TEST(Course, TheFirstTryIsAtOnceAndLaterOnesWaitLonger) {
  Course course = CourseAt(Behind(kToken));
  course.AfterMore(Broken(), kNewServer);
  EXPECT_EQ(course.pause(), base::Duration());
  std::int64_t step = 250'000;
  for (int i = 0; i < 12; ++i, step = std::min<std::int64_t>(step * 2, 30'000'000)) {
    course.AfterOpen(Broken());
    EXPECT_GE(course.pause().micros(), step / 2) << i;
    EXPECT_LE(course.pause().micros(), step) << i;
  }
  course.Works();
  course.AfterMore(Broken(), kNewServer);
  EXPECT_EQ(course.pause(), base::Duration());
}

// getMore keeps failing while aggregate works: that must not spin.
TEST(Course, OpeningAloneIsNoProgress) {
  Course course = CourseAt(Behind(kToken));
  course.AfterMore(Said(91, {"ResumableChangeStreamError"}), kNewServer);
  course.AfterMore(Said(91, {"ResumableChangeStreamError"}), kNewServer);
  EXPECT_GT(course.pause(), base::Duration());
}

TEST(Course, AnUnknownTokenIsTriedAsOfAnInvalidateThenTheOlderOneThenItIsLost) {
  const std::string older = TokenAt("8265A1B2C000000001");
  Course course = CourseAt(Behind(kToken), Behind(older));
  EXPECT_EQ(course.AfterOpen(Said(260)), Turn::kOpen);
  EXPECT_EQ(course.start().kind, StartKind::kStartAfter);
  EXPECT_EQ(course.start().token, kToken);
  EXPECT_EQ(course.AfterOpen(Said(50811)), Turn::kOpen);
  EXPECT_EQ(course.start(), Behind(older));
  EXPECT_EQ(course.AfterOpen(Said(260)), Turn::kOpen);
  EXPECT_EQ(course.AfterOpen(Said(260)), Turn::kLost);
}

TEST(Course, ATokenOfAnotherPipelineGivesWayToItsTime) {
  Course course = CourseAt(Behind(kToken));
  EXPECT_EQ(course.AfterOpen(Said(280)), Turn::kOpen);
  EXPECT_EQ(course.start(), (Start{StartKind::kStartAtOperationTime, {}, kTokenTime}));
  EXPECT_EQ(course.AfterOpen(Said(280)), Turn::kStop);
}

TEST(Course, ATokenThatHidesItsTimeIsLostToAnotherPipeline) {
  Course course = CourseAt(Behind(TokenAt("0001")));
  EXPECT_EQ(course.AfterOpen(Said(280)), Turn::kLost);
}

TEST(Course, APlaceThatWasSoughtAndIsRefusedIsGivenUpForTheOneBefore) {
  const Start sought{StartKind::kStartAtOperationTime, {}, 5};
  for (const int code : {286, 9, 2, 280}) {
    Course course = CourseAt(Behind(kToken));
    course.Seek({StartKind::kNow, {}, 0});
    course.Seek(sought);
    const Turn turn = course.AfterOpen(Said(code));
    EXPECT_EQ(turn, Turn::kBack) << code;
    EXPECT_EQ(course.start(), Behind(kToken)) << code;
    EXPECT_NE(course.AfterOpen(Said(code)), Turn::kBack) << code;
  }
  Course course = CourseAt(Behind(kToken));
  course.Seek(sought);
  EXPECT_EQ(course.AfterOpen(Broken()), Turn::kOpen);
  EXPECT_EQ(course.start(), sought) << "a line that broke says nothing of the place";
  course.Follows();
  EXPECT_EQ(course.AfterMore(Said(286), kNewServer), Turn::kLost);
}

TEST(Remedy, WhatPassesIsNoReasonToStopASnapshot) {
  for (const int code : {50, 175, 11601, 91}) {
    EXPECT_EQ(AfterFind(Said(code)), Remedy::kAgain) << code;
  }
  for (const int code : {2, 13}) EXPECT_EQ(AfterFind(Said(code)), Remedy::kNone) << code;
}

TEST(Course, ALargeEventIsAskedForSmallerThenWithoutItsDocument) {
  Course course = CourseAt(Behind(kToken));
  const auto larger = [&] { return course.AfterMore(Said(10334), kNewServer); };
  EXPECT_EQ(course.detail(), Detail::kAll);
  EXPECT_EQ(larger(), Turn::kSmaller);
  EXPECT_EQ(course.detail(), Detail::kSmaller);
  EXPECT_EQ(larger(), Turn::kSmaller);
  EXPECT_EQ(course.detail(), Detail::kSingle) << "what comes before it is not too large";
  EXPECT_EQ(larger(), Turn::kSmaller);
  EXPECT_EQ(course.detail(), Detail::kLeast);
  EXPECT_EQ(larger(), Turn::kStop);
  course.Passed();
  EXPECT_EQ(larger(), Turn::kSmaller) << "the next of that kind";
}

constexpr Timeouts kTimeouts{base::Duration::Seconds(10), base::Duration::Seconds(35)};

Failure TooLate() {
  Failure failure = Broken();
  failure.hint = Hint::kTimeout;
  return failure;
}

TEST(Course, AnOpeningThatTakesTooLongGetsTwiceTheTimeUntilItHasCaughtUp) {
  Course course(Behind(kToken), std::nullopt, {}, 1, kTimeouts);
  course.AfterOpen(Broken());
  course.AfterMore(TooLate(), kNewServer);
  EXPECT_EQ(course.timeout(), base::Duration::Seconds(10)) << "the opening may be quick";
  for (const int seconds : {20, 35, 35}) {
    EXPECT_EQ(course.AfterOpen(TooLate()), Turn::kOpen);
    EXPECT_EQ(course.timeout(), base::Duration::Seconds(seconds));
  }
  course.Follows();
  EXPECT_EQ(course.timeout(), base::Duration::Seconds(35)) << "there may be more to look through";
  EXPECT_TRUE(course.CaughtUp());
  EXPECT_EQ(course.timeout(), base::Duration::Seconds(10));
  EXPECT_FALSE(course.CaughtUp());
}

// It would be opened in turns with the one and the other.
TEST(Course, AServerThatAlwaysTakesLongToOpenKeepsItsTime) {
  Course course(Behind(kToken), std::nullopt, {}, 1, kTimeouts);
  course.AfterOpen(TooLate());
  ASSERT_TRUE(course.CaughtUp());
  course.Follows();
  course.AfterOpen(TooLate());
  ASSERT_TRUE(course.CaughtUp()) << "it had followed with the usual time";
  course.AfterOpen(TooLate());
  EXPECT_FALSE(course.CaughtUp());
  EXPECT_EQ(course.timeout(), base::Duration::Seconds(20));
}

TEST(Course, WithoutATokenThereIsNoneToBlame) {
  Course course = CourseAt(Start{});
  EXPECT_EQ(course.AfterOpen(Said(9)), Turn::kStop);
}

}  // namespace
}  // namespace stockwatch::mongo_source
