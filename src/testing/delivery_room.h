#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory_store/memory_store.h"
#include "domain/outbox/delivery_record.h"
#include "flow/delivery.h"
#include "ports/batch.h"

namespace stockwatch::testing {

// Answers when the test says so.
class SlowNotifier : public ports::Notifier {
 public:
  void Begin(const outbox::Row& row, std::uint64_t lease) override {
    begun.push_back(row);
    leases.push_back(lease);
  }
  std::vector<Answer> TakeAnswers() override { return std::exchange(answers, {}); }
  // To the row that was begun as number `index`.
  void Say(std::size_t index, outbox::Outcome outcome, std::uint16_t status = 0,
           std::optional<base::Duration> retry_after = {}) {
    Answer answer;
    answer.lease = leases.at(index);
    answer.sent.outcome = outcome;
    answer.sent.status = status;
    answer.sent.retry_after = retry_after;
    answers.push_back(answer);
  }

  std::vector<outbox::Row> begun;
  std::vector<std::uint64_t> leases;
  std::vector<Answer> answers;
};

// A store of which somebody else becomes the owner.
class LostStore : public memory_store::MemoryStore {
 public:
  LostStore() : MemoryStore(Serves::kSeveralEngines) {}
  base::Status CheckOwner() override {
    if (!lost) return {};
    return base::Error{base::Code::kFailedPrecondition, "another engine has it"};
  }
  std::uint64_t epoch() const override { return 7; }
  bool lost = false;
};

inline outbox::Row RowOf(const std::string& key,
                         event::Severity severity = event::Severity::kWarning,
                         const std::string& destination = "ops") {
  outbox::Row row;
  row.key = key;
  row.route = "default";
  row.destination = destination;
  row.message.type = event::ConditionType::kLowStock;
  row.message.severity = severity;
  row.message.sku = key;
  return row;
}

inline std::vector<outbox::Row> RowsOf(int count,
                                       event::Severity severity = event::Severity::kWarning,
                                       const std::string& prefix = "r") {
  std::vector<outbox::Row> rows;
  for (int i = 0; i < count; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, 6 - number.size(), '0');
    rows.push_back(RowOf(prefix + number, severity));
  }
  return rows;
}

// A delivery loop over a store in memory, a round at a time.
class DeliveryRoom : public ::testing::Test {
 public:
  DeliveryRoom() {
    options.channels["ops"].in_flight_max = 100'000;
    options.storm.rows_min = 0;
  }
  void Start() {
    delivery.emplace(
        flow::Delivery::Parts{options, {"ops", "other"}, store, notifier, store.epoch()});
    ASSERT_TRUE(delivery->Start(now).ok());
  }
  // One round of the pipeline, in which these rows are planned.
  void Step(std::vector<outbox::Row> rows = {}, base::Duration after = base::Duration()) {
    now = now + after;
    delivery->Plan(std::move(rows), now, batch);
    delivery->Prepare(now, batch);
    ASSERT_TRUE(store.Commit(batch).ok());
    batch.Clear();
    ASSERT_TRUE(delivery->HandOut(now).ok());
    if (checks_each_step) ExpectConserved();
  }
  // Every row that was ever planned waits, or has ended in one way.
  void ExpectConserved() {
    const flow::DeliveryCounts& counts = delivery->counts();
    EXPECT_EQ(counts.planned, counts.ended() + delivery->waiting());
    EXPECT_EQ(Kept(ports::Family::kOutbox).size(), delivery->waiting());
    EXPECT_EQ(Kept(ports::Family::kDelivery).size(), counts.ended());
  }
  std::vector<outbox::Delivery> Kept(ports::Family family) {
    std::vector<outbox::Delivery> kept;
    (void)store.ReadFamily(family, [&](std::string_view, std::string_view record) {
      kept.push_back(outbox::DecodeDelivery(record).value());
    });
    return kept;
  }
  std::vector<std::string> Begun(std::size_t from = 0) const {
    std::vector<std::string> keys;
    for (std::size_t i = from; i < notifier.begun.size(); ++i) {
      keys.push_back(notifier.begun[i].key);
    }
    return keys;
  }

  using Keys = std::vector<std::string>;

  outbox::DeliveryOptions options;
  LostStore store;
  SlowNotifier notifier;
  bool checks_each_step = true;
  std::optional<flow::Delivery> delivery;
  ports::Batch batch;
  base::Instant now = base::Instant::Seconds(1'700'000'000);
};

}  // namespace stockwatch::testing
