#include "domain/stock/ledger.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::At;
using stockwatch::testing::Count;
using stockwatch::testing::Delete;
using stockwatch::testing::Document;
using stockwatch::testing::kDay;
using stockwatch::testing::LedgerRules;
using stockwatch::testing::LookedUp;
using stockwatch::testing::Movement;
using stockwatch::testing::OpensAtZero;
using stockwatch::testing::Pieces;
using stockwatch::testing::PiecesOf;
using stockwatch::testing::Read;
using stockwatch::testing::Sale;
using stockwatch::testing::Shelf;
using stockwatch::testing::SnapshotRules;

struct TypeCase {
  RowKind kind;
  const char* unopened;  // ledger, from nothing
  const char* opened;    // ledger, from 20 4 6
};

// 5 pieces of each type; domain page, section 4.
constexpr TypeCase kTypes[] = {
    {RowKind::kSale, "-5 0 0", "15 4 6"},      {RowKind::kReturn, "5 0 0", "25 4 6"},
    {RowKind::kDamage, "-5 0 0", "15 4 6"},    {RowKind::kShrinkage, "-5 0 0", "15 4 6"},
    {RowKind::kAdjustment, "5 0 0", "25 4 6"}, {RowKind::kTransferOut, "-5 0 0", "15 4 6"},
    {RowKind::kReceipt, "5 0 0", "25 4 1"},    {RowKind::kTransferIn, "5 0 0", "25 4 1"},
    {RowKind::kReserve, "0 5 0", "20 9 6"},    {RowKind::kRelease, "0 0 0", "20 0 6"},
    {RowKind::kOrdered, "0 0 5", "20 4 11"},   {RowKind::kOrderCancelled, "0 0 0", "20 4 1"},
    {RowKind::kCount, "5 0 0", "5 4 6"},
};

TEST(Ledger, EveryTypeMovesTheStockUnderAuthorityLedger) {
  for (const TypeCase& c : kTypes) {
    SCOPED_TRACE(Name(c.kind));
    Shelf unopened(LedgerRules());
    EXPECT_EQ(unopened.Put(Movement(c.kind, At(11), 5)), Applied::kApplied);
    EXPECT_EQ(Read(unopened.shown()), c.unopened);
    EXPECT_EQ(unopened.item().life, c.kind == RowKind::kCount ? Life::kOpened : Life::kUnopened);
    Shelf opened(LedgerRules());
    opened.Put(Document(At(10), 20, 4, 6));
    EXPECT_EQ(opened.Put(Movement(c.kind, At(11), 5)), Applied::kApplied);
    EXPECT_EQ(Read(opened.shown()), c.opened);
    EXPECT_EQ(opened.item().life, Life::kOpened);
  }
}

HistoryRow Order(base::Position position, std::string_view reference, std::int64_t due) {
  HistoryRow row = Movement(RowKind::kOrdered, position, 5, reference);
  row.expected_at = base::Instant::Seconds(due);
  return row;
}

TEST(Ledger, TheLatestOrderSaysWhenItIsDueWheneverItCame) {
  const std::string_view references[] = {"order/1", ""};
  for (const std::string_view reference : references) {
    SCOPED_TRACE(reference);
    Shelf shelf(LedgerRules());
    const auto due = [&] {
      const InboundReferences& inbound = shelf.ledger.FindBook(shelf.item())->references;
      return reference.empty() ? inbound.unnamed_expected_at() : inbound.list().at(0).expected_at;
    };
    shelf.PutAll({Document(At(10), 20), Order(At(30), reference, 300)});
    EXPECT_EQ(due(), base::Instant::Seconds(300));
    shelf.Put(Order(At(20), reference, 200));
    EXPECT_EQ(due(), base::Instant::Seconds(300)) << "an older one that came late";
    shelf.Put(Order(At(40), reference, 250));
    EXPECT_EQ(due(), base::Instant::Seconds(250));
    shelf.Put(Count(At(15), 7));
    EXPECT_EQ(due(), base::Instant::Seconds(250)) << "the history is folded again";
    shelf.Put(Movement(RowKind::kReceipt, At(50), 15, reference));
    EXPECT_EQ(shelf.ledger.FindBook(shelf.item())->references, InboundReferences())
        << "nothing is on its way any more";
  }
}

TEST(Ledger, WhatWasOrderedBelowTheOpeningIsNotDue) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20, 0, 4), Order(At(5), "", 300)});
  EXPECT_EQ(shelf.ledger.FindBook(shelf.item()), nullptr);
  EXPECT_EQ(Read(shelf.shown()), "20 0 4");
}

TEST(Ledger, NoTypeMovesTheStockUnderAuthoritySnapshot) {
  for (const TypeCase& c : kTypes) {
    SCOPED_TRACE(Name(c.kind));
    Shelf unopened(SnapshotRules());
    EXPECT_EQ(unopened.Put(Movement(c.kind, At(11), 5)), Applied::kApplied);
    EXPECT_EQ(Read(unopened.shown()), "0 0 0");
    EXPECT_EQ(unopened.item().life, Life::kUnopened);
    Shelf opened(SnapshotRules());
    opened.Put(Document(At(10), 20, 4, 6));
    EXPECT_EQ(opened.Put(Movement(c.kind, At(11), 5)), Applied::kApplied);
    EXPECT_EQ(Read(opened.shown()), "20 4 6");
  }
}

TEST(Ledger, EveryTypeMovesTheShadowUnderAuthoritySnapshot) {
  for (const TypeCase& c : kTypes) {
    SCOPED_TRACE(Name(c.kind));
    Shelf shelf(SnapshotRules());
    shelf.Put(Document(At(10), 20, 4, 6));
    EXPECT_EQ(shelf.ledger.FindBook(shelf.item()), nullptr) << "no shadow before it moves";
    shelf.Put(Movement(c.kind, At(11), 5));
    const Book* book = shelf.ledger.FindBook(shelf.item());
    ASSERT_NE(book, nullptr);
    ASSERT_TRUE(book->shadow.has_value());
    EXPECT_EQ(book->shadow->base, At(10));
    EXPECT_EQ(book->shadow->at_base, PiecesOf(20, 4, 6));
    const Figures& sums = book->shadow->sums;
    EXPECT_EQ(Read({sums.on_hand, std::max(base::Quantity(), sums.reserved),
                    book->references.Shown(sums.inbound)}),
              c.opened);
  }
}

TEST(Ledger, AMovementBeforeTheFirstDocumentStartsTheShadowThere) {
  Shelf shelf(SnapshotRules());
  shelf.PutAll({Sale(At(5), 3), Document(At(10), 20), Document(At(20), 30)});
  const Book* book = shelf.ledger.FindBook(shelf.item());
  ASSERT_NE(book, nullptr);
  EXPECT_EQ(book->shadow, (Shadow{At(10), PiecesOf(20), PiecesOf(20), {}, {}}));
}

TEST(Ledger, ShadowOfALateFirstDocumentHoldsWhatMovedAfterIt) {
  Shelf shelf(SnapshotRules());
  shelf.PutAll({Sale(At(5), 3), Sale(At(15), 4), Document(At(10), 20)});
  const Book* book = shelf.ledger.FindBook(shelf.item());
  ASSERT_NE(book, nullptr);
  EXPECT_EQ(book->shadow, (Shadow{At(10), PiecesOf(20), PiecesOf(16), {}, {}}));
}

TEST(Ledger, ALateMovementBelowACountLeavesTheOnHandOfTheShadow) {
  Shelf shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 20), Count(At(30), 50), Sale(At(20), 4, 1)});
  EXPECT_EQ(shelf.ledger.FindBook(shelf.item())->shadow->sums, PiecesOf(50, -1));
  shelf.Put(Count(At(15), 40));
  EXPECT_EQ(shelf.ledger.FindBook(shelf.item())->shadow->sums, PiecesOf(50, -1));
}

TEST(Ledger, ALateDeleteEndsTheShadowOfTheLifeBeforeIt) {
  Shelf shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 20), Sale(At(15), 4), Document(At(30), 90), Delete(At(20))});
  EXPECT_EQ(Read(shelf.shown()), "90 0 0");
  const Book* book = shelf.ledger.FindBook(shelf.item());
  EXPECT_TRUE(book == nullptr || !book->shadow) << "nothing moved since the item returned";
}

TEST(Ledger, TheSamePositionAgainIsADuplicateWithoutEffect) {
  for (const WarehouseRules& rules : {SnapshotRules(), LedgerRules()}) {
    Shelf shelf(rules);
    shelf.PutAll({Document(At(10), 20), Sale(At(11), 5), Sale(At(12), 1)});
    const std::string before = Read(shelf.shown());
    for (const HistoryRow& row : {Document(At(10), 99), Sale(At(11), 5), Sale(At(12), 9)}) {
      EXPECT_EQ(shelf.Put(row), Applied::kDuplicate);
    }
    EXPECT_EQ(Read(shelf.shown()), before);
    EXPECT_EQ(shelf.history.reads(), 0) << "the tail knows them";
    EXPECT_EQ(shelf.item().top, At(12));
  }
}

TEST(Ledger, TheHistoryKnowsDuplicatesThatTheTailForgot) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20), Sale(At(11), 5), Sale(At(10'000), 1), Sale(At(10'001), 1)});
  shelf.ledger.TrimTails(10'001);
  EXPECT_EQ(shelf.history.reads(), 0);
  EXPECT_EQ(shelf.Put(Sale(At(11), 5)), Applied::kDuplicate);
  EXPECT_EQ(shelf.history.reads(), 1);
  EXPECT_EQ(shelf.Put(Sale(At(12), 5)), Applied::kApplied);
  EXPECT_EQ(Read(shelf.shown()), "8 0 0");
}

TEST(Ledger, TwoChangesOfOneSecondAreTwo) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20), Sale(At(11, 1), 5), Sale(At(11, 2), 5)});
  EXPECT_EQ(Read(shelf.shown()), "10 0 0");
}

TEST(Ledger, ALateMovementTakesItsEffectWhereItCounts) {
  struct Case {
    const char* what;
    std::uint32_t second;
    const char* shown;
  };
  // Opening 20 at 10, a count of 50 at 30, a sale of 1 at 40: 49 on hand.
  const Case cases[] = {
      {"below the opening: not at all", 5, "49 0 0"},
      {"below the count: reserved alone", 20, "49 2 0"},
      {"above the count", 35, "46 2 0"},
  };
  for (const Case& c : cases) {
    Shelf shelf(LedgerRules());
    shelf.PutAll({Document(At(10), 20), Count(At(30), 50), Sale(At(40), 1)});
    shelf.Put(Sale(At(c.second), 3, -2));
    EXPECT_EQ(Read(shelf.shown()), c.shown) << c.what;
  }
}

TEST(Ledger, ALateMovementNeedsNoHistoryAboveTheFloorOfTheTail) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(1000), 20), Sale(At(1100), 1), Sale(At(1050), 1)});
  EXPECT_EQ(Read(shelf.shown()), "18 0 0");
  EXPECT_EQ(shelf.history.reads(), 0);
}

TEST(Ledger, ALateCountCountsFromItsPosition) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20), Sale(At(40), 1), Count(At(30), 50)});
  EXPECT_EQ(Read(shelf.shown()), "49 0 0");
  shelf.Put(Count(At(25), 7));
  EXPECT_EQ(Read(shelf.shown()), "49 0 0") << "the highest count holds";
  shelf.Put(Sale(At(28), 1));
  EXPECT_EQ(Read(shelf.shown()), "49 0 0") << "below it";
}

TEST(Ledger, ALateDocumentBelowTheOpeningBecomesTheOpening) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Sale(At(15), 1), Document(At(20), 90), Sale(At(30), 1), Document(At(10), 20)});
  EXPECT_EQ(Read(shelf.shown()), "18 0 0");
  EXPECT_EQ(shelf.item().opening, At(10));
  EXPECT_EQ(shelf.item().opened_seconds, 10u);
}

TEST(Ledger, ALateDocumentBelowTheOneInForceIsSupersededUnderSnapshot) {
  Shelf shelf(SnapshotRules());
  shelf.PutAll({Document(At(20), 90), Document(At(10), 20)});
  EXPECT_EQ(Read(shelf.shown()), "90 0 0");
  EXPECT_EQ(shelf.item().opening, At(20));
  EXPECT_EQ(shelf.item().opened_seconds, 10u);
}

TEST(Ledger, ALateDeleteEndsWhatCameBeforeIt) {
  for (const WarehouseRules& rules : {SnapshotRules(), LedgerRules()}) {
    Shelf retired(rules);
    retired.PutAll({Document(At(10), 20), Sale(At(30), 1), Delete(At(20))});
    EXPECT_EQ(retired.item().life, Life::kRetired);
    EXPECT_EQ(retired.item().opening, At(20));
    Shelf returned(rules);
    returned.PutAll({Document(At(10), 20), Document(At(30), 70), Delete(At(20))});
    EXPECT_EQ(returned.item().life, Life::kOpened);
    EXPECT_EQ(Read(returned.shown()), "70 0 0") << "the document above it is a fresh opening";
    Shelf untouched(rules);
    untouched.PutAll({Document(At(10), 20), Delete(At(5))});
    EXPECT_EQ(Read(untouched.shown()), "20 0 0");
  }
}

TEST(Ledger, ADeleteRetiresAndADocumentReturns) {
  for (const WarehouseRules& rules : {SnapshotRules(), LedgerRules()}) {
    Shelf shelf(rules);
    shelf.PutAll({Document(At(10), 20, 4, 6), Sale(At(11), 1), Delete(At(20))});
    EXPECT_EQ(shelf.item().life, Life::kRetired);
    EXPECT_EQ(Read(shelf.shown()), "0 0 0");
    shelf.PutAll({Sale(At(21), 1), Count(At(22), 9)});
    EXPECT_EQ(shelf.item().life, Life::kRetired);
    EXPECT_EQ(Read(shelf.shown()), "0 0 0");
    shelf.Put(Document(At(30), 7));
    EXPECT_EQ(shelf.item().life, Life::kOpened);
    EXPECT_EQ(Read(shelf.shown()), "7 0 0");
    EXPECT_EQ(shelf.item().opened_seconds, 30u);
  }
}

TEST(Ledger, ARetiredItemIsDroppedAtTheEndOfTheHistory) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20), Delete(At(20))});
  EXPECT_FALSE(shelf.ledger.IsDroppedAt(shelf.item(), At(20 + 100 * kDay - 1)));
  EXPECT_TRUE(shelf.ledger.IsDroppedAt(shelf.item(), At(20 + 100 * kDay)));
  shelf.Put(Sale(At(20 + 100 * kDay), 3));
  EXPECT_EQ(shelf.item().life, Life::kUnopened);
  EXPECT_EQ(Read(shelf.shown()), "-3 0 0");
  shelf.Put(Sale(At(19 + 100 * kDay), 3));
  EXPECT_EQ(Read(shelf.shown()), "-3 0 0") << "of the retired item's time";
}

TEST(Ledger, ARenewedItemHasNoShadowBeforeItMoves) {
  Shelf shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 20), Sale(At(15), 1), Delete(At(20))});
  shelf.Put(Document(At(20 + 100 * kDay), 7));
  const Book* book = shelf.ledger.FindBook(shelf.item());
  EXPECT_TRUE(book == nullptr || !book->shadow);
}

TEST(Ledger, ASaleRemembersWhenItHappened) {
  Shelf shelf(SnapshotRules());
  shelf.Put(Document(At(10), 20));
  EXPECT_EQ(shelf.item().last_sale, base::Instant());
  HistoryRow early = Sale(At(100), 1);
  early.occurred_at = base::Instant::Seconds(50);
  shelf.Put(early);
  EXPECT_EQ(shelf.item().last_sale, base::Instant::Seconds(50));
  HistoryRow ahead = Sale(At(101), 1);
  ahead.occurred_at = base::Instant::Seconds(900);
  shelf.Put(ahead);
  EXPECT_EQ(shelf.item().last_sale, base::Instant::Seconds(101)) << "after its cluster second";
  shelf.Put(Movement(RowKind::kReturn, At(200), 1));
  EXPECT_EQ(shelf.item().last_sale, base::Instant::Seconds(101)) << "no sale";
  shelf.Put(Sale(At(90), 1));
  EXPECT_EQ(shelf.item().last_sale, base::Instant::Seconds(101)) << "an older one";
}

TEST(Ledger, ARowSaysWhatWasOnHandAfterIt) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20), Sale(At(11), 5), Sale(At(12), 2), Count(At(9), 4)});
  std::vector<std::int64_t> results;
  for (const HistoryRow& row : shelf.rows()) results.push_back(row.result.thousandths() / 1000);
  EXPECT_EQ(results, (std::vector<std::int64_t>{20, 15, 13, -3}))
      << "the count of 4 below the document is the opening: 4 - 5 - 2";
}

TEST(Ledger, OnHandAndInTransitTogetherAreConservedByATransfer) {
  Shelf from(LedgerRules());
  Shelf to(LedgerRules());
  from.Put(Document(At(1), 30));
  to.PutAll({Document(At(1), 4), Movement(RowKind::kOrdered, At(2), 10, "transfer/7")});
  EXPECT_EQ(Read(to.shown()), "4 0 10");
  from.Put(Movement(RowKind::kTransferOut, At(3), 10, "transfer/7"));
  to.Put(Movement(RowKind::kTransferIn, At(4), 6, "transfer/7"));
  EXPECT_EQ(Read(from.shown()), "20 0 0");
  EXPECT_EQ(Read(to.shown()), "10 0 4");
  EXPECT_EQ(from.shown().on_hand + to.shown().on_hand + Pieces(10 - 6), Pieces(34));
}

// In the shadow ledger too (reading of the oracle, 13).
TEST(Ledger, OneOrderMoreThanTheLimitExceedsIt) {
  for (WarehouseRules rules : {SnapshotRules(), LedgerRules()}) {
    rules.inbound_references_max = 2;
    Shelf shelf(rules);
    const auto exceeds = [&](RowKind kind, const char* reference, std::uint32_t second = 99) {
      return shelf.ledger.ExceedsReferences(Shelf::kItem, Movement(kind, At(second), 1, reference),
                                            shelf.rules);
    };
    shelf.Put(Document(At(10), 0));
    EXPECT_FALSE(exceeds(RowKind::kOrdered, "order/1"));
    shelf.Put(Movement(RowKind::kOrdered, At(12), 1, "order/1"));
    EXPECT_FALSE(exceeds(RowKind::kOrdered, "order/2"));
    shelf.Put(Movement(RowKind::kOrdered, At(13), 1, "order/2"));
    EXPECT_TRUE(exceeds(RowKind::kOrdered, "order/3"));
    EXPECT_FALSE(exceeds(RowKind::kOrdered, "order/3", 9)) << "below the opening it moves nothing";
    EXPECT_FALSE(exceeds(RowKind::kOrdered, "order/2")) << "it is there already";
    EXPECT_FALSE(exceeds(RowKind::kOrdered, "")) << "(unnamed) is no reference";
    EXPECT_FALSE(exceeds(RowKind::kReceipt, "order/3")) << "an effect on on-hand is never refused";
    shelf.Put(Movement(RowKind::kReceipt, At(14), 1, "order/1"));
    EXPECT_FALSE(exceeds(RowKind::kOrdered, "order/3")) << "a sum of 0 is dropped";
  }
}

// Positive references count: an order whose receipt came first is negative until it is more than
// received.
TEST(Ledger, AnOrderThatTurnsANegativeReferencePositiveCountsToo) {
  WarehouseRules rules = LedgerRules();
  rules.inbound_references_max = 1;
  Shelf shelf(rules);
  shelf.PutAll({Document(At(1), 0), Movement(RowKind::kReceipt, At(2), 5, "order/1"),
                Movement(RowKind::kOrdered, At(3), 5, "order/2")});
  const auto exceeds = [&](int pieces) {
    return shelf.ledger.ExceedsReferences(
        Shelf::kItem, Movement(RowKind::kOrdered, At(9), pieces, "order/1"), shelf.rules);
  };
  EXPECT_FALSE(exceeds(5));
  EXPECT_TRUE(exceeds(6));
}

TEST(Ledger, TailsAreTrimmedToTheirLength) {
  Shelf shelf(LedgerRules());
  shelf.Put(Document(At(1000), 20));
  shelf.ledger.TrimTails(1000 + kTailSeconds - 1);
  EXPECT_EQ(shelf.ledger.tails().size(), 1u);
  shelf.ledger.TrimTails(1000 + kTailSeconds);
  EXPECT_EQ(shelf.ledger.tails().size(), 0u);
  EXPECT_EQ(shelf.Put(Document(At(1000), 20)), Applied::kDuplicate);
  EXPECT_EQ(shelf.Put(Sale(At(1001), 1)), Applied::kApplied);
  EXPECT_EQ(shelf.Put(Sale(At(1001), 1)), Applied::kDuplicate);
  EXPECT_EQ(shelf.Put(Document(At(999), 50)), Applied::kApplied) << "below the floor";
  EXPECT_EQ(shelf.Put(Document(At(999), 50)), Applied::kDuplicate);
  EXPECT_EQ(Read(shelf.shown()), "49 0 0");
}

TEST(Ledger, KnowsWhichInventoryEventDescribesAnItem) {
  Shelf shelf(LedgerRules());
  EXPECT_EQ(shelf.ledger.DescribedAt(shelf.item()), base::Position());
  shelf.Put(Document(At(10), 20));
  EXPECT_EQ(shelf.ledger.DescribedAt(shelf.item()), At(10));
  shelf.Put(Document(At(20), 20));
  shelf.ledger.SetDescribedAt(shelf.item(), At(20));
  EXPECT_EQ(shelf.ledger.DescribedAt(shelf.item()), At(20));
  shelf.Put(Document(At(5), 20));
  EXPECT_EQ(shelf.ledger.DescribedAt(shelf.item()), At(20)) << "a late opening does not describe";
}

TEST(Ledger, AnEmptyDescriptionTakesNoPlace) {
  Shelf shelf(LedgerRules());
  Description description;
  description.name = "mug";
  description.cost = base::Money{5, base::Currency::Parse("GBP").value()};
  shelf.ledger.SetDescription(shelf.item(), description);
  ASSERT_NE(shelf.ledger.FindDescription(shelf.item()), nullptr);
  EXPECT_EQ(shelf.ledger.FindDescription(shelf.item())->name, "mug");
  EXPECT_TRUE(shelf.item().has_cost);
  shelf.ledger.SetDescription(shelf.item(), {});
  EXPECT_EQ(shelf.ledger.FindDescription(shelf.item()), nullptr);
  EXPECT_FALSE(shelf.item().has_cost);
}

TEST(Ledger, ADroppedItemLeavesNothing) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 20), Movement(RowKind::kOrdered, At(11), 1, "order/1")});
  shelf.ledger.Drop(Shelf::kItem);
  EXPECT_EQ(shelf.item().life, Life::kUnopened);
  EXPECT_EQ(shelf.item().group, kNoSlab);
  EXPECT_EQ(Read(shelf.shown()), "0 0 0");
  shelf.ledger.TrimTails(10'000);
}

TEST(Ledger, ALateFirstChangeOpensAtZeroBelowADocument) {
  Shelf shelf(OpensAtZero(LedgerRules()));
  shelf.PutAll({Document(At(20), 50), Sale(At(10), 3)});
  EXPECT_EQ(Read(shelf.shown()), "-3 0 0") << "the document above it only checks";
  EXPECT_EQ(shelf.item().opened_seconds, 10u);
}

TEST(Ledger, ALookedUpImageChecksAndOpensNothing) {
  Shelf shelf(LedgerRules());
  shelf.PutAll({Sale(At(5), 3), LookedUp(At(10), 40)});
  EXPECT_EQ(shelf.item().life, Life::kUnopened);
  EXPECT_EQ(Read(shelf.shown()), "-3 0 0");
  shelf.Put(Document(At(8), 30));
  EXPECT_EQ(Read(shelf.shown()), "30 0 0");
}

}  // namespace
}  // namespace stockwatch::stock
