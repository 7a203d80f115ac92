#include "domain/alert/episode_book.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/alarm_room.h"

namespace stockwatch::alert {
namespace {

using event::ConditionType;
using event::Severity;
using stockwatch::testing::AlarmRoom;
using stockwatch::testing::At;
using stockwatch::testing::Between;
using stockwatch::testing::Clears;
using stockwatch::testing::HeldFor;
using stockwatch::testing::Holds;
using stockwatch::testing::Off;
using stockwatch::testing::WithSeverity;

constexpr ConditionType kOut = ConditionType::kOutOfStock;
constexpr ConditionType kCritical = ConditionType::kCriticalStock;
constexpr ConditionType kLow = ConditionType::kLowStock;
constexpr ConditionType kOver = ConditionType::kOverstock;
constexpr ConditionType kCategoryOut = ConditionType::kCategoryOut;

class EpisodeBookTest : public ::testing::Test {
 protected:
  const Episode& Only() const { return room_.book.at(0); }

  AlarmRoom room_;
  Subject mug_ = room_.Item("GB", "mug");
};

TEST_F(EpisodeBookTest, OpensWhenTheConditionHoldsAndResolvesWhenItClears) {
  EXPECT_EQ(room_.Change(mug_, 100, {{kLow, Clears()}}), "");
  EXPECT_EQ(room_.Change(mug_, 101, {{kLow, Holds(9, 10)}}),
            "opened low_stock, tell opened low_stock");
  EXPECT_EQ(room_.Change(mug_, 102, {{kLow, Between(11)}}), "");
  EXPECT_EQ(room_.Change(mug_, 103, {{kLow, Clears(20)}}),
            "resolved low_stock cleared, tell resolved low_stock, close low_stock @1003");
  EXPECT_EQ(Only().state, State::kResolved);
  EXPECT_EQ(Only().opened_at, AlarmRoom::Second(101));
  EXPECT_EQ(Only().resolved_at, AlarmRoom::Second(103));
}

TEST_F(EpisodeBookTest, AnEpisodeIsNamedByTheChangeThatOpenedIt) {
  room_.Change(mug_, 101, {{kLow, Holds()}});
  EXPECT_EQ(Only().id, MakeEpisodeId(kLow, "item\nGB\nmug", Place::OfChange(At(101))));
  EXPECT_EQ(room_.book.Find(Only().id), 0u);
  EXPECT_EQ(room_.book.Find({}), std::nullopt);
}

TEST_F(EpisodeBookTest, KeepsFiguresOfTheOpeningBesideThoseOfNow) {
  room_.Change(mug_, 101, {{kLow, Holds(9, 10)}});
  room_.Change(mug_, 102, {{kLow, Holds(3, 12)}});
  room_.Change(mug_, 103, {{kLow, Holds(5, 12)}});
  EXPECT_EQ(Only().value, 9);
  EXPECT_EQ(Only().threshold, 10);
  EXPECT_EQ(Only().now, 5);
  EXPECT_EQ(Only().worst, 3);
  room_.Change(mug_, 104, {{kLow, Clears(20)}});
  EXPECT_EQ(Only().now, 20) << "the judgement that clears";
  EXPECT_EQ(Only().worst, 3);
}

TEST_F(EpisodeBookTest, WorstIsTheHighestWhereMoreIsWorse) {
  room_.Change(mug_, 101, {{kOver, Holds(60, 50)}});
  room_.Change(mug_, 102, {{kOver, Holds(90, 50)}});
  room_.Change(mug_, 103, {{kOver, Holds(70, 50)}});
  EXPECT_EQ(Only().worst, 90);
}

TEST_F(EpisodeBookTest, CountsAppliedChangesAfterWhichItHolds) {
  room_.Change(mug_, 101, {{kLow, Holds(9)}});
  room_.Change(mug_, 102, {{kLow, Holds(8)}});
  room_.Change(mug_, 103, {{kLow, Between(11)}});
  room_.Sweep(mug_, 104, {{kLow, Holds(8)}});
  EXPECT_EQ(Only().count, 2u) << "not in the margin, and no timer or rule";
  room_.Change(mug_, 105, {{kLow, Clears()}});
  EXPECT_EQ(Only().count, 2u);
  room_.Change(mug_, 106, {{kLow, Holds(9)}});
  EXPECT_EQ(Only().count, 3u) << "since the first opening";
}

TEST_F(EpisodeBookTest, AnOpeningByARuleCountsNoChange) {
  room_.Sweep(mug_, 101, {{kLow, Holds(9)}});
  EXPECT_EQ(Only().count, 0u);
}

TEST_F(EpisodeBookTest, SeverityIsTheHighestSinceOpening) {
  room_.Change(mug_, 101, {{kLow, WithSeverity(Severity::kWarning, Holds())}});
  room_.Change(mug_, 102, {{kLow, WithSeverity(Severity::kPage, Holds())}});
  room_.Change(mug_, 103, {{kLow, WithSeverity(Severity::kInfo, Holds())}});
  EXPECT_EQ(Only().severity, Severity::kPage);
}

// hold_for

TEST_F(EpisodeBookTest, APendingConditionOpensWhenItsHoldHasPassed) {
  EXPECT_EQ(room_.Change(mug_, 100, {{kLow, HeldFor(30)}}), "hold low_stock @130");
  EXPECT_EQ(room_.book.size(), 0u) << "pending is no alert";
  EXPECT_FALSE(room_.book.Active(mug_, kLow));
  EXPECT_EQ(room_.Change(mug_, 110, {{kLow, HeldFor(30)}}), "");
  EXPECT_TRUE(room_.book.HoldIsDue(mug_, kLow, AlarmRoom::Second(130)));
  EXPECT_FALSE(room_.book.HoldIsDue(mug_, kLow, AlarmRoom::Second(129)));
  EXPECT_EQ(room_.HoldTimer(mug_, 130, {kLow, HeldFor(30)}),
            "opened low_stock, tell opened low_stock");
  EXPECT_EQ(Only().opened_at, AlarmRoom::Second(130));
  EXPECT_EQ(Only().id, MakeEpisodeId(kLow, "item\nGB\nmug",
                                     Place::OfTimer(AlarmRoom::Second(130), TimerKind::kHold)));
  EXPECT_EQ(Only().count, 0u);
}

TEST_F(EpisodeBookTest, APendingConditionThatStopsHoldingIsForgotten) {
  room_.Change(mug_, 100, {{kLow, HeldFor(30)}});
  EXPECT_EQ(room_.Change(mug_, 110, {{kLow, Between(11)}}), "")
      << "the margin protects open episodes only";
  EXPECT_EQ(room_.HoldTimer(mug_, 130, {kLow, HeldFor(30)}), "");
  EXPECT_EQ(room_.book.size(), 0u);
}

TEST_F(EpisodeBookTest, AHoldBeginsAnewWhenTheConditionDoes) {
  room_.Change(mug_, 100, {{kLow, HeldFor(30)}});
  room_.Change(mug_, 110, {{kLow, Clears()}});
  EXPECT_EQ(room_.Change(mug_, 120, {{kLow, HeldFor(30)}}), "hold low_stock @150");
  EXPECT_EQ(room_.HoldTimer(mug_, 130, {kLow, HeldFor(30)}), "") << "a timer that is out of date";
  EXPECT_EQ(room_.HoldTimer(mug_, 150, {kLow, HeldFor(30)}),
            "opened low_stock, tell opened low_stock");
}

TEST_F(EpisodeBookTest, APendingHoldKeepsItsStartAndTakesTheNewLength) {
  room_.Change(mug_, 100, {{kLow, HeldFor(60)}});
  EXPECT_EQ(room_.Sweep(mug_, 110, {{kLow, HeldFor(20)}}), "hold low_stock @120");
  EXPECT_EQ(room_.Sweep(mug_, 115, {{kLow, HeldFor(90)}}), "hold low_stock @190");
  EXPECT_EQ(room_.HoldTimer(mug_, 120, {kLow, HeldFor(90)}), "");
  EXPECT_EQ(room_.Sweep(mug_, 121, {{kLow, HeldFor(5)}}),
            "opened low_stock, tell opened low_stock");
}

TEST_F(EpisodeBookTest, APendingConditionThatGoesOffIsForgotten) {
  room_.Change(mug_, 100, {{kLow, HeldFor(30)}});
  EXPECT_EQ(room_.Sweep(mug_, 110, {{kLow, Off(Cause::kRule)}}), "");
  EXPECT_EQ(room_.HoldTimer(mug_, 130, {kLow, HeldFor(30)}), "");
}

// Re-opening and closing

TEST_F(EpisodeBookTest, ReopensStrictlyBeforeTheEndOfTheWindow) {
  room_.Change(mug_, 100, {{kLow, Holds(9, 10)}});
  room_.Change(mug_, 200, {{kLow, Clears()}});
  EXPECT_EQ(room_.Change(mug_, 1099, {{kLow, Holds(4, 20)}}),
            "reopened low_stock, tell reopened low_stock");
  EXPECT_EQ(room_.book.size(), 1u);
  EXPECT_EQ(Only().reopened, 1u);
  EXPECT_EQ(Only().opened_at, AlarmRoom::Second(100));
  EXPECT_EQ(Only().reopened_at, AlarmRoom::Second(1099));
  EXPECT_EQ(Only().value, 9) << "of the first opening";
  EXPECT_EQ(Only().threshold, 10);
  EXPECT_EQ(Only().worst, 4);
}

TEST_F(EpisodeBookTest, AtTheEndOfTheWindowANewEpisodeOpens) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  room_.Change(mug_, 200, {{kLow, Clears()}});
  EXPECT_EQ(room_.Change(mug_, 1100, {{kLow, Holds()}}),
            "closed low_stock, opened low_stock, tell opened low_stock");
  ASSERT_EQ(room_.book.size(), 2u);
  EXPECT_EQ(room_.book.at(0).state, State::kClosed);
  EXPECT_NE(room_.book.at(0).id, room_.book.at(1).id);
}

TEST_F(EpisodeBookTest, TheCloseTimerEndsAResolvedEpisode) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  room_.Change(mug_, 200, {{kLow, Clears()}});
  EXPECT_EQ(room_.CloseTimer(0, 1099), "") << "not yet";
  EXPECT_EQ(room_.CloseTimer(0, 1100), "closed low_stock");
  EXPECT_EQ(room_.CloseTimer(0, 1100), "");
  EXPECT_EQ(room_.Change(mug_, 1101, {{kLow, Holds()}}), "opened low_stock, tell opened low_stock");
}

TEST_F(EpisodeBookTest, ACloseTimerOfAnEarlierResolveDoesNothing) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  room_.Change(mug_, 200, {{kLow, Clears()}});
  room_.Change(mug_, 300, {{kLow, Holds()}});
  EXPECT_EQ(room_.CloseTimer(0, 1100), "") << "it is open";
  EXPECT_EQ(room_.Change(mug_, 1150, {{kLow, Clears()}}),
            "resolved low_stock cleared, tell resolved low_stock, close low_stock @2050");
  EXPECT_EQ(room_.CloseTimer(0, 1200), "") << "resolved again since";
}

// ADR 1, 7: what decides is the moment of opening.
TEST_F(EpisodeBookTest, AHoldThatOutlastsTheWindowOpensANewEpisode) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  room_.Change(mug_, 200, {{kLow, Clears()}});
  EXPECT_EQ(room_.Change(mug_, 1080, {{kLow, HeldFor(30)}}), "hold low_stock @1110");
  EXPECT_EQ(room_.CloseTimer(0, 1100), "closed low_stock");
  EXPECT_EQ(room_.HoldTimer(mug_, 1110, {kLow, HeldFor(30)}),
            "opened low_stock, tell opened low_stock");
  ASSERT_EQ(room_.book.size(), 2u);
  EXPECT_EQ(room_.book.at(1).reopened, 0u);
}

TEST_F(EpisodeBookTest, AHoldWithinTheWindowReopens) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  room_.Change(mug_, 200, {{kLow, Clears()}});
  room_.Change(mug_, 1000, {{kLow, HeldFor(30)}});
  EXPECT_EQ(room_.HoldTimer(mug_, 1030, {kLow, HeldFor(30)}),
            "reopened low_stock, tell reopened low_stock");
}

TEST_F(EpisodeBookTest, AFieldThatHasGoneResolvesByRule) {
  room_.Change(mug_, 100, {{kLow, Holds(9, 10)}});
  EXPECT_EQ(room_.Sweep(mug_, 110, {{kLow, Off(Cause::kRule)}}),
            "resolved low_stock rule, tell resolved low_stock, close low_stock @1010");
  EXPECT_EQ(Only().cause, Cause::kRule);
  EXPECT_EQ(Only().now, 9) << "of the last change judged while open";
}

TEST_F(EpisodeBookTest, RetirementResolvesAllWithoutANotice) {
  room_.Change(mug_, 100, {{kLow, Holds()}, {kOver, HeldFor(30)}});
  EXPECT_EQ(room_.ResolveAll(mug_, 110, Cause::kRetired),
            "resolved low_stock retired, close low_stock @1010");
  EXPECT_EQ(room_.HoldTimer(mug_, 130, {kOver, HeldFor(30)}), "") << "holds are forgotten";
}

TEST_F(EpisodeBookTest, ConditionsOfOneItemHaveTheirOwnEpisodes) {
  EXPECT_EQ(room_.Change(mug_, 100, {{kLow, Holds()}, {kOver, Holds()}}),
            "opened low_stock, opened overstock, tell opened low_stock, tell opened overstock");
  const Subject cup = room_.Item("GB", "cup");
  EXPECT_EQ(room_.Change(cup, 100, {{kLow, Holds()}}), "opened low_stock, tell opened low_stock");
  EXPECT_EQ(room_.Change(mug_, 110, {{kLow, Clears()}, {kOver, Holds()}}),
            "resolved low_stock cleared, tell resolved low_stock, close low_stock @1010");
  EXPECT_EQ(room_.book.Active(mug_, kOver), 1u);
  EXPECT_EQ(room_.book.Active(cup, kLow), 2u);
}

// Muting

TEST_F(EpisodeBookTest, OutMutesCriticalAndCriticalMutesLow) {
  EXPECT_EQ(room_.Change(mug_, 100, {{kOut, Holds()}, {kCritical, Holds()}, {kLow, Holds()}}),
            "opened out_of_stock, opened critical_stock, opened low_stock, "
            "tell opened out_of_stock");
  EXPECT_EQ(room_.book.HeldBackBy(1).muted_by, 0u);
  EXPECT_EQ(room_.book.HeldBackBy(2).muted_by, 0u);
  EXPECT_EQ(room_.book.HeldBackBy(0).muted_by, std::nullopt);
  EXPECT_FALSE(room_.book.at(1).told);
}

TEST_F(EpisodeBookTest, WhenAMuteEndsTheOpeningIsToldOnce) {
  room_.Change(mug_, 100, {{kOut, Holds()}, {kCritical, Holds()}, {kLow, Holds()}});
  EXPECT_EQ(room_.Change(mug_, 110, {{kOut, Clears()}, {kCritical, Holds()}, {kLow, Holds()}}),
            "resolved out_of_stock cleared, tell resolved out_of_stock, "
            "tell opened critical_stock, close out_of_stock @1010");
  EXPECT_EQ(room_.Change(mug_, 120, {{kCritical, Clears()}, {kLow, Holds()}}),
            "resolved critical_stock cleared, tell resolved critical_stock, "
            "tell opened low_stock, close critical_stock @1020");
  EXPECT_EQ(room_.Change(mug_, 130, {{kLow, Holds()}}), "");
}

TEST_F(EpisodeBookTest, AResolveIsToldOnlyIfItsOpeningWas) {
  room_.Change(mug_, 100, {{kOut, Holds()}, {kLow, Holds()}});
  EXPECT_EQ(room_.Change(mug_, 110, {{kOut, Clears()}, {kLow, Clears()}}),
            "resolved out_of_stock cleared, resolved low_stock cleared, "
            "tell resolved out_of_stock, close out_of_stock @1010, close low_stock @1010");
}

TEST_F(EpisodeBookTest, WhatWasToldBeforeTheMuteIsToldWhenBothClear) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  EXPECT_EQ(room_.Change(mug_, 110, {{kOut, Holds()}, {kLow, Holds()}}),
            "opened out_of_stock, tell opened out_of_stock");
  EXPECT_EQ(room_.Change(mug_, 120, {{kOut, Clears()}, {kLow, Clears()}}),
            "resolved out_of_stock cleared, resolved low_stock cleared, "
            "tell resolved out_of_stock, tell resolved low_stock, "
            "close out_of_stock @1020, close low_stock @1020");
}

TEST_F(EpisodeBookTest, PendingMutesNothing) {
  EXPECT_EQ(room_.Change(mug_, 100, {{kOut, HeldFor(30)}, {kLow, Holds()}}),
            "opened low_stock, tell opened low_stock, hold out_of_stock @130");
}

TEST_F(EpisodeBookTest, NegativeStockIsMutedByNothing) {
  EXPECT_EQ(room_.Change(mug_, 100, {{kOut, Holds()}, {ConditionType::kNegativeStock, Holds()}}),
            "opened out_of_stock, opened negative_stock, tell opened out_of_stock, "
            "tell opened negative_stock");
}

class CategoryOutTest : public EpisodeBookTest {
 protected:
  std::string Category(std::uint32_t second, const Finding& finding) {
    return room_.Sweep(room_.Category("GB"), second, {{kCategoryOut, finding}});
  }
  static Finding Worst() { return WithSeverity(Severity::kCritical, Holds()); }
};

TEST_F(CategoryOutTest, MutesItemsThatRunOutAfterIt) {
  EXPECT_EQ(Category(100, Worst()), "opened category_out, tell opened category_out");
  EXPECT_EQ(room_.Change(mug_, 110, {{kOut, Worst()}}), "opened out_of_stock");
  EXPECT_EQ(room_.book.HeldBackBy(1).muted_by, 0u);
}

TEST_F(CategoryOutTest, DoesNotMuteWhatWasOutBefore) {
  room_.Change(mug_, 90, {{kOut, Worst()}});
  Category(100, Worst());
  EXPECT_EQ(room_.book.HeldBackBy(0).muted_by, std::nullopt);
  EXPECT_EQ(room_.Change(mug_, 110, {{kOut, Clears()}}),
            "resolved out_of_stock cleared, tell resolved out_of_stock, "
            "close out_of_stock @1010");
}

TEST_F(CategoryOutTest, DoesNotMuteWhatIsMoreSevere) {
  Category(100, WithSeverity(Severity::kWarning, Holds()));
  EXPECT_EQ(room_.Change(mug_, 110, {{kOut, Worst()}}),
            "opened out_of_stock, tell opened out_of_stock");
}

TEST_F(CategoryOutTest, MutesOnlyBelowItself) {
  Category(100, Worst());
  const Subject french = room_.Item("FR", "mug");
  const Subject other = room_.Item("GB", "cup", "other");
  for (const Subject& subject : {french, other}) {
    EXPECT_EQ(room_.Change(subject, 110, {{kOut, Worst()}}),
              "opened out_of_stock, tell opened out_of_stock");
  }
  EXPECT_EQ(room_.Change(mug_, 110, {{kLow, Holds()}}), "opened low_stock, tell opened low_stock")
      << "out_of_stock alone";
}

TEST_F(CategoryOutTest, OfTheGlobalTreeMutesEveryWarehouse) {
  room_.Sweep(room_.GlobalCategory(), 100, {{kCategoryOut, Worst()}});
  EXPECT_EQ(room_.Change(room_.Item("FR", "mug"), 110, {{kOut, Worst()}}), "opened out_of_stock");
}

TEST_F(CategoryOutTest, WhenItEndsWhatIsStillOutIsTold) {
  const Subject cup = room_.Item("GB", "cup");
  Category(100, Worst());
  room_.Change(mug_, 110, {{kOut, Worst()}});
  room_.Change(cup, 111, {{kOut, Worst()}});
  room_.Change(cup, 112, {{kOut, Clears()}});
  EXPECT_EQ(Category(120, Clears()),
            "resolved category_out cleared, tell resolved category_out, "
            "tell opened out_of_stock, close category_out @1020");
  EXPECT_EQ(room_.last.notices.back().episode, 1u) << "the mug; the cup is back in stock";
  EXPECT_TRUE(room_.book.at(1).told);
}

TEST_F(CategoryOutTest, TwoOfThemMuteUntilBothEnd) {
  Category(100, Worst());
  room_.Sweep(room_.GlobalCategory(), 100, {{kCategoryOut, Worst()}});
  room_.Change(mug_, 110, {{kOut, Worst()}});
  EXPECT_EQ(Category(120, Clears()),
            "resolved category_out cleared, tell resolved category_out, close category_out @1020");
  EXPECT_EQ(room_.Sweep(room_.GlobalCategory(), 130, {{kCategoryOut, Clears()}}),
            "resolved category_out cleared, tell resolved category_out, "
            "tell opened out_of_stock, close category_out @1030");
}

// Flapping: 4 openings in 60 minutes; one notice.

constexpr std::uint32_t kMinute = 60;

class FlappingTest : public EpisodeBookTest {
 protected:
  std::string OpenAt(std::uint32_t minute) {
    return room_.Change(mug_, minute * kMinute, {{kLow, Holds()}});
  }
  std::string ResolveAt(std::uint32_t minute) {
    return room_.Change(mug_, minute * kMinute, {{kLow, Clears()}});
  }
};

TEST_F(FlappingTest, TheFourthOpeningSaysSoAndThenNothingIsTold) {
  EXPECT_EQ(OpenAt(10), "opened low_stock, tell opened low_stock");
  ResolveAt(11);
  EXPECT_EQ(OpenAt(12), "reopened low_stock, tell reopened low_stock");
  ResolveAt(13);
  EXPECT_EQ(OpenAt(14), "reopened low_stock, tell reopened low_stock");
  ResolveAt(15);
  EXPECT_EQ(OpenAt(16), "reopened low_stock, tell flapping low_stock");
  EXPECT_EQ(ResolveAt(17), "resolved low_stock cleared, close low_stock @1920");
  EXPECT_EQ(OpenAt(18), "reopened low_stock");
  EXPECT_EQ(ResolveAt(19), "resolved low_stock cleared, close low_stock @2040");
  EXPECT_EQ(Only().reopened, 4u);
  EXPECT_EQ(OpenAt(20), "reopened low_stock");
}

TEST_F(FlappingTest, FourOpeningsInMoreThanAnHourAreNone) {
  for (const std::uint32_t minute : {10u, 31u, 52u, 71u}) {
    const std::string said = OpenAt(minute);
    EXPECT_EQ(said.find("flapping"), std::string::npos) << minute;
    ResolveAt(minute + 12);
  }
  EXPECT_FALSE(Only().flapping);
  EXPECT_EQ(Only().reopened, 3u);
}

TEST_F(FlappingTest, AnEpisodeThatFlapsLaterOnSaysItThen) {
  for (const std::uint32_t minute : {10u, 40u, 70u, 100u}) {
    OpenAt(minute);
    ResolveAt(minute + 20);
  }
  EXPECT_EQ(OpenAt(121), "reopened low_stock, tell reopened low_stock");
  ResolveAt(122);
  EXPECT_EQ(OpenAt(123), "reopened low_stock, tell flapping low_stock");
  ResolveAt(124);
  EXPECT_EQ(OpenAt(125), "reopened low_stock");
}

TEST_F(FlappingTest, WhoFlapsWhileMutedSaysSoWhenTheMuteEnds) {
  room_.Change(mug_, 9 * kMinute, {{kOut, Holds()}});
  for (const std::uint32_t minute : {10u, 12u, 14u, 16u, 18u}) {
    EXPECT_EQ(OpenAt(minute), minute == 10 ? "opened low_stock" : "reopened low_stock");
    if (minute < 18) ResolveAt(minute + 1);
  }
  EXPECT_EQ(room_.Change(mug_, 19 * kMinute, {{kOut, Clears()}, {kLow, Holds()}}),
            "resolved out_of_stock cleared, tell resolved out_of_stock, tell flapping low_stock, "
            "close out_of_stock @2040");
}

TEST_F(FlappingTest, ANewEpisodeBeginsToCountAnew) {
  for (const std::uint32_t minute : {10u, 12u, 14u, 16u}) {
    OpenAt(minute);
    ResolveAt(minute + 1);
  }
  EXPECT_EQ(OpenAt(32), "closed low_stock, opened low_stock, tell opened low_stock");
}

TEST_F(EpisodeBookTest, ListsTheNewestFirstFromAnyPlaceAndNoneThatIsForgotten) {
  const Subject cup = room_.Item("GB", "cup");
  const Subject jug = room_.Item("GB", "jug");
  room_.Change(mug_, 100, {{kLow, Holds()}});
  room_.Change(cup, 101, {{kLow, Holds()}});
  room_.Change(jug, 101, {{kLow, Holds()}});
  const auto listed = [&](const std::optional<EpisodeBook::Age>& behind, std::size_t most) {
    std::vector<EpisodeBook::Age> ages;
    room_.book.ForEachByAge(behind, [&](const Episode& episode, const Notes*) {
      ages.push_back({episode.opened_at, episode.id});
      return ages.size() < most;
    });
    return ages;
  };
  const auto all = listed(std::nullopt, 9);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_LT(all[0].id, all[1].id) << "of one moment";
  EXPECT_EQ(all[2].opened_at, AlarmRoom::Second(100));
  EXPECT_EQ(listed(std::nullopt, 2).size(), 2u);
  EXPECT_EQ(listed(all[1], 9).front().id, all[2].id);
  room_.Change(mug_, 110, {{kLow, Clears()}});
  const EpisodeIndex gone = *room_.book.Find(all[2].id);
  room_.CloseTimer(gone, 110 + 15 * 60);
  room_.book.Release(gone);
  EXPECT_EQ(listed(std::nullopt, 9).size(), 2u);
  EXPECT_EQ(room_.book.Find(all[2].id), std::nullopt);
}

TEST_F(EpisodeBookTest, NumbersTheTransitionsOfAnEpisode) {
  room_.Change(mug_, 100, {{kLow, Holds()}});
  EXPECT_EQ(room_.last.transitions[0].number, 0u);
  room_.Change(mug_, 110, {{kLow, Clears()}});
  EXPECT_EQ(room_.last.transitions[0].number, 1u);
  EXPECT_EQ(room_.last.notices[0].transition, 1u);
  room_.Change(mug_, 120, {{kLow, Holds()}});
  EXPECT_EQ(room_.last.notices[0].transition, 2u);
  EXPECT_EQ(Only().transitions, 3u);
}

}  // namespace
}  // namespace stockwatch::alert
