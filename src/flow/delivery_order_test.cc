// Of one alert a receiver gets one notice after the other: docs/formats.md, Order.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "domain/outbox/digest.h"
#include "domain/outbox/row_key.h"
#include "flow/delivery.h"
#include "flow/refill.h"
#include "testing/delivery_room.h"

namespace stockwatch::flow {
namespace {

using alert::NoticeKind;
using base::Duration;
using event::Severity;
using outbox::Outcome;

std::string KeyOf(const std::string& alert, int transition, int occurrence = 0,
                  const std::string& destination = "ops") {
  return alert + "/" + std::to_string(transition) + "/default/" + destination + "/" +
         std::to_string(occurrence);
}

outbox::Row RowOfAlert(const std::string& alert, int transition,
                       Severity severity = Severity::kWarning,
                       const std::string& destination = "ops") {
  outbox::Row row = testing::RowOf(KeyOf(alert, transition, 0, destination), severity, destination);
  row.message.kind = transition == 0 ? NoticeKind::kOpened : NoticeKind::kResolved;
  row.message.sku = alert;
  row.message.warehouse_id = "W1";
  return row;
}

// Each of the alerts opens, or ends.
std::vector<outbox::Row> RowsOfAlerts(int count, int transition) {
  std::vector<outbox::Row> rows;
  for (int i = 0; i < count; ++i) {
    rows.push_back(RowOfAlert("a" + std::to_string(i), transition));
  }
  return rows;
}

class OrderTest : public testing::DeliveryRoom {
 public:
  void Answer(std::size_t index, Outcome outcome = Outcome::kDelivered) {
    notifier.Say(index, outcome, outcome == Outcome::kDelivered ? 204 : 500);
  }
  // Answers everything that was sent until nothing more is, a second at a time. True: no row came
  // before one of its alert that was planned earlier.
  bool TellsAllInOrder(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      for (; answered_ < notifier.begun.size(); ++answered_) Answer(answered_);
      Step({}, Duration::Seconds(1));
    }
    return InOrder();
  }
  bool InOrder() const {
    std::map<std::string, std::uint64_t> last;
    for (const outbox::Row& row : notifier.begun) {
      std::map<std::string, std::uint64_t> told;
      for (const std::string& key : KeysOf(row)) {
        const auto place = outbox::PlaceOf(key);
        if (!place) continue;
        const std::string alert(place->alert);
        if (last.contains(alert) && last[alert] > place->sequence) return false;
        told[alert] = std::max(told[alert], place->sequence);
      }
      for (const auto& [alert, sequence] : told) last[alert] = sequence;
    }
    return true;
  }
  // Of all rows that were told, alone or in a digest.
  std::size_t Told() const {
    std::size_t told = 0;
    for (const outbox::Row& row : notifier.begun) told += KeysOf(row).size();
    return told;
  }
  static std::vector<std::string> KeysOf(const outbox::Row& row) {
    return row.message.digest ? row.message.digest->keys : std::vector<std::string>{row.key};
  }

 private:
  std::size_t answered_ = 0;
};

TEST_F(OrderTest, AnEndIsToldWhenItsOpeningWasTaken) {
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 1), RowOfAlert("b", 0)});
  EXPECT_EQ(Begun(), (Keys{KeyOf("a", 0), KeyOf("b", 0)}));
  Answer(0, Outcome::kFailed);
  Step();
  Step({}, Duration::Seconds(6));
  EXPECT_EQ(Begun(2), Keys{KeyOf("a", 0)}) << "the receiver failed once";
  Answer(2);
  Step();
  EXPECT_EQ(Begun(3), Keys{KeyOf("a", 1)});
  Answer(3);
  Step();
  EXPECT_EQ(delivery->waiting(), 1u) << "b is not answered";
}

TEST_F(OrderTest, EachDestinationHasItsOwn) {
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 0, Severity::kWarning, "other")});
  Answer(1);
  Step({RowOfAlert("a", 1), RowOfAlert("a", 1, Severity::kWarning, "other")});
  EXPECT_EQ(Begun(2), Keys{KeyOf("a", 1, 0, "other")});
}

TEST_F(OrderTest, WhatIsGivenUpReleasesWhatComesLater) {
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 1)});
  Answer(0, Outcome::kRefused);
  Step();
  EXPECT_EQ(Begun(1), Keys{KeyOf("a", 1)});
}

TEST_F(OrderTest, NoLaneLetsAnEndOvertakeAndAPageThatOpensWaitsForNothing) {
  Start();
  Step({RowOfAlert("a", 1, Severity::kPage), RowOfAlert("a", 0), RowOfAlert("b", 0)});
  EXPECT_EQ(Begun(), (Keys{KeyOf("a", 0), KeyOf("b", 0)}));
  outbox::Row reopened = RowOfAlert("b", 2, Severity::kPage);
  reopened.message.kind = NoticeKind::kReopened;
  Step({reopened, RowOfAlert("b", 3, Severity::kPage)});
  EXPECT_EQ(Begun(2), Keys{KeyOf("b", 2)});
  Answer(2);
  Step();
  EXPECT_EQ(notifier.begun.size(), 3u) << "the first opening of b is not answered";
  Answer(1);
  Step();
  EXPECT_EQ(Begun(3), Keys{KeyOf("b", 3)});
}

TEST_F(OrderTest, ARestartKeepsIt) {
  options.channels["ops"].in_flight_max = 1;
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 1), RowOfAlert("a", 10), RowOfAlert("a", 2)});
  Answer(0, Outcome::kUnknown);
  Step();
  Start();
  Step();
  EXPECT_EQ(notifier.begun.size(), 1u) << "the opening is due in five seconds";
  Step({}, Duration::Seconds(6));
  for (std::size_t i = 1; i < 5; ++i) {
    ASSERT_EQ(notifier.begun.size(), i + 1);
    Answer(i);
    Step();
  }
  EXPECT_EQ(Begun(1), (Keys{KeyOf("a", 0), KeyOf("a", 1), KeyOf("a", 2), KeyOf("a", 10)}));
}

TEST_F(OrderTest, AReplayedDeadLetterGoesBeforeWhatStillWaits) {
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 1)});
  Answer(0, Outcome::kRefused);
  Step();
  Answer(1, Outcome::kFailed);
  Step();
  ASSERT_TRUE(delivery->Replay(KeyOf("a", 0), now, batch).ok());
  Step({}, Duration::Seconds(10));
  EXPECT_EQ(Begun(2), Keys{KeyOf("a", 0)});
  Answer(2);
  Step();
  EXPECT_EQ(Begun(3), Keys{KeyOf("a", 1)});
}

TEST_F(OrderTest, ExpiryTakesWhatWaitsForAnEarlierRowToo) {
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 1)});
  Answer(0, Outcome::kFailed);
  Step();
  Step({}, Duration::Days(5));
  EXPECT_EQ(delivery->counts().dead_lettered, 2u);
  EXPECT_TRUE(delivery->IsQuiet(now));
}

TEST_F(OrderTest, GoneTakesWhatWaitsForAnEarlierRowToo) {
  Start();
  Step({RowOfAlert("a", 0), RowOfAlert("a", 1), RowOfAlert("b", 0)});
  Answer(2 - 1, Outcome::kGone);
  Step();
  EXPECT_EQ(delivery->counts().dead_lettered, 2u);
  Answer(0);
  Step();
  EXPECT_EQ(delivery->waiting(), 0u);
}

// Digests

TEST_F(OrderTest, OneDigestMayTellBothAndWhatComesLaterWaitsForIt) {
  options.storm.rows_min = 50;
  Start();
  std::vector<outbox::Row> rows = RowsOfAlerts(60, 0);
  rows.push_back(RowOfAlert("a3", 1));
  Step(std::move(rows));
  Step({}, Duration::Seconds(1));
  ASSERT_EQ(notifier.begun.size(), 1u);
  EXPECT_EQ(notifier.begun[0].message.digest->keys.size(), 61u);
  Step({RowOfAlert("a5", 1)}, Duration::Seconds(5));
  EXPECT_EQ(notifier.begun.size(), 1u) << "the digest is not answered";
  Answer(0, Outcome::kFailed);
  Step();
  Start();  // a restart knows what is in a digest
  Step();
  EXPECT_EQ(notifier.begun.size(), 1u);
  Step({}, Duration::Seconds(6));
  ASSERT_EQ(notifier.begun.size(), 2u);
  Answer(1);
  Step();
  EXPECT_EQ(Begun(2), Keys{KeyOf("a5", 1)});
}

TEST_F(OrderTest, NoDigestWaitsAsAWholeForOneRow) {
  options.storm.rows_min = 50;
  Start();
  Step({RowOfAlert("a7", 0)});
  Answer(0, Outcome::kFailed);
  Step(RowsOfAlerts(60, 1));
  Step({}, Duration::Seconds(1));
  ASSERT_EQ(notifier.begun.size(), 2u);
  EXPECT_EQ(notifier.begun[1].message.digest->keys.size(), 59u);
  EXPECT_TRUE(TellsAllInOrder(20));
  EXPECT_EQ(delivery->waiting(), 0u);
}

TEST_F(OrderTest, AGroupTellsBoth) {
  options.channels["ops"].grouping = {outbox::GroupBy::kWarehouse, stock::Tree::kWarehouse,
                                      Duration::Seconds(30)};
  Start();
  Step({RowOfAlert("a", 0)});
  Step({RowOfAlert("a", 1), RowOfAlert("b", 0)}, Duration::Seconds(10));
  Step({}, Duration::Seconds(20));
  ASSERT_EQ(notifier.begun.size(), 1u);
  EXPECT_EQ(notifier.begun[0].message.digest->keys.size(), 3u);
}

// Severity only rises: where more urgent ends are folded first, digests must not wait for each
// other.
TEST_F(OrderTest, DigestsNeverWaitForEachOther) {
  options.storm = {.rows_min = 10, .window = Duration::Seconds(1), .digest_rows_max = 4};
  options.channels["ops"].in_flight_max = 2;
  Start();
  std::vector<outbox::Row> rows = RowsOfAlerts(20, 0);
  for (int i = 0; i < 20; ++i) {
    rows.push_back(RowOfAlert("a" + std::to_string(i), 1,
                              i % 3 == 0 ? Severity::kCritical : Severity::kWarning));
  }
  Step(std::move(rows));
  EXPECT_TRUE(TellsAllInOrder(60));
  EXPECT_EQ(Told(), 40u);
  EXPECT_EQ(delivery->waiting(), 0u);
}

TEST_F(OrderTest, DigestsThatReplaysMadeWaitForEachOtherGoAllTheSame) {
  options.storm = {.rows_min = 2, .window = Duration::Seconds(1), .digest_rows_max = 2};
  Start();
  outbox::Delivery one;
  outbox::Delivery two;
  const outbox::Row x0 = RowOfAlert("x", 0), x1 = RowOfAlert("x", 1);
  const outbox::Row y0 = RowOfAlert("y", 0), y1 = RowOfAlert("y", 1);
  one.row = outbox::Fold({&x0, &y1});
  two.row = outbox::Fold({&y0, &x1});
  for (const outbox::Delivery* each : {&one, &two}) {
    std::string record;
    outbox::EncodeDelivery(*each, record);
    batch.Put(ports::Family::kOutbox, each->row.key, record);
  }
  ASSERT_TRUE(store.Commit(batch).ok());
  batch.Clear();
  checks_each_step = false;  // they were never planned
  Start();
  Step();
  ASSERT_EQ(notifier.begun.size(), 1u);
  Answer(0);
  Step();
  EXPECT_EQ(notifier.begun.size(), 2u);
}

// Memory

TEST_F(OrderTest, MemoryThatIsTooSmallKeepsIt) {
  options.window_rows = 10;
  options.channels["ops"].in_flight_max = 2;
  Start();
  Step(RowsOfAlerts(40, 0));
  std::vector<outbox::Row> ends = RowsOfAlerts(40, 1);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (i % 2 == 0) ends[i].message.severity = i % 4 == 0 ? Severity::kPage : Severity::kCritical;
  }
  Step(std::move(ends));
  EXPECT_LE(delivery->in_memory(), 10u);
  EXPECT_TRUE(TellsAllInOrder(300));
  EXPECT_EQ(Told(), 80u);
  EXPECT_EQ(delivery->waiting(), 0u);
}

TEST(Refill, TakesNoneWithoutThoseBeforeIt) {
  Refill refill(3);
  for (const auto& [alert, transition, severity] :
       {std::tuple{"a", 0, Severity::kInfo}, std::tuple{"a", 1, Severity::kPage},
        std::tuple{"b", 0, Severity::kWarning}, std::tuple{"b", 1, Severity::kWarning},
        std::tuple{"c", 0, Severity::kCritical}}) {
    outbox::Delivery delivery;
    delivery.row = RowOfAlert(alert, transition, severity);
    refill.Offer(std::move(delivery));
  }
  const Refill::Chosen chosen = refill.Take();
  std::vector<std::string> keys;
  for (const outbox::Delivery& delivery : chosen.rows) keys.push_back(delivery.row.key);
  EXPECT_EQ(keys, (std::vector<std::string>{KeyOf("c", 0), KeyOf("b", 0), KeyOf("b", 1)}))
      << "the page of a is no more urgent than the opening before it";
  EXPECT_EQ(chosen.left, 2u);
  EXPECT_EQ(chosen.left_lines.size(), 1u);
}

}  // namespace
}  // namespace stockwatch::flow
