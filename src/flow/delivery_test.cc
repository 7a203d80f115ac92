#include "flow/delivery.h"

#include <gtest/gtest.h>

#include <string>

#include "domain/outbox/delivery_record.h"
#include "testing/delivery_room.h"

namespace stockwatch::flow {
namespace {

using base::Duration;
using base::Instant;
using event::Severity;
using outbox::DeliveryState;
using outbox::Outcome;
using ports::Family;

using testing::RowOf;
using testing::RowsOf;

class DeliveryTest : public testing::DeliveryRoom {};

TEST_F(DeliveryTest, ARowGoesWhenItIsStoredAndEndsWhenItsResultIs) {
  Start();
  delivery->Plan({RowOf("a")}, now, batch);
  delivery->Prepare(now, batch);
  EXPECT_EQ(Begun(), Keys{}) << "nothing is stored yet";
  Step();
  EXPECT_EQ(Begun(), Keys{"a"});
  ASSERT_EQ(Kept(Family::kOutbox).size(), 1u);
  EXPECT_EQ(Kept(Family::kOutbox)[0].state, DeliveryState::kSent);
  EXPECT_EQ(Kept(Family::kOutbox)[0].epoch, 7u);
  notifier.Say(0, Outcome::kDelivered, 204);
  Step();
  ASSERT_EQ(Kept(Family::kDelivery).size(), 1u);
  const outbox::Delivery ended = Kept(Family::kDelivery)[0];
  EXPECT_EQ(ended.state, DeliveryState::kDelivered);
  EXPECT_EQ(ended.recent.at(0).status, 204);
  EXPECT_EQ(ended.recent.at(0).epoch, 7u);
  EXPECT_TRUE(delivery->IsQuiet(now));
}

TEST_F(DeliveryTest, LanesGoPageFirst) {
  options.channels["ops"].in_flight_max = 1;
  Start();
  Step({RowOf("info", Severity::kInfo), RowOf("warning"), RowOf("critical", Severity::kCritical),
        RowOf("page", Severity::kPage)});
  for (std::size_t i = 0; i < 3; ++i) {
    notifier.Say(i, Outcome::kDelivered);
    Step();
  }
  EXPECT_EQ(Begun(), (Keys{"page", "critical", "warning", "info"}));
}

TEST_F(DeliveryTest, ASlowReceiverHoldsUpNobodyElse) {
  options.channels["ops"].in_flight_max = 2;
  Start();
  Step({RowOf("a"), RowOf("b"), RowOf("c"), RowOf("d", Severity::kInfo, "other")});
  EXPECT_EQ(Begun(), (Keys{"a", "b", "d"}));
  EXPECT_EQ(delivery->in_flight(), 3u);
}

// R6, A5: a receiver that is down for an hour of engine time; nothing is lost, nothing is told
// twice.
TEST_F(DeliveryTest, AReceiverThatIsDownForAnHourGetsEverythingOnce) {
  options.channels["ops"].in_flight_max = 4;
  Start();
  std::size_t answered = 0;
  int planned = 0;
  std::vector<std::string> taken;
  for (int minute = 0; minute < 75; ++minute) {
    std::vector<outbox::Row> rows;
    if (minute < 60) rows = RowsOf(3, Severity::kWarning, "m" + std::to_string(planned++) + "-");
    Step(std::move(rows), Duration::Minutes(1));
    for (int turn = 0; turn < 100 && answered < notifier.begun.size(); ++turn) {
      for (; answered < notifier.begun.size(); ++answered) {
        const bool down = minute < 60;
        notifier.Say(answered, down ? Outcome::kUnknown : Outcome::kDelivered);
        if (!down) taken.push_back(notifier.begun[answered].key);
      }
      Step();
    }
  }
  EXPECT_EQ(taken.size(), 180u);
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(std::unique(taken.begin(), taken.end()), taken.end());
  EXPECT_EQ(delivery->waiting(), 0u);
  EXPECT_EQ(delivery->counts().delivered, 180u);
  EXPECT_LT(notifier.begun.size(), 180u + 60u) << "the breaker spares a receiver that is down";
}

TEST_F(DeliveryTest, AfterACrashWhatWasHandedOutGoesAgainWithItsKey) {
  options.channels["ops"].in_flight_max = 1;
  Start();
  Step({RowOf("a"), RowOf("b")});
  EXPECT_EQ(Begun(), Keys{"a"});
  notifier.Say(0, Outcome::kDelivered);  // nobody hears of it
  notifier.answers.clear();
  Start();
  Step();
  EXPECT_EQ(Begun(), (Keys{"a", "a"}));
  notifier.Say(1, Outcome::kDelivered);
  Step();
  EXPECT_EQ(Begun(), (Keys{"a", "a", "b"}));
  EXPECT_EQ(Kept(Family::kDelivery)[0].recent.size(), 2u);
  EXPECT_EQ(Kept(Family::kDelivery)[0].recent[0].outcome, Outcome::kUnknown);
}

TEST_F(DeliveryTest, AfterACrashWhatHasAResultIsNotSentAgain) {
  Start();
  Step({RowOf("a"), RowOf("b")});
  notifier.Say(0, Outcome::kDelivered);
  notifier.Say(1, Outcome::kFailed, 500);
  Step();
  Start();
  Step();
  EXPECT_EQ(Begun(), (Keys{"a", "b"}));
  Step({}, Duration::Seconds(6));
  EXPECT_EQ(Begun(), (Keys{"a", "b", "b"}));
}

TEST_F(DeliveryTest, AnEngineThatLostItsStoreTellsNobody) {
  Start();
  delivery->Plan({RowOf("a")}, now, batch);
  delivery->Prepare(now, batch);
  ASSERT_TRUE(store.Commit(batch).ok());
  store.lost = true;
  const auto handed = delivery->HandOut(now);
  ASSERT_FALSE(handed.ok());
  EXPECT_EQ(handed.error().code, base::Code::kFailedPrecondition);
  EXPECT_EQ(Begun(), Keys{});
}

TEST_F(DeliveryTest, AReceiverThatHangsIsAskedAgainWhenTheLeaseIsOver) {
  Start();
  Step({RowOf("a")});
  Step({}, Duration::Minutes(3));
  ASSERT_EQ(Kept(Family::kOutbox).size(), 1u);
  EXPECT_EQ(Kept(Family::kOutbox)[0].recent.at(0).outcome, Outcome::kUnknown);
  notifier.Say(0, Outcome::kDelivered);  // too late: it will be asked again
  Step();
  EXPECT_EQ(delivery->waiting(), 1u);
  Step({}, Duration::Seconds(6));
  EXPECT_EQ(Begun(), (Keys{"a", "a"}));
}

TEST_F(DeliveryTest, RetryAfterPausesTheChannel) {
  Start();
  Step({RowOf("a")});
  notifier.Say(0, Outcome::kFailed, 429, Duration::Seconds(100));
  const base::Instant until = now + Duration::Seconds(100);
  Step({RowOf("b")});
  EXPECT_EQ(Begun(), Keys{"a"});
  Step({}, Duration::Seconds(99));
  EXPECT_EQ(Begun(), Keys{"a"});
  const DeliveryChannel& ops = delivery->channels().at("ops");
  ASSERT_NE(ops.PausedAt(now), nullptr);
  EXPECT_EQ(ops.PausedAt(now)->until, until);
  EXPECT_EQ(ops.PausedAt(now)->status, 429);
  EXPECT_EQ(delivery->channels().at("other").PausedAt(now), nullptr);
  Step({}, Duration::Seconds(1));
  EXPECT_EQ(Begun(), (Keys{"a", "a", "b"}));
  EXPECT_EQ(ops.PausedAt(now), nullptr);
}

TEST_F(DeliveryTest, GoneDisablesTheChannelUntilItsSettingsChangeOrAnOperatorSaysSo) {
  options.channels["ops"].fingerprint = "one";
  Start();
  Step({RowOf("a")});
  notifier.Say(0, Outcome::kGone, 410);
  Step({RowOf("b")});
  EXPECT_EQ(Begun(), Keys{"a"});
  EXPECT_EQ(delivery->counts().dead_lettered, 2u);
  EXPECT_EQ(Kept(Family::kDelivery)[1].reason, outbox::DeadReason::kGone);
  Start();
  Step({RowOf("c")});
  EXPECT_EQ(Begun(), Keys{"a"}) << "a restart forgets nothing";
  EXPECT_EQ(delivery->Replay("c", now, batch).error().code, base::Code::kFailedPrecondition);
  ASSERT_TRUE(delivery->Enable("ops", batch).ok());
  ASSERT_TRUE(delivery->Replay("c", now, batch).ok());
  Step();
  EXPECT_EQ(Begun(), (Keys{"a", "c"}));
  notifier.Say(1, Outcome::kGone, 410);
  Step();
  options.channels["ops"].fingerprint = "two";
  Start();
  Step({RowOf("d")});
  EXPECT_EQ(Begun(), (Keys{"a", "c", "d"}));
}

TEST_F(DeliveryTest, ADestinationThatIsNoneAnyMoreIsADeadLetter) {
  Start();
  Step({RowOf("a", Severity::kInfo, "departed")});
  ASSERT_EQ(Kept(Family::kDelivery).size(), 1u);
  EXPECT_EQ(Kept(Family::kDelivery)[0].reason, outbox::DeadReason::kNoChannel);
}

TEST_F(DeliveryTest, WhatWaitsForTooLongExpires) {
  Start();
  Step({RowOf("a")});
  notifier.Say(0, Outcome::kFailed, 500, Duration::Hours(24));
  Step({RowOf("b")});
  Step({}, Duration::Days(5));
  EXPECT_EQ(delivery->counts().dead_lettered, 2u);
  EXPECT_EQ(Kept(Family::kDelivery)[0].reason, outbox::DeadReason::kExpired);
}

TEST_F(DeliveryTest, WhatHasEndedIsForgottenInTime) {
  Start();
  Step({RowOf("a")});
  notifier.Say(0, Outcome::kDelivered);
  Step();
  now = now + Duration::Days(31);
  ASSERT_TRUE(delivery->HandOut(now).ok());
  delivery->Prepare(now, batch);
  ASSERT_TRUE(store.Commit(batch).ok());
  EXPECT_EQ(Kept(Family::kDelivery).size(), 0u);
}

// Storms

// A4: 10,000 conditions in one second become at most 100 notices, none is lost, a page goes first.
TEST_F(DeliveryTest, TenThousandInASecondAreAtMostAHundredNotices) {
  options.storm.rows_min = 50;
  options.channels["ops"].in_flight_max = 4;
  checks_each_step = false;  // it reads all that is stored
  Start();
  std::size_t answered = 0;
  const auto answer = [&] {
    for (; answered < notifier.begun.size(); ++answered) {
      notifier.Say(answered, Outcome::kDelivered);
    }
  };
  for (int i = 0; i < 100; ++i) {  // a hundred rows each 10 ms
    std::vector<outbox::Row> rows = RowsOf(
        100, i % 2 == 0 ? Severity::kWarning : Severity::kCritical, "i" + std::to_string(i) + "-");
    if (i == 99) rows.push_back(RowOf("page", Severity::kPage));
    Step(std::move(rows), Duration::Micros(10'000));
    answer();
  }
  EXPECT_EQ(notifier.begun.back().key, "page") << "no storm holds it up";
  for (int i = 0; i < 400; ++i) {
    Step({}, Duration::Micros(10'000));
    answer();
  }
  ExpectConserved();
  EXPECT_LE(notifier.begun.size(), 100u);
  EXPECT_EQ(delivery->waiting(), 0u);
  const DeliveryCounts& counts = delivery->counts();
  EXPECT_EQ(counts.planned, 10'001u + counts.digests);
  EXPECT_EQ(counts.delivered + counts.folded, counts.planned);
  // Each row was told by itself or is named by one digest; each critical one is counted there.
  std::map<std::string, int> told;
  std::size_t critical = 0;
  for (const outbox::Row& row : notifier.begun) {
    if (!row.message.digest) {
      ++told[row.key];
      continue;
    }
    for (const std::string& key : row.message.digest->keys) ++told[key];
    critical += row.message.digest->by_severity[static_cast<std::size_t>(Severity::kCritical)];
    EXPECT_LE(row.message.digest->keys.size(), 500u);
  }
  EXPECT_EQ(told.size(), 10'001u);
  for (const auto& [key, times] : told) ASSERT_EQ(times, 1) << key;
  std::size_t single_critical = 0;
  for (const outbox::Row& row : notifier.begun) {
    single_critical += !row.message.digest && row.message.severity == Severity::kCritical ? 1 : 0;
  }
  EXPECT_EQ(critical + single_critical, 5000u);
  for (const outbox::Delivery& ended : Kept(Family::kDelivery)) {
    if (ended.state == DeliveryState::kFolded) {
      EXPECT_TRUE(ended.by.starts_with("digest/"));
    }
  }
}

TEST_F(DeliveryTest, WhatIsAboveTheRateIsFoldedAndAPageIsNot) {
  options.channels["ops"].per_minute_max = 6;
  Start();
  Step(RowsOf(20));
  EXPECT_EQ(notifier.begun.size(), 6u);
  Step({RowOf("page", Severity::kPage)});
  EXPECT_EQ(notifier.begun.size(), 7u);
  Step({}, Duration::Seconds(5));
  EXPECT_EQ(notifier.begun.size(), 7u);
  Step({}, Duration::Seconds(6));
  ASSERT_EQ(notifier.begun.size(), 8u);
  ASSERT_TRUE(notifier.begun[7].message.digest);
  EXPECT_EQ(notifier.begun[7].message.digest->keys.size(), 14u);
  EXPECT_EQ(delivery->counts().folded, 14u);
}

TEST_F(DeliveryTest, OneThatIsAboveTheRateIsNotFolded) {
  options.channels["ops"].per_minute_max = 6;
  Start();
  Step(RowsOf(7));
  Step({}, Duration::Seconds(11));
  ASSERT_EQ(notifier.begun.size(), 7u);
  EXPECT_FALSE(notifier.begun[6].message.digest);
}

// Two categories of W1, and one row of W2; a page.
std::vector<outbox::Row> RowsOfTwoCategories() {
  std::vector<outbox::Row> rows = RowsOf(5);
  for (outbox::Row& row : rows) {
    row.message.warehouse_id = "W1";
    row.message.context.department = "home";
    row.message.context.category = "mugs";
  }
  rows[3].message.context.category = "bags";
  rows[4].message.warehouse_id = "W2";
  rows.push_back(RowOf("page", Severity::kPage));
  rows.back().message.warehouse_id = "W1";
  return rows;
}

outbox::Grouping ByCategory(stock::Tree tree = stock::Tree::kWarehouse) {
  return {outbox::GroupBy::kCategory, tree, Duration::Seconds(30)};
}

TEST_F(DeliveryTest, RowsOfOneSubtreeShareAMessage) {
  options.channels["ops"].grouping = ByCategory();
  Start();
  Step(RowsOfTwoCategories());
  EXPECT_EQ(Begun(), std::vector<std::string>{"page"});
  Step({}, Duration::Seconds(29));
  EXPECT_EQ(notifier.begun.size(), 1u) << "others may come";
  Step({}, Duration::Seconds(1));
  ASSERT_EQ(notifier.begun.size(), 4u) << "one for mugs in W1, two that are alone";
  std::map<std::size_t, int> sizes;
  for (std::size_t i = 1; i < 4; ++i) {
    const auto& digest = notifier.begun[i].message.digest;
    ++sizes[digest ? digest->keys.size() : 1];
    if (!digest) continue;
    EXPECT_EQ(digest->group, (outbox::Group{stock::Tree::kWarehouse, {"W1", "home", "mugs"}}));
  }
  EXPECT_EQ(sizes, (std::map<std::size_t, int>{{1, 2}, {3, 1}}));
}

TEST_F(DeliveryTest, AGroupMayBeOfAllWarehouses) {
  options.channels["ops"].grouping = ByCategory(stock::Tree::kGlobal);
  Start();
  Step(RowsOfTwoCategories());
  Step({}, Duration::Seconds(30));
  ASSERT_EQ(notifier.begun.size(), 3u);
  const auto& mugs = notifier.begun[1].message.digest ? notifier.begun[1] : notifier.begun[2];
  ASSERT_TRUE(mugs.message.digest);
  EXPECT_EQ(mugs.message.digest->keys.size(), 4u);
}

TEST_F(DeliveryTest, AGroupOfManyIsSeveralDigests) {
  options.channels["ops"].grouping = ByCategory();
  options.storm.digest_rows_max = 2;
  Start();
  Step(RowsOfTwoCategories());
  Step({}, Duration::Seconds(30));
  std::size_t mugs = 0;
  for (const outbox::Row& row : notifier.begun) {
    if (!row.message.digest) continue;
    EXPECT_EQ(row.message.digest->group,
              (outbox::Group{stock::Tree::kWarehouse, {"W1", "home", "mugs"}}));
    EXPECT_LE(row.message.digest->keys.size(), 2u);
    mugs += row.message.digest->keys.size();
  }
  EXPECT_EQ(mugs, 3u);
}

// 400 keys of 100 bytes are more than 32 KiB.
TEST_F(DeliveryTest, KeysThatAreTooLongForOneDigestMakeTwo) {
  options.storm.rows_min = 100;
  Start();
  Step(RowsOf(400, Severity::kWarning, std::string(94, 'k')));
  Step({}, Duration::Seconds(1));
  ASSERT_EQ(notifier.begun.size(), 2u);
  std::size_t keys = 0;
  for (const outbox::Row& row : notifier.begun) {
    std::size_t bytes = 0;
    for (const std::string& key : row.message.digest->keys) bytes += key.size() + 3;
    EXPECT_LE(bytes, std::size_t{32} * 1024);
    keys += row.message.digest->keys.size();
  }
  EXPECT_EQ(keys, 400u);
}

TEST_F(DeliveryTest, AStormDoesNotWaitForGroups) {
  options.channels["ops"].grouping = ByCategory();
  options.storm.rows_min = 100;
  Start();
  std::vector<outbox::Row> rows = RowsOf(150);
  for (outbox::Row& row : rows) row.message.warehouse_id = "W1";
  Step(std::move(rows));
  EXPECT_EQ(notifier.begun.size(), 0u);
  Step({}, Duration::Seconds(1));
  ASSERT_EQ(notifier.begun.size(), 1u);
  ASSERT_TRUE(notifier.begun[0].message.digest);
  EXPECT_EQ(notifier.begun[0].message.digest->keys.size(), 150u);
  EXPECT_FALSE(notifier.begun[0].message.digest->group);
}

TEST_F(DeliveryTest, WhatWaitsForItsGroupIsLostNeitherByARestartNorWithItsChannel) {
  options.channels["ops"].grouping = ByCategory();
  Start();
  Step(RowsOfTwoCategories());
  Start();
  Step({}, Duration::Seconds(30));
  EXPECT_EQ(notifier.begun.size(), 5u) << "the page twice, mugs, and two that are alone";
  EXPECT_EQ(delivery->counts().digests, 1u);
  Step(RowsOf(2, Severity::kWarning, "late"));
  notifier.Say(1, Outcome::kGone, 410);
  Step();
  EXPECT_EQ(delivery->counts().dead_lettered, 3u) << "the page and what waited";
  EXPECT_EQ(delivery->waiting(), delivery->in_flight());
}

TEST_F(DeliveryTest, WhatMayHaveBeenToldIsNeverFolded) {
  options.storm.rows_min = 5;
  Start();
  Step({RowOf("a")});
  Start();  // nobody knows whether it arrived
  Step(RowsOf(10));
  EXPECT_EQ(Begun(1), Keys{"a"});
  Step({}, Duration::Seconds(2));
  ASSERT_EQ(notifier.begun.size(), 3u);
  EXPECT_EQ(notifier.begun[2].message.digest->keys.size(), 10u);
}

// Memory

TEST_F(DeliveryTest, OnlyAWindowIsInMemoryAndNothingIsLost) {
  options.window_rows = 10;
  options.channels["ops"].in_flight_max = 2;
  Start();
  Step(RowsOf(100));
  Step({RowOf("page", Severity::kPage)});
  EXPECT_LE(delivery->in_memory(), 10u);
  EXPECT_EQ(delivery->waiting(), 101u);
  std::size_t answered = 0;
  for (int i = 0; i < 300; ++i) {
    for (; answered < notifier.begun.size(); ++answered) {
      notifier.Say(answered, Outcome::kDelivered);
    }
    Step({}, Duration::Seconds(1));
    ASSERT_LE(delivery->in_memory(), 10u);
  }
  EXPECT_EQ(delivery->counts().delivered, 101u);
  EXPECT_EQ(notifier.begun[2].key, "page") << "a page finds room";
}

TEST_F(DeliveryTest, ARestartTakesUpTheMostUrgent) {
  Start();
  delivery->Plan(RowsOf(100), now, batch);
  delivery->Plan({RowOf("page", Severity::kPage)}, now, batch);
  delivery->Close();
  delivery->Prepare(now, batch);
  ASSERT_TRUE(store.Commit(batch).ok());
  batch.Clear();
  options.window_rows = 10;
  options.channels["ops"].in_flight_max = 1;
  Start();
  Step();
  EXPECT_EQ(Begun(), Keys{"page"});
  EXPECT_EQ(delivery->in_memory(), 10u);
  EXPECT_EQ(delivery->waiting(), 101u);
}

}  // namespace
}  // namespace stockwatch::flow
