// What a restart must keep that no scenario shows: the scenarios themselves run with a restart
// after every step (tests/scenarios).

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include "adapters/memory_store/memory_store.h"
#include "flow/listing.h"
#include "flow/pipeline.h"
#include "testing/engine_run.h"
#include "testing/rules.h"
#include "testing/stream.h"

namespace stockwatch::flow {
namespace {

using stockwatch::testing::DocumentOf;
using stockwatch::testing::LedgerShop;
using stockwatch::testing::Moved;
using stockwatch::testing::RulePut;
using stockwatch::testing::ShopDecoding;
using stockwatch::testing::Stocked;
using stockwatch::testing::Written;

using memory_store::MemoryStore;

// Takes changes; the engine can be thrown away at any time.
class Life {
 public:
  explicit Life(Options the_options) : options(std::move(the_options)), decoder_(ShopDecoding()) {
    EXPECT_TRUE(Begin().ok());
  }
  base::Status Begin() {
    engine.emplace(options, store);
    return engine->Start(store);
  }
  void Take(const Written& written) {
    Arrival arrival;
    arrival.input = stockwatch::testing::InputOf(written);
    engine->Place(arrival.input);
    arrival.decoded = decoder_.Decode(arrival.input.change);
    engine->Take(arrival, 0);
    ASSERT_TRUE(engine->Commit(store).ok());
  }
  void Finish() {
    engine->FinishInput();
    ASSERT_TRUE(engine->Commit(store).ok());
  }
  std::string Digest() const { return flow::Digest(engine->state()); }
  std::string Alerts() {
    std::string lines;
    EXPECT_TRUE(WriteAlerts(engine->state(), store, [&](std::string_view line) {
                  lines.append(line);
                }).ok());
    return lines;
  }

  Options options;
  MemoryStore store{MemoryStore::Serves::kSeveralEngines};
  std::optional<Engine> engine;

 private:
  decode::Decoder decoder_;
};

Options WithLow(int low) {
  Options options = LedgerShop();
  options.rules = {stockwatch::testing::MakeRule("default", stockwatch::testing::ForAll(),
                                                 stockwatch::testing::LowOf(low))};
  return options;
}

// An engine that waits commits many times a second: a category that is to be judged at the end of
// the second may be all that there is, for hours.
TEST(Restart, WhatIsStoredIsNotStoredAgainWhileNothingComes) {
  class Refusing : public MemoryStore {
   public:
    Refusing() : MemoryStore(Serves::kSeveralEngines) {}
    base::Status Commit(const ports::Batch& /*batch*/) override {
      return base::Error{base::Code::kFailedPrecondition, "there is nothing to store"};
    }
  };
  Options options = WithLow(1);
  options.rules[0].fields.low_share = event::Thousandths{500};
  Life life(options);
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  Refusing refusing;
  EXPECT_TRUE(life.engine->Commit(refusing).ok());
  life.Take(Moved(20, "sale", "W", "a", 2));
  EXPECT_TRUE(life.engine->Commit(refusing).ok());
  ASSERT_TRUE(life.Begin().ok());
  ASSERT_TRUE(life.engine->Commit(life.store).ok());  // that there is a new engine
  EXPECT_TRUE(life.engine->Commit(refusing).ok());
}

TEST(Restart, ADuplicateIsKnownAfterIt) {
  Life life(WithLow(1));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  life.Take(Moved(20, "sale", "W", "a", 2));
  const std::string before = life.Digest();
  ASSERT_TRUE(life.Begin().ok());
  EXPECT_EQ(life.Digest(), before);
  life.Take(Moved(20, "sale", "W", "a", 2));
  EXPECT_EQ(life.Digest(), before);
  EXPECT_EQ(life.engine->state().changes.duplicate, 1u);
  EXPECT_EQ(life.engine->state().changes.read, 3u);
}

TEST(Restart, TokensOfATransactionGoOnCounting) {
  Life life(WithLow(1));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  Written first = Moved(20, "sale", "W", "a", 1);
  first.token = "t1";
  Written second = first;
  second.token = "t2";
  life.Take(first);
  ASSERT_TRUE(life.Begin().ok());
  life.Take(second);
  EXPECT_EQ(life.engine->state().changes.applied, 3u) << "another change of the same cluster time";
  ASSERT_TRUE(life.Begin().ok());
  life.Take(first);
  life.Take(second);
  EXPECT_EQ(life.engine->state().changes.duplicate, 2u);
}

// A stream with another filter begins at its place's cluster time and shows more of it: what was
// taken keeps its ordinal, and what is new gets the next one.
TEST(Restart, AWiderFilterAtTheBorderOfATransactionRenumbersNothing) {
  Life life(WithLow(1));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 9)));
  const auto of_transaction = [](const char* token, Written written) {
    written.token = token;
    return written;
  };
  const Written first = of_transaction("t2", Moved(20, "sale", "W", "a", 1));
  const Written second = of_transaction("t4", Moved(20, "sale", "W", "a", 2));
  life.Take(first);
  ASSERT_TRUE(life.Begin().ok());
  life.Take(of_transaction("t1", RulePut(20, "r", {{"sku", "a"}}, {{"low", 4}})));
  life.Take(first);
  life.Take(of_transaction("t3", RulePut(20, "r", {{"sku", "a"}}, {{"low", 5}})));
  life.Take(second);
  EXPECT_EQ(life.engine->state().changes.duplicate, 1u);
  EXPECT_EQ(life.engine->state().changes.applied, 5u);
  const key::ItemIndex item = life.engine->state().directory.Find(
      {event::WarehouseIdView::Trusted("W"), event::SkuView::Trusted("a")});
  const stock::Ledger& ledger = life.engine->state().ledger;
  EXPECT_EQ(ledger.ShownOf(ledger.at(item)).on_hand, base::Quantity::Pieces(6));
}

// Whoever starts again behind the end of the input finds the end once more.
TEST(Restart, AtTheEndOfTheInputNoCategoryCountsItsLastSecondTwice) {
  Options options = WithLow(10);
  options.rules[0].fields.low_share = event::Thousandths{500};
  Life life(options);
  for (const char* sku : {"a", "b", "c", "d", "e"}) {
    life.Take(Stocked(10, DocumentOf(sku, "W", sku, 5)));
  }
  life.Take(Moved(20, "sale", "W", "a", 1));
  life.Finish();
  const std::string before = life.Alerts();
  ASSERT_NE(before.find("category_low"), std::string::npos);
  ASSERT_TRUE(life.Begin().ok());
  life.Finish();
  EXPECT_EQ(life.Alerts(), before);
}

TEST(Restart, ChangedRulesOfTheSettingsAreInForceFromThereOn) {
  Life life(WithLow(1));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  EXPECT_EQ(life.Alerts(), "");
  life.options = WithLow(8);
  ASSERT_TRUE(life.Begin().ok());
  ASSERT_TRUE(life.engine->Commit(life.store).ok());
  EXPECT_NE(life.Alerts().find("\"type\":\"low_stock\",\"state\":\"open\""), std::string::npos);
  EXPECT_NE(life.Alerts().find("\"rule\":{\"id\":\"default\",\"version\":2}"), std::string::npos);
  const std::string alerts = life.Alerts();
  ASSERT_TRUE(life.Begin().ok());
  ASSERT_TRUE(life.engine->Commit(life.store).ok());
  EXPECT_EQ(life.Alerts(), alerts) << "the same settings change nothing";
  life.options.rules.clear();
  ASSERT_TRUE(life.Begin().ok());
  ASSERT_TRUE(life.engine->Commit(life.store).ok());
  EXPECT_NE(life.Alerts().find("\"cause\":\"rule\""), std::string::npos) << "a rule that is gone";
}

// Fifteen days of two pieces; 4 are left of a, 8 of b: two and four days.
TEST(Restart, WhatRunsOutNextIsKnownAfterIt) {
  constexpr std::uint32_t kDay = 86'400;
  Options options = LedgerShop();
  event::RuleFields fields;
  fields.days_of_cover = event::Thousandths{1'000};
  options.rules = {stockwatch::testing::MakeRule("r", stockwatch::testing::ForAll(), fields)};
  Life life(options);
  life.Take(Stocked(kDay, DocumentOf("a", "W", "a", 34)));
  life.Take(Stocked(kDay + 1, DocumentOf("b", "W", "b", 38)));
  for (std::uint32_t day = 1; day <= 15; ++day) {
    life.Take(Moved(day * kDay + 100, "sale", "W", "a", 2));
    life.Take(Moved(day * kDay + 101, "sale", "W", "b", 2));
  }
  life.Take(Stocked(16 * kDay, DocumentOf("c", "W", "c", 1)));
  const auto covers = [&] {
    std::vector<std::int64_t> scores;
    State& state = life.engine->state();
    for (const stock::AtRisk& entry : state.running_out.Top(0, 9, state.directory)) {
      scores.push_back(entry.score);
    }
    return scores;
  };
  EXPECT_EQ(covers(), (std::vector<std::int64_t>{2'000, 4'000}));
  ASSERT_TRUE(life.Begin().ok());
  EXPECT_EQ(covers(), (std::vector<std::int64_t>{2'000, 4'000}));
}

TEST(Restart, OtherSettingsOfStockAreRefused) {
  Life life(WithLow(1));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  life.options.warehouse.authority = stock::Authority::kSnapshot;
  const base::Status refused = life.Begin();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::Code::kFailedPrecondition);
  EXPECT_NE(refused.error().message.find("stock.authority"), std::string::npos);
}

TEST(Restart, ClosedAlertsLeaveMemoryAndStayInTheList) {
  Life life(WithLow(8));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  life.Take(Moved(20, "receipt", "W", "a", 20));
  EXPECT_EQ(life.engine->state().episodes.size(), 1u) << "resolved, and may re-open";
  life.Take(Moved(20 + 3600, "sale", "W", "a", 1));
  EXPECT_EQ(life.engine->state().episodes.size(), 0u);
  EXPECT_NE(life.Alerts().find("\"state\":\"closed\""), std::string::npos);
}

// A record of the engine with a source time, as version 2 wrote it.
std::string AsVersionTwo(std::string record) {
  constexpr std::size_t kAlerts = 1 + 9 + 16 + 6 * 8;
  constexpr std::size_t kNew = 4 * 8;  // counts of four conditions
  for (std::size_t kind = 0; kind < 3; ++kind) record.erase(kAlerts + (kind + 1) * 12 * 8, kNew);
  record[0] = 2;
  return record;
}

TEST(Restart, ClosedAlertsOfAStoreOfBeforeAreListedByTheirAge) {
  Life life(WithLow(8));
  life.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  life.Take(Moved(20, "receipt", "W", "a", 20));
  life.Take(Moved(20 + 3600, "sale", "W", "a", 1));
  const auto listed = [&] {
    std::vector<std::string> keys;
    EXPECT_TRUE(life.store
                    .ReadRange({ports::Family::kClosedAlert},
                               [&](std::string_view key, std::string_view) {
                                 keys.emplace_back(key);
                                 return true;
                               })
                    .ok());
    return keys;
  };
  const std::vector<std::string> known = listed();
  ASSERT_EQ(known.size(), 1u);
  ports::Batch before;
  before.Remove(ports::Family::kClosedAlert, known[0]);
  EXPECT_TRUE(life.store
                  .ReadFamily(ports::Family::kEngine,
                              [&](std::string_view key, std::string_view record) {
                                if (key != kEngineKey) return;
                                before.Put(ports::Family::kEngine, key,
                                           AsVersionTwo(std::string(record)));
                              })
                  .ok());
  ASSERT_TRUE(life.store.Commit(before).ok());
  ASSERT_TRUE(life.Begin().ok());
  ASSERT_TRUE(life.engine->Commit(life.store).ok());
  EXPECT_EQ(listed(), known);
}

// Some life of a few items, whatever comes of it.
std::vector<Written> AnyChanges() {
  std::vector<Written> changes;
  const int count = *rc::gen::inRange(1, 40);
  std::uint32_t second = 1000;
  for (int i = 0; i < count; ++i) {
    second += static_cast<std::uint32_t>(*rc::gen::element(0, 1, 30, 700, 4000));
    const std::string sku = *rc::gen::element<std::string>("a", "b", "c");
    const std::uint32_t at =
        second - static_cast<std::uint32_t>(*rc::gen::element(0, 0, 0, 50, 900));
    const std::string kind =
        *rc::gen::element<std::string>("document", "sale", "sale", "receipt", "count", "ordered");
    Written change = kind == "document"
                         ? Stocked(at, DocumentOf("d" + sku, "W", sku, *rc::gen::inRange(0, 30)))
                         : Moved(at, kind, "W", sku, *rc::gen::inRange(1, 9));
    change.increment = static_cast<std::uint32_t>(*rc::gen::inRange(1, 4));
    changes.push_back(std::move(change));
  }
  return changes;
}

RC_GTEST_PROP(RestartProperty, AtAnyPlacesNobodyCanTell, ()) {
  Options options = WithLow(6);
  options.warehouse.authority =
      *rc::gen::element(stock::Authority::kLedger, stock::Authority::kSnapshot);
  options.rules[0].fields.hold_for = base::Duration::Seconds(*rc::gen::element(0, 100));
  options.rules[0].fields.low_share = event::Thousandths{500};
  Life steady(options);
  Life restarted(options);
  for (const Written& change : AnyChanges()) {
    steady.Take(change);
    restarted.Take(change);
    if (*rc::gen::inRange(0, 3) == 0) RC_ASSERT(restarted.Begin().ok());
    RC_ASSERT(restarted.Digest() == steady.Digest());
    RC_ASSERT(restarted.Alerts() == steady.Alerts());
    RC_ASSERT(restarted.engine->state().changes == steady.engine->state().changes);
    RC_ASSERT(restarted.engine->state().alerts == steady.engine->state().alerts);
  }
}

}  // namespace
}  // namespace stockwatch::flow
