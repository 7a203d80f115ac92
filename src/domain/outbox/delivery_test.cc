#include "domain/outbox/delivery.h"

#include <gtest/gtest.h>

#include "domain/outbox/delivery_record.h"
#include "domain/outbox/digest.h"
#include "domain/outbox/row_record.h"
#include "testing/record_checks.h"

namespace stockwatch::outbox {
namespace {

using base::Duration;
using base::Instant;
using event::Severity;
using stockwatch::testing::FromHex;

Instant At(std::int64_t seconds) {
  return Instant::Seconds(seconds);
}

Attempt Tried(std::int64_t seconds, Outcome outcome) {
  Attempt attempt;
  attempt.at = At(seconds);
  attempt.outcome = outcome;
  return attempt;
}

Delivery Queued() {
  Delivery delivery;
  delivery.row.key = "k";
  return delivery;
}

TEST(Delivery, IsOverWhenItWasTaken) {
  Delivery delivery = Queued();
  Enter(delivery, Tried(10, Outcome::kDelivered), std::nullopt, {});
  EXPECT_EQ(delivery.state, DeliveryState::kDelivered);
  EXPECT_EQ(delivery.ended_at, At(10));
  EXPECT_EQ(delivery.attempts, 1u);
  ASSERT_EQ(delivery.recent.size(), 1u);
}

TEST(Delivery, IsTriedBySchedulesEndThenGivenUp) {
  for (const Outcome outcome : {Outcome::kFailed, Outcome::kUnknown}) {
    Delivery delivery = Queued();
    std::int64_t now = 0;
    for (int attempt = 1; attempt < 10; ++attempt) {
      Enter(delivery, Tried(now, outcome), std::nullopt, {});
      ASSERT_EQ(delivery.state, DeliveryState::kFailed) << attempt;
      ASSERT_GT(*delivery.due, At(now));
      now = delivery.due->micros() / 1'000'000;
    }
    EXPECT_GE(now, 75 * 3600) << "three days";
    EXPECT_LE(now, 85 * 3600);
    Enter(delivery, Tried(now, outcome), std::nullopt, {});
    EXPECT_EQ(delivery.state, DeliveryState::kDeadLettered);
    EXPECT_EQ(delivery.reason, DeadReason::kExhausted);
    EXPECT_EQ(delivery.attempts, 10u);
  }
}

TEST(Delivery, WaitsAsLongAsTheReceiverAsksWithinABound) {
  DeliveryOptions options;
  options.retry_after_max = Duration::Hours(1);
  Delivery delivery = Queued();
  Enter(delivery, Tried(100, Outcome::kFailed), Duration::Seconds(60), options);
  EXPECT_EQ(delivery.due, At(160));
  EXPECT_TRUE(delivery.held);
  delivery = Queued();
  Enter(delivery, Tried(100, Outcome::kFailed), Duration::Seconds(1), options);
  EXPECT_GE(*delivery.due, At(105)) << "never sooner than the schedule";
  delivery = Queued();
  Enter(delivery, Tried(100, Outcome::kFailed), Duration::Days(300), options);
  EXPECT_EQ(delivery.due, At(3700));
}

TEST(Delivery, IsGivenUpAtOnceWhereNobodyWillTakeIt) {
  Delivery gone = Queued();
  Enter(gone, Tried(10, Outcome::kGone), std::nullopt, {});
  EXPECT_EQ(gone.reason, DeadReason::kGone);
  Delivery refused = Queued();
  Enter(refused, Tried(10, Outcome::kRefused), std::nullopt, {});
  EXPECT_EQ(refused.state, DeliveryState::kDeadLettered);
  EXPECT_EQ(refused.reason, DeadReason::kRefused);
}

TEST(Delivery, ADeadLetterGetsAnotherRound) {
  Delivery delivery = Queued();
  EXPECT_EQ(Replay(delivery, At(1)).error().code, base::Code::kFailedPrecondition);
  for (int i = 0; i < 10; ++i) Enter(delivery, Tried(i, Outcome::kFailed), std::nullopt, {});
  ASSERT_EQ(delivery.state, DeliveryState::kDeadLettered);
  ASSERT_TRUE(Replay(delivery, At(500)).ok());
  EXPECT_EQ(delivery.due, At(500));
  EXPECT_EQ(delivery.attempts, 10u);
  Enter(delivery, Tried(500, Outcome::kFailed), std::nullopt, {});
  EXPECT_EQ(delivery.state, DeliveryState::kFailed);
  EXPECT_EQ(delivery.attempts, 11u);
}

TEST(Delivery, KeepsTheLatestAttemptsAndTheFirstBytesOfAnAnswer) {
  Delivery delivery = Queued();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10; ++i) {
      Attempt attempt = Tried(i, Outcome::kFailed);
      attempt.status = static_cast<std::uint16_t>(round * 10 + i);
      attempt.detail.assign(1000, 'x');
      Enter(delivery, attempt, std::nullopt, {});
    }
    ASSERT_TRUE(Replay(delivery, At(100)).ok());
  }
  ASSERT_EQ(delivery.recent.size(), kAttemptsKept);
  EXPECT_EQ(delivery.recent.front().status, 10);
  EXPECT_EQ(delivery.recent.back().detail.size(), kDetailBytesMax);
}

TEST(Delivery, LanesGoPageCriticalWarningInfo) {
  EXPECT_EQ(LaneOf(Severity::kPage), 0u);
  EXPECT_EQ(LaneOf(Severity::kCritical), 1u);
  EXPECT_EQ(LaneOf(Severity::kWarning), 2u);
  EXPECT_EQ(LaneOf(Severity::kInfo), 3u);
}

// Record

Delivery Tried() {
  Delivery delivery = Queued();
  delivery.state = DeliveryState::kFailed;
  delivery.attempts = 12;
  delivery.round = 2;
  delivery.queued_at = Instant::Micros(1);
  delivery.due = Instant::Micros(2);
  delivery.held = true;
  delivery.sent_at = Instant::Micros(6);
  delivery.epoch = 7;
  delivery.by = "d";
  delivery.recent = {{Instant::Micros(3), 4, Outcome::kUnknown, 503, Duration::Micros(5), "no"}};
  return delivery;
}

// Written by hand from docs/formats.md, Delivery; around the bytes of the row. 503 = 0x1f7.
std::string TriedBytes() {
  std::string row;
  EncodeRow(Tried().row, row);
  std::string bytes = FromHex("0d");
  base::ByteWriter(bytes).PutBytes(row);
  return bytes + FromHex(
                     "03 0c000000 02000000"                  // failed, attempts, of this round
                     "01 0100000000000000"                   // queued
                     "01 0200000000000000 01"                // due, held
                     "01 0600000000000000 0700000000000000"  // handed out, by the engine of epoch 7
                     "00 00"                                 // not ended, no reason
                     "01000000 64"                           // by "d"
                     "01000000"                              // one attempt
                     "0300000000000000 0400000000000000 02"  // at, epoch, unknown
                     "f701 0500000000000000 02000000 6e6f");  // status, latency, "no"
}

TEST(DeliveryRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeDelivery(Tried(), out);
  EXPECT_EQ(out, TriedBytes());
  const auto decoded = DecodeDelivery(TriedBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Tried());
}

TEST(DeliveryRecord, ReadsTheVersionsBefore) {
  for (const unsigned char version :
       {std::uint8_t{3}, std::uint8_t{5}, std::uint8_t{7}, std::uint8_t{9}, std::uint8_t{11}}) {
    const auto decoded = DecodeDelivery(stockwatch::testing::WithByte(TriedBytes(), 0, version));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.value(), Tried());
  }
}

TEST(DeliveryRecord, ARowAloneIsQueued) {
  std::string row;
  EncodeRow(Queued().row, row);
  const auto decoded = DecodeDelivery(row);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Queued());
}

TEST(DeliveryRecord, HasNoStateThatNothingIsIn) {
  std::string row;
  EncodeRow(Tried().row, row);
  const std::size_t state = 1 + 4 + row.size();
  const std::string damaged = stockwatch::testing::WithByte(TriedBytes(), state, 6);
  EXPECT_EQ(stockwatch::testing::CodeOf(DecodeDelivery, damaged), base::Code::kDataLoss);
}

TEST(DeliveryRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeDelivery, TriedBytes());
}

// Digest

Row RowOf(const std::string& key, Severity severity, std::int64_t risk) {
  Row row;
  row.key = key;
  row.route = "default";
  row.destination = "ops";
  row.message.type = event::ConditionType::kLowStock;
  row.message.severity = severity;
  row.message.at = At(risk);
  row.message.sku = key;
  row.message.context.revenue_at_risk = base::Money{risk, base::Currency()};
  return row;
}

std::vector<const Row*> Pointers(const std::vector<Row>& rows) {
  std::vector<const Row*> pointers;
  pointers.reserve(rows.size());
  for (const Row& row : rows) pointers.push_back(&row);
  return pointers;
}

TEST(Digest, ListsTheCriticalOnesAndTheTopOfTheOthers) {
  std::vector<Row> rows;
  for (int i = 0; i < 30; ++i) {
    rows.push_back(RowOf("w" + std::to_string(i), Severity::kWarning, i));
    rows.push_back(RowOf("c" + std::to_string(i), Severity::kCritical, i));
  }
  rows[0].message.kind = alert::NoticeKind::kResolved;
  const Row folded = Fold(Pointers(rows));
  ASSERT_TRUE(folded.message.digest);
  const Digest& digest = *folded.message.digest;
  EXPECT_EQ(folded.message.severity, Severity::kCritical);
  EXPECT_EQ(folded.destination, "ops");
  EXPECT_EQ(digest.keys.size(), 60u);
  EXPECT_EQ(digest.by_type[event::Index(event::ConditionType::kLowStock)], 60u);
  EXPECT_EQ(digest.by_severity[1], 30u);
  EXPECT_EQ(digest.by_severity[2], 30u);
  EXPECT_EQ(digest.resolved, 1u);
  EXPECT_EQ(digest.from, At(0));
  EXPECT_EQ(digest.until, At(29));
  ASSERT_EQ(digest.lines.size(), 40u);
  EXPECT_EQ(digest.lines[0].sku, "c29");
  EXPECT_EQ(digest.lines[29].sku, "c0");
  EXPECT_EQ(digest.lines[30].sku, "w29");
  EXPECT_EQ(digest.lines[39].sku, "w20");
  EXPECT_EQ(digest.subjects(), 60u);
}

// One alert of an item: its transition, what it tells, of a condition.
Row RowOfAlert(char alert, int transition, const std::string& sku, alert::NoticeKind kind) {
  Row row = RowOf(std::string(32, alert) + "/" + std::to_string(transition) + "/default/ops/0",
                  Severity::kWarning, 0);
  row.message.sku = sku;
  row.message.kind = kind;
  row.message.opened_at = At(alert - 'a');
  return row;
}

// Two alerts of A, one after the other, and one of B: the first of A was re-opened.
TEST(Digest, HasOneLineForAnItemThatOpensAndEndsAgainAndAgain) {
  using alert::NoticeKind;
  std::vector<Row> rows{
      RowOfAlert('b', 1, "A", NoticeKind::kResolved), RowOfAlert('b', 0, "A", NoticeKind::kOpened),
      RowOfAlert('a', 10, "A", NoticeKind::kResolved),
      RowOfAlert('a', 9, "A", NoticeKind::kReopened), RowOfAlert('c', 0, "B", NoticeKind::kOpened)};
  const Digest digest = *Fold(Pointers(rows)).message.digest;
  ASSERT_EQ(digest.lines.size(), 2u);
  EXPECT_EQ(digest.lines[0].sku, "B") << "what is open goes first";
  EXPECT_EQ(digest.lines[0].notices, 1u);
  EXPECT_EQ(digest.lines[1].key, rows[0].key) << "the end of the second alert is the newest of A";
  EXPECT_EQ(digest.lines[1].notices, 4u);
  EXPECT_EQ(digest.subjects(), 2u);
  EXPECT_EQ(digest.by_severity[1], 5u) << "counts are of notices";
  EXPECT_EQ(digest.resolved, 2u);
}

TEST(Digest, NoEndOfOneAlertHidesAnotherThatIsOpen) {
  using alert::NoticeKind;
  std::vector<Row> rows{RowOfAlert('a', 0, "A", NoticeKind::kOpened),
                        RowOfAlert('b', 0, "A", NoticeKind::kOpened),
                        RowOfAlert('b', 1, "A", NoticeKind::kResolved)};
  for (std::size_t i = 1; i < 3; ++i) {
    rows[i].message.type = event::ConditionType::kOutOfStock;
    rows[i].message.severity = Severity::kCritical;
  }
  const Digest digest = *Fold(Pointers(rows)).message.digest;
  ASSERT_EQ(digest.lines.size(), 1u);
  EXPECT_EQ(digest.lines[0].key, rows[0].key);
  EXPECT_EQ(digest.lines[0].notices, 3u);
  EXPECT_EQ(digest.subjects_by_severity, (std::array<std::uint32_t, 4>{0, 1, 0, 0}));
}

TEST(Digest, TellsSubjectsApartByAllThatNamesThem) {
  std::vector<Row> rows(7, RowOf("", Severity::kWarning, 0));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].key = std::to_string(i);
  rows[1].message.warehouse_id = "W1";
  rows[2].message.sku = "A";
  rows[3].message.tree = "global";
  rows[4].message.path = {"W1"};
  rows[5].message.component = alert::Component{alert::Component::Kind::kSource, "W1"};
  rows[6].message.component = alert::Component{alert::Component::Kind::kChannel, "W1"};
  EXPECT_EQ(Fold(Pointers(rows)).message.digest->lines.size(), 7u);
}

TEST(Digest, HasAtMostFiftyLinesAndCountsAll) {
  std::vector<Row> rows;
  for (int i = 0; i < 60; ++i) {
    rows.push_back(RowOf("c" + std::to_string(i), Severity::kCritical, i));
    rows.push_back(RowOf("w" + std::to_string(i), Severity::kWarning, i));
  }
  const Digest digest = *Fold(Pointers(rows)).message.digest;
  ASSERT_EQ(digest.lines.size(), 50u);
  EXPECT_EQ(digest.lines[39].sku, "c20");
  EXPECT_EQ(digest.lines[40].sku, "w59");
  EXPECT_EQ(digest.subjects(), 120u);
  EXPECT_EQ(digest.subjects_by_type[event::Index(event::ConditionType::kLowStock)], 120u);
}

TEST(Digest, ItsKeyIsMadeOfTheirs) {
  const std::vector<Row> rows{RowOf("a", Severity::kInfo, 1), RowOf("b", Severity::kInfo, 2)};
  const std::vector<Row> turned{rows[1], rows[0]};
  EXPECT_EQ(Fold(Pointers(rows)).key, Fold(Pointers(turned)).key);
  EXPECT_NE(Fold(Pointers(rows)).key, Fold({&rows[0]}).key);
  EXPECT_TRUE(Fold(Pointers(rows)).key.starts_with("digest/"));
}

TEST(Digest, NeverHoldsAPageOrADigest) {
  EXPECT_FALSE(CanBeFolded(RowOf("a", Severity::kPage, 1)));
  EXPECT_TRUE(CanBeFolded(RowOf("a", Severity::kCritical, 1)));
  const Row row = RowOf("a", Severity::kInfo, 1);
  EXPECT_FALSE(CanBeFolded(Fold({&row})));
}

}  // namespace
}  // namespace stockwatch::outbox
