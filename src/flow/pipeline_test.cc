#include "flow/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/digest.h"
#include "domain/event/dead_letter_record.h"
#include "testing/engine_run.h"
#include "testing/rules.h"
#include "testing/stepped_clock.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes and rules

constexpr std::string_view kCanary = "canary@example.org";

// A pipeline with doubles at all of its ports.
class Plant {
 public:
  explicit Plant(const std::vector<Written>& changes, Pipeline::WriteChange write = nullptr,
                 decode::Options decoding = ShopDecoding())
      : source(changes),
        options([] {
          Options shop = LedgerShop();
          shop.rules = {MakeRule("default", ForAll(), LowOf(10))};
          shop.destinations = {"console", "mail"};
          return shop;
        }()),
        pipeline(options, std::move(decoding), {source, store, &notifier, &clock},
                 std::move(write)) {
    SW_ASSERT(pipeline.Start().ok(), "an empty store starts a pipeline");
  }

  std::size_t Kept(ports::Family family) {
    std::size_t kept = 0;
    (void)memory.ReadFamily(family, [&](std::string_view, std::string_view) { ++kept; });
    return kept;
  }
  std::vector<event::DeadLetter> Letters() {
    std::vector<event::DeadLetter> letters;
    (void)memory.ReadFamily(ports::Family::kDeadLetter,
                            [&](std::string_view, std::string_view record) {
                              letters.push_back(event::DecodeDeadLetter(record).value());
                            });
    return letters;
  }
  // "destination kind sku" of each row that was taken.
  std::vector<std::string> Delivered() const {
    std::vector<std::string> delivered;
    delivered.reserve(notifier.rows.size());
    for (const outbox::Row& row : notifier.rows) {
      delivered.push_back(row.destination + " " + std::string(Name(row.message.kind)) + " " +
                          row.message.sku);
    }
    return delivered;
  }

  VectorSource source;
  memory_store::MemoryStore memory;
  FaultyStore store{memory};
  CollectingNotifier notifier;
  SteppedClock clock{base::Instant::Seconds(1'700'000'000)};
  Options options;
  Pipeline pipeline;
};

std::vector<Written> TwoLowItems() {
  return {Stocked(10, DocumentOf("d1", "W", "a", 5)), Stocked(11, DocumentOf("d2", "W", "b", 6)),
          Moved(12, "no such type", "W", "a", 1)};
}

TEST(Pipeline, StoresThenAcknowledgesThenTells) {
  Plant plant(TwoLowItems());
  const auto stepped = plant.pipeline.Step();
  ASSERT_TRUE(stepped.ok());
  EXPECT_EQ(stepped.value(), Pipeline::Stepped::kEnded);
  EXPECT_EQ(plant.source.acknowledged(), 3u);
  EXPECT_EQ(plant.Kept(ports::Family::kEpisode), 2u);
  EXPECT_EQ(plant.Kept(ports::Family::kOutbox), 4u);
  EXPECT_EQ(plant.Kept(ports::Family::kDeadLetter), 1u);
  EXPECT_EQ(plant.Delivered(), (std::vector<std::string>{"console opened a", "console opened b",
                                                         "mail opened a", "mail opened b"}));
}

// Three items; then a snapshot from 30 on, in which `show` is how the second one's document looks.
// The first item's document is gone.
std::string AfterSnapshot(ports::RawInput show) {
  Plant plant({});
  for (const char* sku : {"a", "b", "c"}) {
    plant.source.Add(InputOf(Stocked(10, DocumentOf(sku, "W", sku, 5))));
  }
  show.of_snapshot = true;
  plant.source.Add(std::move(show));
  ports::RawInput whole = InputOf(Stocked(31, DocumentOf("c", "W", "c", 7)));
  whole.of_snapshot = true;
  plant.source.Add(std::move(whole));
  plant.source.snapshot_since = base::Position{0, 30, 0, 0};
  EXPECT_TRUE(plant.pipeline.Step().ok());
  const State& state = plant.pipeline.state();
  std::string retired;
  for (const char* sku : {"a", "b", "c"}) {
    const key::ItemIndex item =
        state.directory.Find({event::WarehouseIdView::Trusted("W"), event::SkuView::Trusted(sku)});
    if (state.ledger.at(item).life == stock::Life::kRetired) retired += sku;
  }
  return retired;
}

TEST(Pipeline, ADocumentThatASnapshotShowsIsNotGoneWhateverItSays) {
  EXPECT_EQ(AfterSnapshot(InputOf(Stocked(30, DocumentOf("b", "W", "b", 6)))), "a");
  const Fields broken = With(DocumentOf("b", "W", "b", 6), "on_hand", "many");
  EXPECT_EQ(AfterSnapshot(InputOf(Stocked(30, broken))), "a") << "a dead letter";
  EXPECT_EQ(AfterSnapshot(InputOf(Insert("thresholds", 30, {{"_id", "b"}, {"low", "many"}}))), "ab")
      << "a rule with the same id is another document";
  EXPECT_EQ(AfterSnapshot(Unreadable("what is this?")), "") << "which one it was nobody knows";
}

Written Updated(Written written) {
  written.operation = event::Operation::kUpdate;
  return written;
}

// Under authority ledger: an image that was looked up checks and opens nothing.
TEST(Pipeline, AnItemThatOnlyALookedUpImageShowsIsWantedExact) {
  Plant plant({Updated(Stocked(10, DocumentOf("d1", "W", "a", 5))),  // unknown before
               Stocked(11, DocumentOf("d2", "W", "b", 6)),           // opens
               Updated(Stocked(12, DocumentOf("d2", "W", "b", 5))),  // checks
               Updated(Stocked(13, DocumentOf("d2", "W", "c", 5))),  // goes on to another item
               Updated(Stocked(14, With(DocumentOf("d4", "W", "d", 1), "on_hand", "many"))),
               Moved(15, "sale", "W", "a", 1)});
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.source.wanted, (std::vector<std::uint64_t>{1, 4}));
}

// The rules in force after a snapshot from 30 on that shows rule `b` so.
std::string RulesAfterSnapshot(const Fields& shown) {
  Plant plant({});
  for (const char* id : {"a", "b"}) {
    plant.source.Add(InputOf(RulePut(10, id, {{"category", "x"}}, {{"low", 5}})));
  }
  ports::RawInput show = InputOf(RulePut(31, "b", {{"category", "x"}}, shown));
  show.of_snapshot = true;
  plant.source.Add(std::move(show));
  plant.source.snapshot_since = base::Position{0, 30, 0, 0};
  EXPECT_TRUE(plant.pipeline.Step().ok());
  std::string rules;
  for (const char* id : {"a", "b", "default"}) {
    if (plant.pipeline.state().rules.Latest(id) != nullptr) rules += std::string(id) + " ";
  }
  return rules;
}

TEST(Pipeline, ARuleThatASnapshotDoesNotShowIsGone) {
  EXPECT_EQ(RulesAfterSnapshot({{"low", 6}}), "b default ") << "those of the settings stay";
  EXPECT_EQ(RulesAfterSnapshot({{"low", "many"}}), "a b default ")
      << "which rule that is nobody knows";
}

TEST(Pipeline, AFailingStoreLeavesNothingAcknowledgedAndNothingTold) {
  Plant plant(TwoLowItems());
  plant.store.failing = true;
  const auto stepped = plant.pipeline.Step();
  ASSERT_FALSE(stepped.ok());
  EXPECT_EQ(stepped.error().code, base::Code::kUnavailable);
  EXPECT_EQ(plant.source.acknowledged(), 0u);
  EXPECT_EQ(plant.notifier.attempts, 0);
  EXPECT_EQ(plant.Kept(ports::Family::kEpisode), 0u);
}

TEST(Pipeline, WhatAFailedCommitHeldIsStoredOnceByTheNext) {
  Plant plant(TwoLowItems());
  plant.store.failing = true;
  ASSERT_FALSE(plant.pipeline.Step().ok());
  ASSERT_FALSE(plant.pipeline.Step().ok());
  plant.store.failing = false;
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.source.acknowledged(), 3u);
  EXPECT_EQ(plant.Kept(ports::Family::kDeadLetter), 1u);
  EXPECT_EQ(plant.Kept(ports::Family::kOutbox), 4u);
  EXPECT_EQ(plant.Delivered().size(), 4u);
  std::size_t rows = 0;
  (void)plant.memory.ReadHistory(0, [&](base::Position, std::string_view) { ++rows; });
  EXPECT_EQ(rows, 1u);
}

TEST(Pipeline, ASourceThatFailsLosesNothingOfWhatItDelivered) {
  Plant plant(TwoLowItems());
  plant.source.fails_at = 2;
  const auto failed = plant.pipeline.Step();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, base::Code::kUnavailable);
  EXPECT_EQ(plant.source.acknowledged(), 0u);
  plant.source.fails_at = ~std::size_t{0};
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.source.acknowledged(), 3u);
  EXPECT_EQ(plant.pipeline.state().changes.read, 3u);
  EXPECT_EQ(plant.pipeline.state().changes.applied, 2u);
  EXPECT_EQ(plant.Delivered().size(), 4u);
}

TEST(Pipeline, ABatchIsCommittedWhenItIsFull) {
  std::vector<Written> changes;
  changes.reserve(100);
  for (std::uint32_t i = 0; i < 100; ++i) changes.push_back(Moved(10 + i, "sale", "W", "a", 1));
  Plant plant(changes);
  plant.options.batch_inputs_max = 32;
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.source.acknowledged(), 32u);
  std::size_t steps = 1;
  for (auto next = plant.pipeline.Step(); next.ok(); next = plant.pipeline.Step()) {
    ++steps;
    if (next.value() == Pipeline::Stepped::kEnded) break;
  }
  EXPECT_EQ(steps, 4u);
  EXPECT_EQ(plant.source.acknowledged(), 100u);
}

// How many changes each step commits, and why no more, until the source has ended.
std::vector<std::string> Commits(ports::ChangeSource& source, Plant& plant) {
  Pipeline pipeline(plant.options, ShopDecoding(), {source, plant.store, nullptr, &plant.clock},
                    nullptr);
  SW_ASSERT(pipeline.Start().ok(), "an empty store starts a pipeline");
  std::vector<std::string> commits;
  CommitCounts before;
  for (std::uint64_t read = 0;;) {
    const auto stepped = pipeline.Step();
    SW_ASSERT(stepped.ok(), "nothing fails");
    commits.push_back(std::to_string(pipeline.state().changes.read - read));
    read = pipeline.state().changes.read;
    for (std::size_t end = 0; end < kCommitEndNames.size(); ++end) {
      if (pipeline.commits().by_end[end] > before.by_end[end]) {
        commits.back() += " " + std::string(kCommitEndNames[end]);
      }
    }
    before = pipeline.commits();
    EXPECT_EQ(before.latency.total, commits.size());
    if (stepped.value() == Pipeline::Stepped::kEnded) return commits;
  }
}

// Each of its changes arrives in a hundred bytes and takes a millisecond.
class SlowSource : public ports::ChangeSource {
 public:
  SlowSource(SteppedClock& clock, std::uint32_t changes) : clock_(clock), changes_(changes) {}
  base::Result<ports::Next> Read(ports::RawInput& input) override {
    input.Clear();
    if (read_ == changes_) return ports::Next::kEnd;
    clock_.Pass(base::Duration::Micros(1'000));
    ++read_;
    input = InputOf(Moved(10 + read_, "sale", "W", "a", 1), read_);
    input.bytes.resize(100);
    return ports::Next::kInput;
  }
  base::Status Acknowledge() override { return {}; }

 private:
  SteppedClock& clock_;
  std::uint32_t changes_;
  std::uint32_t read_ = 0;
};

// One change, then nothing, while its watermark goes on.
class QuietSource : public ports::ChangeSource {
 public:
  base::Result<ports::Next> Read(ports::RawInput& input) override {
    input.Clear();
    if (std::exchange(read_, true)) return ports::Next::kNothingYet;
    input = InputOf(Stocked(10, DocumentOf("d1", "W", "a", 5)));
    return ports::Next::kInput;
  }
  base::Status Acknowledge() override { return {}; }
  std::optional<base::Instant> Watermark() const override { return watermark; }

  std::optional<base::Instant> watermark;

 private:
  bool read_ = false;
};

TEST(Pipeline, TimePassesWithTheWatermarkAndNeverBack) {
  Plant plant({});
  QuietSource source;
  Pipeline pipeline(plant.options, ShopDecoding(), {source, plant.store, nullptr, &plant.clock},
                    nullptr);
  ASSERT_TRUE(pipeline.Start().ok());
  const auto time_after = [&](std::optional<base::Instant> watermark) {
    source.watermark = watermark;
    SW_ASSERT(pipeline.Step().ok(), "nothing fails");
    return pipeline.state().source_time;
  };
  EXPECT_EQ(time_after(std::nullopt), base::Instant::Seconds(10));
  EXPECT_EQ(time_after(base::Instant::Seconds(70)), base::Instant::Seconds(70));
  EXPECT_EQ(time_after(base::Instant::Seconds(60)), base::Instant::Seconds(70));
}

TEST(Pipeline, ABatchIsCommittedWhenItsBytesAreMany) {
  Plant plant({});
  plant.options.batch_bytes_max = 300;
  SlowSource source(plant.clock, 10);
  EXPECT_EQ(Commits(source, plant),
            (std::vector<std::string>{"3 bytes", "3 bytes", "3 bytes", "1 source"}));
}

TEST(Pipeline, ABatchIsCommittedWhenItHasMany) {
  Plant plant({});
  plant.options.batch_inputs_max = 65;
  plant.options.batch_open_max = base::Duration::Seconds(10);
  SlowSource source(plant.clock, 70);
  EXPECT_EQ(Commits(source, plant), (std::vector<std::string>{"65 count", "5 source"}));
}

// Inputs are read in blocks of 32, and the clock is asked between them.
TEST(Pipeline, ABatchIsCommittedWhenItWasOpenForLong) {
  Plant plant({});
  plant.options.batch_open_max = base::Duration::Micros(33'000);
  SlowSource source(plant.clock, 100);
  EXPECT_EQ(Commits(source, plant), (std::vector<std::string>{"64 time", "36 source"}));
}

TEST(Pipeline, RowsWaitForAReceiverThatIsAway) {
  Plant plant(TwoLowItems());
  plant.notifier.away = true;
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.notifier.attempts, 4);
  EXPECT_EQ(plant.source.acknowledged(), 3u) << "they are safe in the outbox";
  plant.notifier.away = false;
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.notifier.attempts, 4) << "they are due in 5 s";
  EXPECT_EQ(plant.pipeline.delivery()->waiting(), 4u);
  plant.clock.Pass(base::Duration::Seconds(6));
  ASSERT_TRUE(plant.pipeline.Step().ok());
  std::vector<std::string> delivered = plant.Delivered();
  std::sort(delivered.begin(), delivered.end());
  EXPECT_EQ(delivered, (std::vector<std::string>{"console opened a", "console opened b",
                                                 "mail opened a", "mail opened b"}));
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.pipeline.delivery()->waiting(), 0u);
  EXPECT_EQ(plant.pipeline.delivery()->counts().delivered, 4u);
}

TEST(Pipeline, ARowThatIsNeverTakenHoldsNobodyUp) {
  Plant plant(TwoLowItems());
  plant.notifier.refused_destination = "console";
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.Delivered(), (std::vector<std::string>{"mail opened a", "mail opened b"}));
  ASSERT_TRUE(plant.pipeline.Step().ok());
  EXPECT_EQ(plant.pipeline.delivery()->counts().dead_lettered, 2u);
}

TEST(Pipeline, KeepsWhatArrivedOfADeadLetter) {
  Plant plant(TwoLowItems());
  const std::string bytes = InputOf(TwoLowItems()[2]).bytes;
  ASSERT_TRUE(plant.pipeline.Step().ok());
  const std::vector<event::DeadLetter> letters = plant.Letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].bytes, bytes);
  EXPECT_EQ(letters[0].line, 3u);
  EXPECT_EQ(letters[0].size, bytes.size());
  EXPECT_EQ(letters[0].bytes_sha256, base::Hex(base::Sha256Of(bytes)));
  EXPECT_EQ(letters[0].reason, "unknown type");
}

// Redaction

decode::Options Redacting() {
  decode::Options decoding = ShopDecoding();
  decoding.transactions.hooks = {decode::RedactHook{"customer.email"}};
  decoding.inventory.hooks = {decode::RedactHook{"buyer"}};
  return decoding;
}

std::string Write(const event::RawChange& change) {
  return Describe(change.event, 0);
}

TEST(Pipeline, NoDeadLetterShowsWhatIsRedacted) {
  const Fields customer{{"customer", Fields{{"email", std::string(kCanary)}, {"id", 7}}}};
  const Fields buyer{{"buyer", std::string(kCanary)}};
  constexpr std::uint32_t kKeep = 100 * 86'400;
  std::vector<Written> changes{
      Moved(20 + kKeep, "sale", "W", "a", 1),
      // Refused by the decoder, as stale, and as a second document.
      Moved(30 + kKeep, "no such type", "W", "a", 1, customer),
      Moved(20, "sale", "W", "a", 1, customer),
      Stocked(40 + kKeep, DocumentOf("d1", "W", "a", 5, buyer)),
      Stocked(50 + kKeep, DocumentOf("d2", "W", "a", 5, buyer)),
  };
  Plant plant(changes, Write, Redacting());
  plant.source.Add(Unreadable("{\"email\":\"" + std::string(kCanary), 6));
  while (plant.pipeline.Step().value() != Pipeline::Stepped::kEnded) {
  }
  const std::vector<event::DeadLetter> letters = plant.Letters();
  std::map<std::string, std::string> bytes;
  for (const event::DeadLetter& letter : letters) {
    bytes[letter.reason] = letter.bytes;
    for (const std::string& text : {letter.bytes, letter.message, letter.id, letter.reason}) {
      EXPECT_EQ(text.find(kCanary), std::string::npos) << letter.reason;
    }
  }
  ASSERT_EQ(letters.size(), 4u);
  EXPECT_NE(bytes.at("unknown type").find("id: 7"), std::string::npos) << "the rest is kept";
  EXPECT_NE(bytes.at("stale").find("\"sale\""), std::string::npos);
  EXPECT_NE(bytes.at("item has another document").find("\"d2\""), std::string::npos);
  EXPECT_EQ(bytes.at("malformed JSON"), "") << "nobody knows what it shows";
}

TEST(Pipeline, NothingElseThatIsStoredShowsWhatIsRedacted) {
  const Fields customer{{"customer", Fields{{"email", std::string(kCanary)}}}};
  Plant plant({Stocked(10, DocumentOf("d1", "W", "a", 5, {{"buyer", std::string(kCanary)}})),
               Moved(20, "sale", "W", "a", 1, customer)},
              Write, Redacting());
  ASSERT_TRUE(plant.pipeline.Step().ok());
  std::string stored;
  (void)plant.memory.ReadHistory(
      0, [&](base::Position, std::string_view record) { stored += record; });
  EXPECT_FALSE(stored.empty());
  for (const ports::Family family :
       {ports::Family::kEpisode, ports::Family::kOutbox, ports::Family::kDeadLetter}) {
    (void)plant.memory.ReadFamily(family, [&](std::string_view key, std::string_view record) {
      stored.append(key).append(record);
    });
  }
  EXPECT_EQ(stored.find(kCanary), std::string::npos);
}

}  // namespace
}  // namespace stockwatch::flow
