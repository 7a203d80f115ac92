#include "domain/stock/fold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::At;
using stockwatch::testing::Count;
using stockwatch::testing::Delete;
using stockwatch::testing::Document;
using stockwatch::testing::LedgerRules;
using stockwatch::testing::LookedUp;
using stockwatch::testing::Movement;
using stockwatch::testing::OpensAtZero;
using stockwatch::testing::Sale;
using stockwatch::testing::SnapshotRules;

constexpr std::uint32_t kKeep = 1000;

// "opened 12 0 5": life, then on-hand, reserved and inbound as they are shown.
std::string Describe(const Folded& folded) {
  constexpr const char* kLives[] = {"unopened ", "opened ", "retired "};
  const Shown shown{folded.sums.on_hand, std::max(base::Quantity(), folded.sums.reserved),
                    folded.references.Shown(folded.sums.inbound)};
  return kLives[static_cast<std::size_t>(folded.life)] + stockwatch::testing::Read(shown);
}

struct Case {
  const char* what;
  std::vector<HistoryRow> rows;
  const char* stock;
  std::uint32_t opening = 0;  // second of Folded::opening
  std::uint32_t opened = 0;   // Folded::opened_seconds
};

void Check(const std::vector<Case>& cases, const WarehouseRules& rules) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    std::vector<HistoryRow> rows = c.rows;
    // In the order written, and backwards: the set alone decides.
    for (int pass = 0; pass < 2; ++pass) {
      const Folded folded = Fold(rows, rules, kKeep);
      EXPECT_EQ(Describe(folded), c.stock);
      EXPECT_EQ(folded.opening.seconds, c.opening);
      EXPECT_EQ(folded.opened_seconds, c.opened);
      std::reverse(rows.begin(), rows.end());
    }
  }
}

HistoryRow Receipt(std::uint32_t second, int pieces, const char* reference = "") {
  return Movement(RowKind::kReceipt, At(second), pieces, reference);
}
HistoryRow Ordered(std::uint32_t second, int pieces, const char* reference = "") {
  return Movement(RowKind::kOrdered, At(second), pieces, reference);
}
HistoryRow Reserve(std::uint32_t second, int pieces) {
  return Movement(RowKind::kReserve, At(second), pieces);
}
HistoryRow SaleAt(std::uint32_t second, int pieces) {
  return Sale(At(second), pieces);
}

TEST(Fold, LedgerOpensAtTheLowestDocumentOrCount) {
  Check(
      {
          {"nothing is known", {}, "unopened 0 0 0"},
          {"movements alone add up", {SaleAt(5, 3), Receipt(6, 1)}, "unopened -2 0 0"},
          {"a document opens", {Document(At(10), 40, 4, 6)}, "opened 40 4 6", 10, 10},
          {"movements after it count",
           {Document(At(10), 40), SaleAt(11, 3), Reserve(12, 2), Ordered(13, 8, "order/1")},
           "opened 37 2 8",
           10,
           10},
          {"movements before it do not",
           {SaleAt(8, 3), Reserve(8, 2), Ordered(9, 8, "order/1"), Document(At(10), 40, 4, 6)},
           "opened 40 4 6",
           10,
           10},
          {"later documents only check",
           {Document(At(10), 40), SaleAt(15, 2), Document(At(20), 90, 5, 5)},
           "opened 38 0 0",
           10,
           10},
          {"a looked-up image opens nothing",
           {LookedUp(At(10), 40), SaleAt(11, 3)},
           "unopened -3 0 0"},
          {"the exact one behind it does",
           {LookedUp(At(10), 40), SaleAt(11, 3), Document(At(12), 50)},
           "opened 50 0 0",
           12,
           12},
          {"a count opens on-hand alone: reserved and inbound go on",
           {SaleAt(5, 3), Reserve(6, 2), Ordered(7, 8, "order/1"), Count(At(10), 50),
            SaleAt(11, 1)},
           "opened 49 2 8",
           0,
           10},
          {"a document behind that count only checks",
           {Count(At(10), 50), Document(At(20), 90, 5, 5)},
           "opened 50 0 0",
           0,
           10},
          {"a count behind the opening sets on-hand alone",
           {Document(At(10), 40, 4, 6), Reserve(15, 1), Count(At(20), 30), SaleAt(25, 2)},
           "opened 28 5 6",
           10,
           10},
          {"the highest of several counts holds",
           {Document(At(10), 40), Count(At(20), 30), SaleAt(25, 2), Count(At(30), 25),
            SaleAt(31, 1)},
           "opened 24 0 0",
           10,
           10},
      },
      LedgerRules());
}

TEST(Fold, LedgerKeepsInboundByReference) {
  Check(
      {
          {"a receipt takes from its own order",
           {Document(At(1), 0), Ordered(2, 10, "order/1"), Ordered(3, 5, "order/2"),
            Receipt(4, 7, "order/1")},
           "opened 7 0 8",
           1,
           1},
          {"one that nobody announced takes from the opening's figure",
           {Document(At(1), 0, 0, 6), Receipt(4, 4, "order/9")},
           "opened 4 0 2",
           1,
           1},
          {"a transfer announced after it came in is through",
           {Document(At(1), 0), Movement(RowKind::kTransferIn, At(2), 3, "transfer/1"),
            Ordered(3, 3, "transfer/1")},
           "opened 3 0 0",
           1,
           1},
          {"a cancelled order is no longer on its way",
           {Document(At(1), 0), Ordered(2, 10, "order/1"),
            Movement(RowKind::kOrderCancelled, At(3), 4, "order/1")},
           "opened 0 0 6",
           1,
           1},
          {"more released than reserved shows as nothing, and is remembered",
           {Document(At(1), 9), Movement(RowKind::kRelease, At(2), 5), Reserve(3, 7)},
           "opened 9 2 0",
           1,
           1},
      },
      LedgerRules());
}

TEST(Fold, SnapshotFollowsTheHighestDocument) {
  Check(
      {
          {"movements alone are zeros", {SaleAt(5, 3), Reserve(6, 3)}, "unopened 0 0 0"},
          {"a count is none of its figures", {Count(At(5), 3)}, "unopened 0 0 0"},
          {"the highest document holds, movements have no effect",
           {Document(At(10), 40, 4, 6), SaleAt(15, 2), Document(At(20), 30, 1, 2), SaleAt(25, 2)},
           "opened 30 1 2",
           20,
           10},
          {"a looked-up one too", {LookedUp(At(10), 40)}, "opened 40 0 0", 10, 10},
      },
      SnapshotRules());
}

TEST(Fold, ADeleteEndsTheItemUntilADocumentReturnsIt) {
  const std::vector<Case> of_both{
      {"deleted", {Document(At(10), 40), Delete(At(20))}, "retired 0 0 0", 20, 0},
      {"what comes later goes to history only",
       {Document(At(10), 40), Delete(At(20)), SaleAt(30, 3), Count(At(31), 5)},
       "retired 0 0 0",
       20,
       0},
      {"a document above the delete returns it with a fresh opening",
       {Document(At(10), 40, 4, 6), Delete(At(20)), SaleAt(25, 3), Document(At(30), 7, 1, 2)},
       "opened 7 1 2",
       30,
       30},
      {"the last delete decides",
       {Document(At(10), 40), Delete(At(20)), Document(At(30), 7), Delete(At(40))},
       "retired 0 0 0",
       40,
       0},
      {"what is deleted can't be deleted again",
       {Document(At(10), 40), Delete(At(20)), Delete(At(40))},
       "retired 0 0 0",
       20,
       0},
      {"a document below the delete returns nothing",
       {Delete(At(20)), Document(At(19), 40)},
       "retired 0 0 0",
       20,
       0},
      {"an item of movements alone is deleted too",
       {SaleAt(10, 3), Delete(At(20))},
       "retired 0 0 0",
       20,
       0},
  };
  Check(of_both, LedgerRules());
  Check(of_both, SnapshotRules());
  Check(
      {
          {"a looked-up image returns it unopened",
           {Document(At(10), 40), Delete(At(20)), SaleAt(25, 1), LookedUp(At(30), 7),
            SaleAt(35, 3)},
           "unopened -3 0 0"},
          {"the exact one behind it opens",
           {Document(At(10), 40), Delete(At(20)), LookedUp(At(30), 7), SaleAt(35, 3),
            Document(At(40), 9)},
           "opened 9 0 0",
           40,
           40},
      },
      LedgerRules());
  Check({{"a looked-up image returns it with its figures",
          {Document(At(10), 40), Delete(At(20)), LookedUp(At(30), 7)},
          "opened 7 0 0",
          30,
          30}},
        SnapshotRules());
}

TEST(Fold, BehindTheHistoryOfADeleteANewItemBegins) {
  Check(
      {
          {"one second before its end the item is still the retired one",
           {Document(At(10), 40), Delete(At(20)), SaleAt(20 + kKeep - 1, 3)},
           "retired 0 0 0",
           20,
           0},
          {"at its end a movement finds a new one",
           {Document(At(10), 40), Delete(At(20)), SaleAt(20 + kKeep, 3)},
           "unopened -3 0 0"},
          {"a second delete does not put the end off",
           {Document(At(10), 40), Delete(At(20)), Delete(At(30)), SaleAt(20 + kKeep, 3)},
           "unopened -3 0 0"},
          {"and so does a count",
           {Delete(At(20)), SaleAt(30, 1), Count(At(20 + kKeep), 3), SaleAt(21 + kKeep, 1)},
           "opened 2 0 0",
           0,
           20 + kKeep},
          {"an item that a document returned in time goes on",
           {Delete(At(20)), Document(At(30), 7), SaleAt(20 + kKeep, 3)},
           "opened 4 0 0",
           30,
           30},
      },
      LedgerRules());
  Check({{"zeros again",
          {Document(At(10), 40), Delete(At(20)), SaleAt(20 + kKeep, 3)},
          "unopened 0 0 0"}},
        SnapshotRules());
}

// ADR 1, 19: from its first change of any kind; documents then only check.
TEST(Fold, OpensAtZeroWhereTheWarehouseSaysSo) {
  Check(
      {
          {"the first movement opens", {SaleAt(10, 3)}, "opened -3 0 0", 0, 10},
          {"a document above it only checks",
           {SaleAt(10, 3), Document(At(20), 50, 5, 5)},
           "opened -3 0 0",
           0,
           10},
          {"a document below it is the opening",
           {Document(At(5), 50, 1, 1), SaleAt(10, 3)},
           "opened 47 1 1",
           5,
           5},
          {"a count sets on-hand from there",
           {SaleAt(10, 3), Count(At(20), 9), SaleAt(30, 1)},
           "opened 8 0 0",
           0,
           10},
          {"no movement returns a retired item",
           {Document(At(5), 50), Delete(At(10)), SaleAt(20, 3)},
           "retired 0 0 0",
           10,
           0},
          {"a new item behind the history opens at zero again",
           {Delete(At(10)), SaleAt(10 + kKeep, 3)},
           "opened -3 0 0",
           0,
           10 + kKeep},
      },
      OpensAtZero(LedgerRules()));
  Check(
      {
          {"under snapshot with zeros", {SaleAt(10, 3)}, "opened 0 0 0", 0, 10},
          {"by a count too", {Count(At(10), 3)}, "opened 0 0 0", 0, 10},
          {"documents set the figures",
           {SaleAt(10, 3), Document(At(20), 50, 5, 5)},
           "opened 50 5 5",
           20,
           10},
      },
      OpensAtZero(SnapshotRules()));
}

}  // namespace
}  // namespace stockwatch::stock
