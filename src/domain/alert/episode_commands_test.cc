// What people do to alerts, and what holds their notices back.

#include <gtest/gtest.h>

#include <string>

#include "domain/alert/episode_book.h"
#include "testing/alarm_room.h"

namespace stockwatch::alert {
namespace {

using base::Code;
using base::Instant;
using event::ConditionType;
using stockwatch::testing::AlarmRoom;
using stockwatch::testing::Between;
using stockwatch::testing::Clears;
using stockwatch::testing::Holds;
using Condition = EpisodeBook::Condition;

constexpr ConditionType kOut = ConditionType::kOutOfStock;
constexpr ConditionType kLow = ConditionType::kLowStock;

// Engine time is 5,000 seconds ahead of source time: neither can be taken for the other.
constexpr std::int64_t kAhead = 5'000;
Instant Engine(std::uint32_t second) {
  return Instant::Seconds(second + kAhead);
}

class EpisodeCommandsTest : public ::testing::Test {
 protected:
  const Episode& Only() const { return room_.book.at(0); }
  const Notes& OnlyNotes() const { return *room_.book.FindNotes(0); }
  static Deed At(std::uint32_t second, const std::string& author = "ann") {
    return {AlarmRoom::Second(second), Engine(second), author};
  }
  void Open(std::uint32_t second = 100) { room_.Change(mug_, second, {{kLow, Holds(9, 10)}}); }
  std::string Clear(std::uint32_t second) { return room_.Change(mug_, second, {{kLow, Clears()}}); }
  // Engine time comes to what it is at that second.
  std::string Pass(std::uint32_t second) {
    room_.book.MoveEngineTime(Engine(second), AlarmRoom::Second(second), room_.outcome);
    return room_.Said();
  }
  base::Status Acknowledge(std::uint32_t second) {
    return room_.book.Acknowledge(Only().id, At(second), room_.outcome);
  }
  base::Status Snooze(std::uint32_t second, std::uint32_t until) {
    return room_.book.Snooze(Only().id, Engine(until), At(second));
  }
  std::string Silence(std::uint32_t second, std::uint32_t until, const std::string& sku = "mug") {
    event::Silence silence;
    silence.id = "s";
    silence.scope.sku = sku;
    silence.from = Engine(second);
    silence.until = Engine(until);
    EXPECT_TRUE(room_.silences.Add(silence).ok());
    room_.book.SilencesChanged(AlarmRoom::Second(second), room_.outcome);
    return room_.Said();
  }

  AlarmRoom room_;
  Subject mug_ = room_.Item("GB", "mug");
};

TEST_F(EpisodeCommandsTest, AcknowledgesAndTakesItBack) {
  Open();
  EXPECT_TRUE(Acknowledge(101).ok());
  EXPECT_EQ(room_.Said(), "acknowledged low_stock");
  EXPECT_EQ(Only().state, State::kAcknowledged);
  EXPECT_EQ(OnlyNotes().acknowledged_by, "ann");
  EXPECT_EQ(OnlyNotes().acknowledged_at, Engine(101));
  EXPECT_EQ(room_.book.Active(mug_, kLow), 0u) << "it is still an open alert";
  EXPECT_EQ(Acknowledge(102).error().code, Code::kAborted);
  const auto back = [&](std::uint32_t second) {
    return room_.book.Unacknowledge(Only().id, At(second), room_.outcome);
  };
  EXPECT_TRUE(back(103).ok());
  EXPECT_EQ(room_.Said(), "unacknowledged low_stock");
  EXPECT_EQ(OnlyNotes().acknowledged_by, "");
  EXPECT_EQ(back(104).error().code, Code::kAborted);
  EXPECT_EQ(room_.Said(), "") << "a refused command changes nothing";
}

TEST_F(EpisodeCommandsTest, AnAcknowledgementDoesNotSurviveReopening) {
  Open();
  ASSERT_TRUE(Acknowledge(101).ok());
  room_.Said();
  EXPECT_EQ(Clear(110),
            "resolved low_stock cleared, tell resolved low_stock, close low_stock @1010");
  Open(120);
  EXPECT_EQ(Only().state, State::kOpen);
  EXPECT_EQ(OnlyNotes().acknowledged_by, "");
}

TEST_F(EpisodeCommandsTest, ResolvesByHandWhereTheConditionNoLongerHolds) {
  Open();
  room_.Change(mug_, 101, {{kLow, Between(11)}});
  const EpisodeId id = Only().id;
  const auto resolve = [&](Condition condition, std::uint32_t second) {
    return room_.book.ResolveManually(id, condition, At(second), room_.outcome);
  };
  EXPECT_EQ(resolve(Condition::kHolds, 102).error().code, Code::kAborted);
  EXPECT_EQ(Only().state, State::kOpen);
  EXPECT_TRUE(resolve(Condition::kDoesNot, 103).ok());
  EXPECT_EQ(room_.Said(),
            "resolved low_stock manual, tell resolved low_stock, close low_stock @1003");
  EXPECT_EQ(Only().cause, Cause::kManual);
  EXPECT_FALSE(room_.book.Active(mug_, kLow));
  EXPECT_EQ(resolve(Condition::kDoesNot, 104).error().code, Code::kAborted);
}

TEST_F(EpisodeCommandsTest, WhatAStrongerAlertMutedIsToldWhenThatIsResolvedByHand) {
  room_.Change(mug_, 100, {{kOut, Holds()}, {kLow, Holds()}});
  room_.Change(mug_, 101, {{kOut, Between(1)}, {kLow, Holds()}});
  ASSERT_TRUE(
      room_.book.ResolveManually(Only().id, Condition::kDoesNot, At(102), room_.outcome).ok());
  EXPECT_EQ(room_.Said(),
            "resolved out_of_stock manual, tell resolved out_of_stock, tell opened low_stock, "
            "close out_of_stock @1002");
}

TEST_F(EpisodeCommandsTest, CommandsForAlertsThatDoNotExistAreNotFound) {
  EpisodeBook& book = room_.book;
  const Deed deed = At(100);
  EXPECT_EQ(book.Acknowledge({}, deed, room_.outcome).error().code, Code::kNotFound);
  EXPECT_EQ(book.Unacknowledge({}, deed, room_.outcome).error().code, Code::kNotFound);
  EXPECT_EQ(book.ResolveManually({}, Condition::kDoesNot, deed, room_.outcome).error().code,
            Code::kNotFound);
  EXPECT_EQ(book.Snooze({}, Engine(200), deed).error().code, Code::kNotFound);
  EXPECT_EQ(book.Unsnooze({}, deed, room_.outcome).error().code, Code::kNotFound);
  EXPECT_EQ(book.Comment({}, "x", deed).error().code, Code::kNotFound);
  EXPECT_EQ(book.Assign({}, "bob", deed).error().code, Code::kNotFound);
}

TEST_F(EpisodeCommandsTest, ACommandByWhoHasSeenAnOlderAlertIsRefused) {
  Open();
  Clear(110);
  Open(120);
  Deed late = At(121);
  late.seen = 1;
  const auto refused = room_.book.Acknowledge(Only().id, late, room_.outcome);
  EXPECT_EQ(refused.error().code, Code::kAborted);
  EXPECT_EQ(refused.error().message,
            "the alert has moved on since you looked: transitions 1 then, now 3");
  late.seen = 3;
  EXPECT_TRUE(room_.book.Acknowledge(Only().id, late, room_.outcome).ok());
}

TEST_F(EpisodeCommandsTest, NotesGoWithTheEpisodeUntilItIsReleased) {
  Open();
  ASSERT_TRUE(room_.book.Assign(Only().id, "bob", At(101)).ok());
  ASSERT_TRUE(room_.book.Comment(Only().id, "on its way", At(102)).ok());
  Clear(110);
  EXPECT_EQ(OnlyNotes().assignee, "bob");
  EXPECT_EQ(OnlyNotes().comments, (std::vector<Remark>{{Engine(102), "ann", "on its way"}}));
  room_.CloseTimer(0, 1010);
  EXPECT_EQ(room_.book.Assign(Only().id, "eve", At(1011)).error().code, Code::kNotFound);
  room_.book.Release(0);
  EXPECT_EQ(room_.book.FindNotes(0), nullptr);
}

TEST_F(EpisodeCommandsTest, CommentsHaveALimit) {
  Open();
  for (std::size_t i = 0; i < Notes::kCommentsMax; ++i) {
    ASSERT_TRUE(room_.book.Comment(Only().id, "x", At(101)).ok());
  }
  EXPECT_EQ(room_.book.Comment(Only().id, "x", At(101)).error().code, Code::kResourceExhausted);
}

// Snoozing

TEST_F(EpisodeCommandsTest, ASnoozeEndsWithAReminderWhileTheAlertIsOpen) {
  Open();
  ASSERT_TRUE(Snooze(101, 200).ok());
  EXPECT_EQ(room_.book.HeldBackBy(0).snoozed_until, Engine(200));
  EXPECT_EQ(Pass(199), "");
  EXPECT_EQ(Pass(200), "tell reminder low_stock");
  EXPECT_EQ(room_.last.notices[0].occurrence, 1u) << "told before: its key is another";
  EXPECT_EQ(room_.last.notices[0].transition, 0u);
  EXPECT_EQ(Pass(201), "");
  ASSERT_TRUE(Snooze(202, 300).ok());
  EXPECT_EQ(Pass(300), "tell reminder low_stock");
  EXPECT_EQ(room_.last.notices[0].occurrence, 2u);
}

TEST_F(EpisodeCommandsTest, NobodyIsRemindedOfWhatIsAcknowledgedOrResolved) {
  Open();
  ASSERT_TRUE(Snooze(101, 200).ok());
  ASSERT_TRUE(Acknowledge(102).ok());
  room_.Said();
  EXPECT_EQ(Pass(200), "");
  ASSERT_TRUE(Snooze(201, 300).ok());
  Clear(210);
  EXPECT_EQ(Pass(300), "");
}

TEST_F(EpisodeCommandsTest, ASnoozeSurvivesAReopeningWhoseOpeningIsToldAtItsEnd) {
  Open();
  ASSERT_TRUE(Snooze(101, 200).ok());
  EXPECT_EQ(Clear(110),
            "resolved low_stock cleared, tell resolved low_stock, close low_stock @1010");
  EXPECT_EQ(room_.Change(mug_, 120, {{kLow, Holds()}}), "reopened low_stock");
  EXPECT_EQ(room_.last.held.size(), 1u) << "why nothing was told";
  EXPECT_EQ(Pass(200), "tell reopened low_stock");
}

TEST_F(EpisodeCommandsTest, EndingASnoozeTellsWhatItHeldBackAndNothingElse) {
  Open();
  ASSERT_TRUE(Snooze(101, 200).ok());
  ASSERT_TRUE(room_.book.Unsnooze(Only().id, At(102), room_.outcome).ok());
  EXPECT_EQ(room_.Said(), "") << "whoever ends it knows";
  EXPECT_EQ(room_.book.Unsnooze(Only().id, At(103), room_.outcome).error().code, Code::kAborted);
  EXPECT_EQ(Pass(200), "");
}

TEST_F(EpisodeCommandsTest, ASnoozeHasAnEndThatCanCome) {
  Open();
  EXPECT_EQ(Snooze(101, 101).error().code, Code::kInvalidArgument);
  EXPECT_EQ(Snooze(101, 101 + 367 * 86'400).error().code, Code::kInvalidArgument);
  Clear(110);
  EXPECT_EQ(Snooze(111, 200).error().code, Code::kAborted);
}

// Silences

TEST_F(EpisodeCommandsTest, ASilenceHoldsBackOpeningsUntilItEnds) {
  Pass(90);
  EXPECT_EQ(Silence(90, 200), "");
  EXPECT_EQ(room_.Change(mug_, 100, {{kLow, Holds()}}), "opened low_stock");
  ASSERT_EQ(room_.last.held.size(), 1u);
  EXPECT_EQ(room_.last.held[0].held.silenced_by->id, "s");
  EXPECT_EQ(room_.Change(mug_, 101, {{kLow, Holds()}}), "");
  EXPECT_TRUE(room_.last.held.empty()) << "said once";
  EXPECT_EQ(Pass(199), "");
  EXPECT_EQ(Pass(200), "tell opened low_stock");
}

TEST_F(EpisodeCommandsTest, AnAlertThatComesAndGoesUnderASilenceIsNeverTold) {
  Pass(90);
  Silence(90, 200);
  Open();
  EXPECT_EQ(Clear(110), "resolved low_stock cleared, close low_stock @1010");
  EXPECT_EQ(Pass(200), "");
}

TEST_F(EpisodeCommandsTest, WhatWasToldBeforeASilenceIsToldWhenItClears) {
  Open();
  Pass(101);
  Silence(101, 200);
  EXPECT_EQ(Clear(110),
            "resolved low_stock cleared, tell resolved low_stock, close low_stock @1010");
}

TEST_F(EpisodeCommandsTest, ASilenceOfOtherThingsHoldsNothingBack) {
  Pass(90);
  Silence(90, 200, "cup");
  EXPECT_EQ(room_.Change(mug_, 100, {{kLow, Holds()}}), "opened low_stock, tell opened low_stock");
}

TEST_F(EpisodeCommandsTest, WhatTwoThingsHoldBackWaitsForBoth) {
  Pass(90);
  Silence(90, 200);
  room_.Change(mug_, 100, {{kOut, Holds()}, {kLow, Holds()}});
  EXPECT_EQ(Pass(200), "tell opened out_of_stock") << "low is still muted";
  EXPECT_EQ(room_.Change(mug_, 210, {{kOut, Clears()}, {kLow, Holds()}}),
            "resolved out_of_stock cleared, tell resolved out_of_stock, tell opened low_stock, "
            "close out_of_stock @1110");
}

TEST_F(EpisodeCommandsTest, EngineTimeThatPassedWhileItStoodStillEndsSnoozes) {
  Open();
  ASSERT_TRUE(Snooze(101, 200).ok());
  room_.book.StartEngineTime(Engine(150));
  EXPECT_EQ(Pass(5000), "tell reminder low_stock");
}

}  // namespace
}  // namespace stockwatch::alert
