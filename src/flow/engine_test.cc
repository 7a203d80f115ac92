#include "flow/engine.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <string>

#include "testing/engine_run.h"
#include "testing/rules.h"
#include "testing/stock_rows.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes and rules
using Reasons = std::vector<std::string>;

constexpr std::uint32_t kKeep = 100 * kDay;

Options ShopWith(std::vector<event::Rule> rules, Options options = LedgerShop()) {
  options.rules = std::move(rules);
  return options;
}

event::Rule LowHeldFor(std::int64_t seconds) {
  event::RuleFields fields = LowOf(10);
  fields.hold_for = base::Duration::Seconds(seconds);
  return MakeRule("default", ForAll(), fields);
}

Fields InCategory(const char* category) {
  return {{"department", "d"}, {"category", category}};
}

// Five items of one category with 5 pieces each.
std::vector<Written> FiveItems(std::uint32_t second) {
  std::vector<Written> items;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::string sku(1, static_cast<char>('a' + i));
    items.push_back(
        Nth(i + 1, Stocked(second, DocumentOf("d" + sku, "W", sku, 5, InCategory("c")))));
  }
  return items;
}

// Sells what FiveItems stocked.
std::vector<Written> AllSold(std::uint32_t second) {
  std::vector<Written> sales;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::string sku(1, static_cast<char>('a' + i));
    sales.push_back(Nth(i + 1, Moved(second, "sale", "W", sku, 5)));
  }
  return sales;
}

event::Rule LowShare(std::int64_t thousandths) {
  event::RuleFields fields;
  fields.low_share = event::Thousandths{thousandths};
  return MakeRule("share", ForAll(), fields);
}

// Episodes of nodes alone.
std::string NodeEpisodes(const EngineRun& run) {
  std::string text;
  for (alert::EpisodeIndex i = 0; i < run.state().episodes.size(); ++i) {
    const alert::Episode& episode = run.state().episodes.at(i);
    if (episode.subject.kind != alert::Subject::Kind::kNode) continue;
    text += std::string(text.empty() ? "" : ", ") + std::string(Name(episode.type)) + " " +
            std::string(Name(episode.state)) + " @" +
            std::to_string(episode.opened_at.micros() / 1'000'000);
  }
  return text;
}

// Time

TEST(Engine, ATimerFiresBeforeTheFirstChangeOfItsSecond) {
  EngineRun run(ShopWith({LowHeldFor(30)}));
  run.Take(Stocked(100, DocumentOf("d1", "W", "a", 5)));
  EXPECT_EQ(run.Episodes(), "") << "pending";
  run.Take(Moved(129, "sale", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "");
  run.Take(Moved(130, "receipt", "W", "a", 50));
  EXPECT_EQ(run.Episodes(), "low_stock resolved @130") << "opened first, then the receipt came";
}

TEST(Engine, ATimerFiresWithItsOwnTime) {
  EngineRun run(ShopWith({LowHeldFor(30)}));
  run.Take(Stocked(100, DocumentOf("d1", "W", "a", 5)));
  run.Take(Moved(500, "sale", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "low_stock open @130");
}

TEST(Engine, TimersOfOneMomentFireInOrderOfKindAndKey) {
  EngineRun run(ShopWith({LowHeldFor(60)}));
  run.TakeAll({Nth(1, Stocked(10, DocumentOf("db", "W", "b", 50))),
               Nth(2, Stocked(10, DocumentOf("dz", "W", "z", 50))),
               Nth(3, Stocked(10, DocumentOf("da", "W", "a", 50)))});
  // Holds of z and a, and a document of b that disagrees: all due at 160.
  run.TakeAll({Nth(1, Moved(100, "sale", "W", "z", 45)), Nth(2, Moved(100, "sale", "W", "a", 45)),
               Nth(3, Updated(100, DocumentOf("db", "W", "b", 77)))});
  run.Take(Moved(200, "sale", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "drift open @160, low_stock open @160, low_stock open @160");
  EXPECT_EQ(run.state().episodes.at(1).item.sku.text(), "a");
  EXPECT_EQ(run.state().episodes.at(2).item.sku.text(), "z");
}

TEST(Engine, RollUpsOfASecondAreJudgedWhenItIsComplete) {
  EngineRun run(ShopWith({LowShare(1000)}));
  run.TakeAll(FiveItems(10)).TakeAll(AllSold(100));
  EXPECT_EQ(NodeEpisodes(run), "") << "more changes of the second may come";
  run.Take(Moved(101, "sale", "V", "other", 1));
  EXPECT_EQ(NodeEpisodes(run),
            "category_low open @100, category_out open @100, category_low open @100, "
            "category_out open @100")
      << "global first, then the warehouse's";
}

TEST(Engine, WhatASecondTakesAndGivesBackIsNotJudged) {
  EngineRun run(ShopWith({LowShare(1000)}));
  run.TakeAll(FiveItems(10)).TakeAll(AllSold(100));
  run.Take(Nth(9, Moved(100, "receipt", "W", "a", 1)));
  run.Take(Moved(101, "sale", "V", "other", 1));
  EXPECT_EQ(NodeEpisodes(run), "");
}

TEST(Engine, RollUpsOfASecondAreJudgedBeforeTheTimersOfTheNext) {
  event::RuleFields fields = LowOf(5);
  fields.hold_for = base::Duration::Seconds(1);
  // The item "a" goes low at 100 and opens at 101; the category is judged at the end of 100.
  EngineRun run(ShopWith({LowShare(200), MakeRule("a", ForSku("a"), fields)}));
  run.TakeAll(FiveItems(10));
  run.Take(Moved(100, "sale", "W", "a", 1));
  run.Take(Moved(200, "sale", "V", "other", 1));
  const std::string episodes = run.Episodes();
  // At 10 the item has 5 pieces: low at once, due at 11.
  EXPECT_EQ(episodes, "category_low open @10, category_low open @10, low_stock open @11");
}

TEST(Engine, TheEndOfInputCompletesTheLastSecondAndFiresNoTimerBeyondIt) {
  event::RuleFields fields = LowOf(4);
  fields.hold_for = base::Duration::Seconds(30);
  EngineRun run(ShopWith({LowShare(1000), MakeRule("hold", ForSku("a"), fields)}));
  run.TakeAll(FiveItems(10)).TakeAll(AllSold(100)).Finish();
  EXPECT_NE(NodeEpisodes(run), "");
  EXPECT_EQ(run.Episodes().find("low_stock"), std::string::npos) << "due at 130";
}

TEST(Engine, ALateChangeIsJudgedAtTheTimeOfItsArrival) {
  EngineRun run(ShopWith({MakeRule("default", ForAll(), LowOf(10))}));
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 12)), Moved(500, "sale", "W", "other", 1),
               Moved(100, "sale", "W", "a", 5)});
  EXPECT_EQ(run.Episodes(), "low_stock open @500");
  EXPECT_EQ(run.state().episodes.at(0).id,
            alert::MakeEpisodeId(event::ConditionType::kLowStock, "item\nW\na",
                                 alert::Place::OfChange(At(100))))
      << "its place is the change's";
}

TEST(Engine, ABrokenLineMovesSourceTimeWhereItHasATokenAndATime) {
  EngineRun run;
  run.Take(Unreadable("{"));
  EXPECT_EQ(run.state().source_time, std::nullopt);
  run.Take(Moved(100, "no such type", "W", "a", 1));
  EXPECT_EQ(run.state().source_time, base::Instant::Seconds(100));
  EXPECT_EQ(run.Reasons(), (Reasons{"malformed JSON", "unknown type"}));
  EXPECT_EQ(run.letters[0].at, std::nullopt);
  EXPECT_EQ(run.letters[0].position, std::nullopt);
  EXPECT_EQ(run.letters[1].at, base::Instant::Seconds(100));
  EXPECT_EQ(run.letters[1].position, At(100));
}

// History

// ADR 1, 17: at or below source time less the length of the history, known or not.
TEST(Engine, AChangeOlderThanTheHistoryIsStale) {
  EngineRun run(LedgerShop());
  run.TakeAll(
      {Stocked(10, DocumentOf("d1", "W", "a", 50)), Moved(20 + kKeep, "sale", "W", "b", 1)});
  run.Take(Moved(20, "sale", "W", "a", 1));
  run.Take(Stocked(10, DocumentOf("d1", "W", "a", 50)));
  EXPECT_EQ(run.counts().stale, 2u) << "the second was applied once, but its mark may be gone";
  EXPECT_EQ(run.counts().duplicate, 0u);
  EXPECT_EQ(run.Stock("W", "a"), "50 0 0");
  EXPECT_EQ(run.Reasons(), (Reasons{"stale", "stale"})) << "kept with the dead letters";
  EXPECT_EQ(run.counts().dead_lettered, 0u) << "and counted by themselves";
  run.Take(Moved(21, "sale", "W", "a", 1));
  EXPECT_EQ(run.Stock("W", "a"), "49 0 0");
}

TEST(Engine, ADuplicateIsTheSameToken) {
  EngineRun run(LedgerShop());
  Written sale = Moved(20, "sale", "W", "a", 1);
  sale.token = "A";
  run.Take(sale).Take(sale);
  EXPECT_EQ(run.Stock("W", "a"), "unopened -1 0 0");
  EXPECT_EQ(run.counts().duplicate, 1u);
  sale.token = "B";
  run.Take(sale);
  EXPECT_EQ(run.Stock("W", "a"), "unopened -2 0 0") << "another change of one cluster time";
  EXPECT_EQ(run.counts().applied, 2u);
}

TEST(Engine, ARefusedChangeIsJudgedAgain) {
  Options options = LedgerShop();
  options.warehouse.inbound_references_max = 1;
  EngineRun run(options);
  const Fields first{{"order_id", "1"}};
  const Fields second{{"order_id", "2"}};
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 0)), Moved(20, "ordered", "W", "a", 5, first),
               Moved(21, "ordered", "W", "a", 5, second)});
  EXPECT_EQ(run.Reasons(), Reasons{"too many references"});
  EXPECT_EQ(run.Stock("W", "a"), "0 0 5");
  run.Take(Moved(20, "ordered", "W", "a", 5, first));
  EXPECT_EQ(run.counts().duplicate, 1u);
  run.Take(Moved(30, "receipt", "W", "a", 5, first));
  run.Take(Moved(21, "ordered", "W", "a", 5, second));
  EXPECT_EQ(run.Stock("W", "a"), "5 0 5") << "the reason has gone";
}

// Effects that settings decide

TEST(Engine, SalesTakeFromReservedWhatTheDocumentOrTheWarehouseSays) {
  Options options = LedgerShop();
  stock::WarehouseRules reserving = options.warehouse;
  reserving.sales_from_reservations = true;
  options.warehouses["R"] = reserving;
  EngineRun run(options);
  for (const char* warehouse : {"W", "R"}) {
    const std::uint32_t second = warehouse[0] == 'W' ? 10 : 20;
    run.TakeAll({Stocked(second, DocumentOf(warehouse, warehouse, "a", 50, {{"reserved", 20}})),
                 Moved(second + 1, "sale", warehouse, "a", 5),
                 Moved(second + 2, "sale", warehouse, "a", 5, {{"reserved_quantity", 2}})});
  }
  EXPECT_EQ(run.Stock("W", "a"), "40 18 0");
  EXPECT_EQ(run.Stock("R", "a"), "40 13 0");
}

TEST(Engine, AuthorityIsThatOfTheWarehouse) {
  Options options;
  options.warehouses["L"] = LedgerShop().warehouse;
  EngineRun run(options);
  for (const char* warehouse : {"L", "S"}) {
    const std::uint32_t second = warehouse[0] == 'L' ? 10 : 20;
    run.TakeAll({Stocked(second, DocumentOf(warehouse, warehouse, "a", 50)),
                 Moved(second + 1, "sale", warehouse, "a", 5)});
  }
  EXPECT_EQ(run.Stock("L", "a"), "45 0 0");
  EXPECT_EQ(run.Stock("S", "a"), "50 0 0");
}

TEST(Engine, WhatIsNoMovementCountsAsControl) {
  EngineRun run(LedgerShop());
  Written expired = Moved(20, "sale", "W", "a", 5);
  expired.operation = event::Operation::kDelete;
  run.TakeAll(
      {Moved(20, "sale", "W", "a", 5), Nth(2, expired), Insert("customers", 30, {{"_id", "c1"}})});
  EXPECT_EQ(run.counts().control, 2u);
  EXPECT_EQ(run.Stock("W", "a"), "unopened -5 0 0") << "retention has no effect";
  Written updated = Moved(40, "sale", "W", "a", 5);
  updated.operation = event::Operation::kUpdate;
  run.Take(updated);
  EXPECT_EQ(run.Reasons(), Reasons{"transaction updated"});
}

// Conditions

TEST(Engine, AnUnopenedItemIsNotJudged) {
  EngineRun run(ShopWith({MakeRule("default", ForAll(), LowOf(10))}));
  run.Take(Moved(10, "sale", "W", "a", 5));
  EXPECT_EQ(run.Episodes(), "");
  run.Take(Moved(20, "count", "W", "a", 3));
  EXPECT_EQ(run.Episodes(), "low_stock open @20");
}

TEST(Engine, RetirementResolvesWithoutANotice) {
  Options options = ShopWith({MakeRule("default", ForAll(), LowOf(10))});
  options.destinations = {"console"};
  EngineRun run(options);
  run.Take(Stocked(10, DocumentOf("d1", "W", "a", 5)));
  ASSERT_EQ(run.told.size(), 1u);
  run.Take(Deleted(20, "d1"));
  EXPECT_EQ(run.Episodes(), "low_stock resolved @10");
  EXPECT_EQ(run.state().episodes.at(0).cause, alert::Cause::kRetired);
  EXPECT_EQ(run.told.size(), 1u);
}

TEST(Engine, ANodeThatLosesItsItemsResolvesAsEmpty) {
  EngineRun run(ShopWith({LowShare(1000)}));
  run.TakeAll(FiveItems(10)).TakeAll(AllSold(100));
  std::uint32_t second = 200;
  for (const char* id : {"da", "db", "dc", "dd", "de"}) {
    run.Take(Nth(second - 199, Deleted(200, id)));
    ++second;
  }
  run.Finish();
  EXPECT_EQ(NodeEpisodes(run),
            "category_low resolved @100, category_out resolved @100, category_low resolved @100, "
            "category_out resolved @100");
  for (alert::EpisodeIndex i = 0; i < run.state().episodes.size(); ++i) {
    const alert::Episode& episode = run.state().episodes.at(i);
    if (episode.subject.kind != alert::Subject::Kind::kNode) continue;
    EXPECT_EQ(episode.cause, alert::Cause::kEmpty);
  }
}

TEST(Engine, AnItemBecomesStaleAtMidnight) {
  event::RuleFields fields;
  fields.stale_days = event::Thousandths{2000};
  EngineRun run(ShopWith({MakeRule("default", ForAll(), fields)}));
  run.TakeAll({Stocked(kDay + 10, DocumentOf("d1", "W", "a", 5)),
               Moved(3 * kDay + 100, "receipt", "W", "other", 1)});
  EXPECT_EQ(run.Episodes(), "") << "two days are over at 10 s past the midnight";
  run.Take(Moved(4 * kDay + 100, "receipt", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "stale_stock open @" + std::to_string(4 * kDay));
  run.Take(Moved(4 * kDay + 200, "receipt", "W", "a", 1));
  EXPECT_EQ(run.Episodes(), "stale_stock open @" + std::to_string(4 * kDay));
  run.Take(Moved(4 * kDay + 300, "sale", "W", "a", 1));
  EXPECT_EQ(run.Episodes(), "stale_stock resolved @" + std::to_string(4 * kDay));
}

TEST(Engine, DriftOpensWhenTheGraceIsOver) {
  EngineRun run(LedgerShop());
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 50)),
               Updated(100, DocumentOf("d1", "W", "a", 43)), Moved(159, "sale", "W", "other", 1)});
  EXPECT_EQ(run.Episodes(), "");
  run.Take(Moved(160, "sale", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "drift open @160");
  EXPECT_EQ(run.state().episodes.at(0).value, 7000);
  EXPECT_EQ(run.Stock("W", "a"), "50 0 0");
  run.Take(Updated(300, DocumentOf("d1", "W", "a", 50)));
  EXPECT_EQ(run.Episodes(), "drift resolved @160");
}

TEST(Engine, DriftOfALateDocumentIsJudgedOnArrival) {
  EngineRun run(LedgerShop());
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 50)), Moved(500, "sale", "W", "other", 1),
               Updated(100, DocumentOf("d1", "W", "a", 43))});
  EXPECT_EQ(run.Episodes(), "drift open @500");
}

TEST(Engine, ACountResolvesDrift) {
  EngineRun run(LedgerShop());
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 50)),
               Updated(100, DocumentOf("d1", "W", "a", 43)), Moved(200, "sale", "W", "other", 1),
               Moved(300, "count", "W", "a", 45)});
  EXPECT_EQ(run.Episodes(), "drift resolved @160");
}

// Rules

TEST(Engine, ANewVersionOfARuleIsJudgedAtItsPlace) {
  EngineRun run(LedgerShop());
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)),
               RulePut(20, "r", {{"sku", "a"}}, {{"low", 10}})});
  EXPECT_EQ(run.Episodes(), "low_stock open @20");
  const alert::Episode& episode = run.state().episodes.at(0);
  EXPECT_EQ(episode.id, alert::MakeEpisodeId(event::ConditionType::kLowStock, "item\nW\na",
                                             alert::Place::OfChange(At(20))));
  EXPECT_EQ(episode.count, 0u) << "a rule is no change of the item";
  run.Take(RulePut(30, "r", {{"sku", "a"}}, {{"low", 4}}));
  EXPECT_EQ(run.Episodes(), "low_stock resolved @20");
  EXPECT_EQ(run.state().episodes.at(0).cause, alert::Cause::kCleared)
      << "the new threshold clears it";
}

TEST(Engine, ARuleThatGoesResolvesByRule) {
  EngineRun run(LedgerShop());
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)),
               RulePut(20, "r", {{"sku", "a"}}, {{"low", 10}}), RuleGone(30, "r")});
  EXPECT_EQ(run.Episodes(), "low_stock resolved @20");
  EXPECT_EQ(run.state().episodes.at(0).cause, alert::Cause::kRule);
  EXPECT_EQ(run.counts().applied, 3u);
}

TEST(Engine, ARuleOfTheStreamThatComesAgainIsADuplicate) {
  EngineRun run(LedgerShop());
  const Written rule = RulePut(20, "r", {{"sku", "a"}}, {{"low", 10}});
  run.Take(rule).Take(rule).Take(RulePut(15, "r", {{"sku", "a"}}, {{"low", 99}}));
  EXPECT_EQ(run.counts().applied, 2u) << "a superseded one is applied, without effect";
  EXPECT_EQ(run.counts().duplicate, 1u);
  ASSERT_NE(run.state().rules.Latest("r"), nullptr);
  EXPECT_EQ(run.state().rules.Latest("r")->version, 1u);
}

TEST(Engine, AnIntervalTurnsAtItsInstants) {
  event::Rule rule = MakeRule("sale", ForAll(), LowOf(10));
  rule.effective_from = base::Instant::Seconds(100);
  rule.effective_until = base::Instant::Seconds(200);
  EngineRun run(ShopWith({rule}));
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)), Moved(99, "sale", "W", "other", 1)});
  EXPECT_EQ(run.Episodes(), "");
  run.Take(Moved(150, "sale", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "low_stock open @100");
  run.Take(Moved(250, "sale", "W", "other", 1));
  EXPECT_EQ(run.Episodes(), "low_stock resolved @100");
  EXPECT_EQ(run.state().episodes.at(0).resolved_at, base::Instant::Seconds(200));
  EXPECT_EQ(run.state().episodes.at(0).cause, alert::Cause::kRule);
}

// docs/formats.md, Alerts: a timer or rule is no change of the subject.
TEST(Engine, ACategoryThatARuleFindsLowCountsNoChange) {
  EngineRun run(LedgerShop());
  run.TakeAll(FiveItems(10)).TakeAll(AllSold(100));
  run.Take(RulePut(200, "share", {}, {{"low_share", 1}}));
  run.Finish();
  ASSERT_NE(NodeEpisodes(run), "");
  for (alert::EpisodeIndex i = 0; i < run.state().episodes.size(); ++i) {
    const alert::Episode& episode = run.state().episodes.at(i);
    if (episode.subject.kind != alert::Subject::Kind::kNode) continue;
    EXPECT_EQ(episode.opened_at, base::Instant::Seconds(200));
    EXPECT_EQ(episode.count, 0u);
  }
}

// Counts

ports::RawInput AnyInput(std::uint32_t highest) {
  const std::string sku = *rc::gen::element<std::string>("a", "b");
  std::uint32_t second = *rc::gen::inRange<std::uint32_t>(1, highest + 1);
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return Unreadable("{");
    case 1:
      return InputOf(Moved(second, "no such type", "W", sku, 1));
    case 2:
      return InputOf(Stocked(second, DocumentOf("d1", "W", sku, 5)));
    case 3:
      return InputOf(Updated(second, DocumentOf("d2", "W", sku, 5)));
    case 4:
      return InputOf(Deleted(second, *rc::gen::element<std::string>("d1", "d2")));
    case 5:
      return InputOf(Insert("customers", second, {{"_id", "c"}}));
    case 6:
      return InputOf(RulePut(second, "r", {{"sku", sku}}, {{"low", 10}}));
    case 7:
      return InputOf(RuleGone(second, "r"));
    case 8:
      return InputOf(Moved(second + kKeep, "sale", "W", sku, 1));
    case 9:
      return InputOf(Insert("inventory", second, {{"_id", "d3"}}));
    default:
      return InputOf(Moved(second, "receipt", "W", sku, 1, {{"order_id", "1"}}));
  }
}

// Each change read is one of: applied, duplicate, stale, dead-lettered, control.
RC_GTEST_PROP(EngineProperty, EveryInputIsCountedOnce, ()) {
  EngineRun run(*rc::gen::inRange(0, 2) == 0 ? Options() : LedgerShop());
  const int inputs = *rc::gen::inRange(0, 60);
  const auto source_max = *rc::gen::inRange(1, 3);
  for (int i = 0; i < inputs; ++i) {
    run.Take(AnyInput(20), static_cast<std::uint8_t>(*rc::gen::inRange(0, source_max)));
    const ChangeCounts& counts = run.counts();
    RC_ASSERT(counts.read == static_cast<std::uint64_t>(i) + 1);
    RC_ASSERT(counts.read == counts.applied + counts.duplicate + counts.stale +
                                 counts.dead_lettered + counts.control);
    RC_ASSERT(run.letters.size() == counts.stale + counts.dead_lettered);
  }
}

}  // namespace
}  // namespace stockwatch::flow
