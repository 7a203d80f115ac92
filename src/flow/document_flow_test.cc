#include "flow/document_flow.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "testing/engine_run.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes
using Reasons = std::vector<std::string>;

TEST(DocumentFlow, ADeleteFindsItsItemByTheKeyAlone) {
  EngineRun run;
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)),
               Stocked(11, DocumentOf("d2", "W", "b", 6)), Deleted(20, "d1")});
  EXPECT_EQ(run.Stock("W", "a"), "retired");
  EXPECT_EQ(run.Stock("W", "b"), "6 0 0");
  EXPECT_EQ(run.counts().applied, 3u);
}

TEST(DocumentFlow, ADeleteOfAnUnknownKeyIsAppliedAndRemembered) {
  EngineRun run;
  run.TakeAll({Deleted(20, "d1"), Deleted(20, "d1")});
  EXPECT_EQ(run.counts().applied, 1u);
  EXPECT_EQ(run.counts().duplicate, 1u);
  run.Take(Stocked(10, DocumentOf("d1", "W", "a", 5)));
  EXPECT_EQ(run.Stock("W", "a"), "retired") << "its delete came before it";
  EXPECT_EQ(run.Items().size(), 0u);
  run.Take(Stocked(30, DocumentOf("d1", "W", "a", 7)));
  EXPECT_EQ(run.Stock("W", "a"), "7 0 0");
}

TEST(DocumentFlow, AnUpdateToAnotherItemMovesTheDocument) {
  for (const Options& options : {Options(), LedgerShop()}) {
    EngineRun run(options);
    run.Take(Stocked(10, DocumentOf("d1", "W", "a", 5)));
    Written moved = Updated(20, DocumentOf("d1", "W", "b", 6));
    moved.operation = event::Operation::kReplace;
    run.Take(moved);
    EXPECT_EQ(run.Stock("W", "a"), "retired");
    EXPECT_EQ(run.Stock("W", "b"), "6 0 0");
    EXPECT_EQ(run.counts().applied, 2u) << "one change, whatever it did";
    run.Take(moved);
    EXPECT_EQ(run.counts().duplicate, 1u);
    run.Take(Deleted(30, "d1"));
    EXPECT_EQ(run.Stock("W", "b"), "retired");
  }
}

TEST(DocumentFlow, ADocumentThatMovesBackReturnsItsItem) {
  EngineRun run;
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)),
               Updated(20, DocumentOf("d1", "W", "b", 6)),
               Updated(30, DocumentOf("d1", "W", "a", 7))});
  EXPECT_EQ(run.Stock("W", "a"), "7 0 0");
  EXPECT_EQ(run.Stock("W", "b"), "retired");
}

TEST(DocumentFlow, ALateDocumentOfTheItemThatWasLeft) {
  EngineRun run;
  run.TakeAll(
      {Stocked(20, DocumentOf("d1", "W", "b", 6)), Stocked(10, DocumentOf("d1", "W", "a", 5))});
  EXPECT_EQ(run.Stock("W", "a"), "retired");
  EXPECT_EQ(run.Stock("W", "b"), "6 0 0");
  EXPECT_EQ(run.Items().size(), 1u);
}

TEST(DocumentFlow, ASecondLivingDocumentOfAnItemIsADeadLetter) {
  EngineRun run;
  run.TakeAll(
      {Stocked(10, DocumentOf("d1", "W", "a", 5)), Stocked(20, DocumentOf("d2", "W", "a", 9))});
  EXPECT_EQ(run.Reasons(), Reasons{"item has another document"});
  EXPECT_EQ(run.Stock("W", "a"), "5 0 0");
  EXPECT_EQ(run.counts().dead_lettered, 1u);
  run.TakeAll({Deleted(30, "d1"), Stocked(40, DocumentOf("d2", "W", "a", 8))});
  EXPECT_EQ(run.Stock("W", "a"), "8 0 0") << "the first one is gone";
  EXPECT_EQ(run.Reasons().size(), 1u);
}

TEST(DocumentFlow, ARefusedMoveLeavesTheDocumentWhereItWas) {
  EngineRun run;
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)),
               Stocked(11, DocumentOf("d2", "W", "b", 6)),
               Updated(20, DocumentOf("d1", "W", "b", 9))});
  EXPECT_EQ(run.Reasons(), Reasons{"item has another document"});
  EXPECT_EQ(run.Stock("W", "a"), "5 0 0");
  EXPECT_EQ(run.Stock("W", "b"), "6 0 0");
}

TEST(DocumentFlow, AnItemBelongsToOneSource) {
  EngineRun run;
  run.Take(Stocked(10, DocumentOf("d1", "W", "a", 5)), 0);
  run.Take(Moved(20, "sale", "W", "a", 1), 1);
  run.Take(Updated(21, DocumentOf("d1", "W", "a", 9)), 1);
  run.Take(Stocked(22, DocumentOf("d2", "W", "b", 7)), 1);
  EXPECT_EQ(run.Reasons(), (Reasons{"foreign source", "foreign source"}));
  EXPECT_EQ(run.Stock("W", "a"), "5 0 0");
  EXPECT_EQ(run.Stock("W", "b"), "7 0 0");
  run.Take(Moved(30, "sale", "W", "b", 1), 0);
  EXPECT_EQ(run.Reasons().size(), 3u);
  EXPECT_EQ(run.counts().dead_lettered, 3u);
}

TEST(DocumentFlow, AMoveToAnItemOfAnotherSourceIsRefused) {
  EngineRun run;
  run.Take(Stocked(10, DocumentOf("d1", "W", "a", 5)), 0);
  run.Take(Moved(11, "sale", "W", "b", 1), 1);
  run.Take(Updated(20, DocumentOf("d1", "W", "b", 9)), 0);
  EXPECT_EQ(run.Reasons(), Reasons{"foreign source"});
  EXPECT_EQ(run.Stock("W", "a"), "5 0 0");
}

TEST(DocumentFlow, TheEventWithTheHighestPositionDescribesTheItem) {
  EngineRun run;
  const auto brand = [&] {
    const std::string line = run.Items().at(0);
    const std::size_t begin = line.find("\"brand\":") + 9;
    return line.substr(begin, line.find('"', begin) - begin);
  };
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5, {{"brand", "ten"}})),
               Updated(30, DocumentOf("d1", "W", "a", 5, {{"brand", "thirty"}})),
               Updated(20, DocumentOf("d1", "W", "a", 5, {{"brand", "twenty"}}))});
  EXPECT_EQ(brand(), "thirty");
  EXPECT_EQ(run.RollUps().size(), 12u) << "the old nodes gave up what the new ones gained";
}

TEST(DocumentFlow, AnItemThatReturnsBehindTheHistoryIsCountedOnce) {
  EngineRun run;
  constexpr std::uint32_t kKeep = 100 * 86'400;
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)), Deleted(20, "d1"),
               Stocked(20 + kKeep, DocumentOf("d9", "W", "a", 7))});
  EXPECT_EQ(run.Stock("W", "a"), "7 0 0");
  EXPECT_NE(run.RollUps().at(0).find("\"items\":1,\"on_hand\":7,"), std::string::npos)
      << run.RollUps().at(0);
}

// Found by the simulator, seed 20063.
TEST(DocumentFlow, ADeleteOfADocumentWhoseItemIsForgottenFindsNoItem) {
  EngineRun run(LedgerShop());
  constexpr std::uint32_t kKeep = 100 * 86'400;
  run.TakeAll({Stocked(10, DocumentOf("d1", "W", "a", 5)), Deleted(20, "d1"),
               Deleted(21 + kKeep, "d1"), Moved(22 + kKeep, "receipt", "W", "a", 3)});
  EXPECT_EQ(run.counts().applied, 4u);
  EXPECT_NE(run.RollUps().at(0).find("\"items\":1,\"on_hand\":3,"), std::string::npos)
      << run.RollUps().at(0);
  EXPECT_NE(run.RollUps().at(0).find("\"unopened\":1"), std::string::npos) << run.RollUps().at(0);
}

std::string Text(const std::vector<Written>& changes) {
  std::string text;
  for (const Written& change : changes) {
    text += "\n  @" + std::to_string(change.second) + " " + change.collection + " " +
            Describe(MakeDocument(change.fields), 0) +
            (change.operation == event::Operation::kDelete   ? " deleted"
             : change.operation == event::Operation::kUpdate ? " looked up"
                                                             : "");
  }
  return text;
}

// A life of one document that moves from one item to another, with movements of both. It does not
// come back to the item that it left: ADR 1, 14.
std::vector<Written> AnyLife() {
  std::vector<Written> life;
  bool lives = false;
  bool moved = false;
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 9);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t second = 100 * (i + 1);
    std::string sku = *rc::gen::element<std::string>("a", "b");
    const int figure = *rc::gen::inRange(1, 9);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        life.push_back(Moved(second, *rc::gen::element<std::string>("sale", "receipt", "count"),
                             "W", sku, figure));
        break;
      case 1:
        if (!lives) break;
        life.push_back(Deleted(second, "d1"));
        lives = false;
        break;
      default:
        if (moved) sku = "b";
        moved = moved || sku == "b";
        if (lives) {
          life.push_back(Updated(second, DocumentOf("d1", "W", sku, figure)));
          if (*rc::gen::inRange(0, 2) == 0) life.back().operation = event::Operation::kReplace;
        } else {
          life.push_back(Stocked(second, DocumentOf("d1", "W", sku, figure)));
        }
        lives = true;
    }
  }
  return life;
}

// ADR 1, 14: for one document key any order of arrival gives the same stock.
RC_GTEST_PROP(DocumentFlowProperty, AnyOrderOfOneDocumentGivesTheSameDigest, ()) {
  const Options options = *rc::gen::inRange(0, 2) == 0 ? Options() : LedgerShop();
  const std::vector<Written> life = AnyLife();
  std::vector<Written> arrival;
  for (const Written& change : life) {
    const auto place = *rc::gen::inRange<std::size_t>(0, arrival.size() + 1);
    arrival.insert(arrival.begin() + static_cast<std::ptrdiff_t>(place), change);
  }
  RC_LOG() << (options.warehouse.authority == stock::Authority::kLedger ? "ledger" : "snapshot")
           << Text(arrival) << "\n";
  EngineRun in_order(options);
  in_order.TakeAll(life).Finish();
  EngineRun shuffled(options);
  shuffled.TakeAll(arrival).Finish();
  RC_ASSERT(shuffled.Items() == in_order.Items());
  RC_ASSERT(shuffled.RollUps() == in_order.RollUps());
  RC_ASSERT(shuffled.Digest() == in_order.Digest());
}

// What a snapshot that began at 30 did not show: neither in it nor by a change since.
TEST(DocumentFlow, WhatASnapshotDoesNotShowIsRetired) {
  for (const Options& options : {Options(), LedgerShop()}) {
    EngineRun run(options);
    run.TakeAll({Stocked(10, DocumentOf("d1", "W", "gone", 5)),
                 Stocked(11, DocumentOf("d2", "W", "seen", 6)),
                 Stocked(12, DocumentOf("d3", "W", "changed", 7)),
                 Stocked(13, DocumentOf("d4", "W", "deleted", 8)), Deleted(20, "d4"),
                 Stocked(30, DocumentOf("d2", "W", "seen", 6)),
                 Updated(31, DocumentOf("d3", "W", "changed", 9))});
    EXPECT_EQ(run.engine.RetireUnseen({0, 30, 0, 0}), 1u);
    run.Finish();
    EXPECT_EQ(run.Stock("W", "gone"), "retired");
    EXPECT_NE(run.Stock("W", "seen"), "retired");
    EXPECT_NE(run.Stock("W", "changed"), "retired");
    EXPECT_EQ(run.engine.RetireUnseen({0, 30, 0, 0}), 0u) << "once";
    // It comes back later, as a new document would.
    run.Take(Stocked(40, DocumentOf("d1", "W", "gone", 3)));
    EXPECT_EQ(run.Stock("W", "gone"), "3 0 0");
  }
}

}  // namespace
}  // namespace stockwatch::flow
