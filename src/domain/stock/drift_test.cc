#include "domain/stock/drift.h"

#include <gtest/gtest.h>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::At;
using stockwatch::testing::BareDocument;
using stockwatch::testing::Count;
using stockwatch::testing::Delete;
using stockwatch::testing::Document;
using stockwatch::testing::LedgerRules;
using stockwatch::testing::Movement;
using stockwatch::testing::Pieces;
using stockwatch::testing::PiecesOf;
using stockwatch::testing::Read;
using stockwatch::testing::Sale;
using stockwatch::testing::Shelf;
using stockwatch::testing::SnapshotRules;

constexpr std::uint32_t kSecond = 1000;  // of the document that is checked

// A shelf that checks its documents. Grace: the default of 60 s.
class Checked : public Shelf {
 public:
  using Shelf::Shelf;
  // True if the document waits for its check.
  bool PutDocument(const HistoryRow& row) {
    Put(row);
    return NoteDriftCheck(ledger, item(), row, rules);
  }
  DriftVerdict Over(base::Position document, base::Quantity tolerance = {}) {
    return JudgeDrift(ledger, kItem, document, tolerance, rules, true);
  }
  DriftVerdict Arrived(base::Position document, base::Quantity tolerance = {}) {
    return JudgeDrift(ledger, kItem, document, tolerance, rules, false);
  }
  const Shadow& shadow() { return *ledger.FindBook(item())->shadow; }
};

// 100 on hand at 10 with one sale of 5: what the document at 1000 may say depends on when that was.
TEST(Drift, AgreesWithAnyMomentWithinTheGrace) {
  struct Case {
    const char* what;
    std::uint32_t sold_at;
    int stated;
    DriftAnswer answer;
  };
  const Case cases[] = {
      {"the figure at its position", 500, 95, DriftAnswer::kAgreed},
      {"another figure", 500, 94, DriftAnswer::kDisagreed},
      {"older than the grace", kSecond - 61, 100, DriftAnswer::kDisagreed},
      {"still standing when the grace begins", kSecond - 60, 100, DriftAnswer::kAgreed},
      {"standing within the grace", kSecond - 1, 100, DriftAnswer::kAgreed},
      {"ahead of the sale within the grace", kSecond + 59, 95, DriftAnswer::kAgreed},
      {"ahead of a sale that comes when the grace is over", kSecond + 60, 95,
       DriftAnswer::kDisagreed},
  };
  for (const WarehouseRules& rules : {SnapshotRules(), LedgerRules()}) {
    for (const Case& c : cases) {
      SCOPED_TRACE(c.what);
      Checked shelf(rules);
      // Under snapshot the shadow starts with the first movement: one of nothing but a reservation.
      shelf.PutAll({Document(At(10), 100), Movement(RowKind::kReserve, At(11), 1)});
      if (c.sold_at < kSecond) shelf.Put(Sale(At(c.sold_at), 5));
      EXPECT_TRUE(shelf.PutDocument(BareDocument(At(kSecond), c.stated)));
      if (c.sold_at > kSecond) shelf.Put(Sale(At(c.sold_at), 5));
      const DriftVerdict verdict = shelf.Over(At(kSecond));
      EXPECT_EQ(verdict.answer, c.answer);
      EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kGone) << "the check is done";
    }
  }
}

TEST(Drift, WithoutGraceTheFigureAtThePositionDecides) {
  WarehouseRules rules = LedgerRules();
  rules.drift_grace = base::Duration();
  struct Case {
    std::uint32_t increment;  // of the sale; the document has 5
    int stated;
    DriftAnswer answer;
  };
  const Case cases[] = {{4, 95, DriftAnswer::kAgreed},
                        {4, 100, DriftAnswer::kDisagreed},
                        {6, 100, DriftAnswer::kAgreed},
                        {6, 95, DriftAnswer::kDisagreed}};
  for (const Case& c : cases) {
    Checked shelf(rules);
    shelf.Put(Document(At(10), 100));
    const HistoryRow sale = Sale(At(kSecond, c.increment), 5);
    if (c.increment < 5) shelf.Put(sale);
    shelf.PutDocument(BareDocument(At(kSecond, 5), c.stated));
    if (c.increment > 5) shelf.Put(sale);
    EXPECT_EQ(shelf.Over(At(kSecond, 5)).answer, c.answer) << c.increment << " " << c.stated;
  }
}

TEST(Drift, AgreesOnArrivalOrWaits) {
  Checked shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 100), Sale(At(20), 5)});
  shelf.PutDocument(BareDocument(At(kSecond), 95));
  EXPECT_EQ(shelf.Arrived(At(kSecond)).answer, DriftAnswer::kAgreed);
  shelf.PutDocument(BareDocument(At(kSecond + 1), 90));
  EXPECT_EQ(shelf.Arrived(At(kSecond + 1)).answer, DriftAnswer::kWaiting);
  EXPECT_EQ(shelf.Arrived(At(kSecond + 1)).answer, DriftAnswer::kWaiting) << "its grace goes on";
}

TEST(Drift, AWaitingDocumentAgreesAsSoonAsAChangeShowsIt) {
  for (const WarehouseRules& rules : {SnapshotRules(), LedgerRules()}) {
    Checked shelf(rules);
    shelf.PutAll({Document(At(10), 100), Sale(At(20), 5)});
    shelf.PutDocument(BareDocument(At(kSecond), 90));
    EXPECT_TRUE(TakeAgreeing(shelf.ledger, shelf.item(), {}).empty());
    shelf.Put(Sale(At(kSecond + 30), 5));
    EXPECT_EQ(TakeAgreeing(shelf.ledger, shelf.item(), {}),
              std::vector<base::Position>{At(kSecond)});
    EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kGone);
  }
}

TEST(Drift, ToleranceIsIncluded) {
  for (const auto& [stated, answer] : {std::pair{92, DriftAnswer::kAgreed},
                                       {98, DriftAnswer::kAgreed},
                                       {91, DriftAnswer::kDisagreed},
                                       {99, DriftAnswer::kDisagreed}}) {
    Checked shelf(LedgerRules());
    shelf.PutAll({Document(At(10), 100), Sale(At(20), 5)});
    shelf.PutDocument(BareDocument(At(kSecond), stated));
    const DriftVerdict verdict = shelf.Over(At(kSecond), Pieces(3));
    EXPECT_EQ(verdict.answer, answer) << stated;
    const bool differs = answer == DriftAnswer::kDisagreed;
    EXPECT_EQ(verdict.finding.difference, Pieces(differs ? 4 : 0));
  }
}

TEST(Drift, ReservedAndInboundAreComparedWhereTheDocumentCarriesThem) {
  struct Case {
    const char* what = "";
    HistoryRow document;
    DriftAnswer answer = DriftAnswer::kWaiting;
    int difference = 0;
  };
  HistoryRow reserved_alone = Document(At(kSecond), 95, 7, 0);
  reserved_alone.has_inbound = false;
  // The ledger says 95 2 8.
  const Case cases[] = {
      {"all agree", Document(At(kSecond), 95, 2, 8), DriftAnswer::kAgreed, 0},
      {"reserved differs", Document(At(kSecond), 95, 5, 8), DriftAnswer::kDisagreed, 3},
      {"inbound differs", Document(At(kSecond), 95, 2, 1), DriftAnswer::kDisagreed, 7},
      {"the first that differs is told", Document(At(kSecond), 94, 5, 1), DriftAnswer::kDisagreed,
       1},
      {"on-hand alone is carried", BareDocument(At(kSecond), 95), DriftAnswer::kAgreed, 0},
      {"reserved is carried, inbound not", reserved_alone, DriftAnswer::kDisagreed, 5},
  };
  for (const WarehouseRules& rules : {SnapshotRules(), LedgerRules()}) {
    for (const Case& c : cases) {
      SCOPED_TRACE(c.what);
      Checked shelf(rules);
      shelf.PutAll({Document(At(10), 100), Sale(At(20), 5), Movement(RowKind::kReserve, At(21), 2),
                    Movement(RowKind::kOrdered, At(22), 8, "order/1")});
      shelf.PutDocument(c.document);
      const DriftVerdict verdict = shelf.Over(At(kSecond));
      EXPECT_EQ(verdict.answer, c.answer);
      EXPECT_EQ(verdict.finding.difference, Pieces(c.difference));
    }
  }
}

// Reading of the oracle, 17: on-hand may agree at one moment and reserved at another.
TEST(Drift, EachFigureAgreesByItself) {
  Checked shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 100), Sale(At(kSecond - 10), 5),
                Movement(RowKind::kReserve, At(kSecond - 5), 2)});
  shelf.PutDocument(Document(At(kSecond), 100, 2, 0));
  EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kAgreed);
}

TEST(Drift, DisagreementRebasesTheShadowOnTheDocument) {
  Checked shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 100), Sale(At(20), 5), Movement(RowKind::kReserve, At(21), 2),
                Movement(RowKind::kOrdered, At(22), 8, "order/1")});
  shelf.PutDocument(BareDocument(At(kSecond), 80));
  shelf.PutAll({Sale(At(kSecond + 10), 2), Movement(RowKind::kReceipt, At(kSecond + 11), 3)});
  const DriftVerdict verdict = shelf.Over(At(kSecond));
  EXPECT_EQ(verdict.answer, DriftAnswer::kDisagreed);
  EXPECT_EQ(verdict.finding.difference, Pieces(15));
  ASSERT_EQ(shelf.shadow().rebases.size(), 1u);
  EXPECT_EQ(shelf.shadow().rebases[0].position, At(kSecond));
  EXPECT_EQ(shelf.shadow().sums, PiecesOf(81, 2, -3)) << "what it does not carry stays";
  EXPECT_EQ(shelf.ledger.FindBook(shelf.item())->references.SumOf("order/1"), Pieces(8));
  shelf.PutDocument(Document(At(kSecond + 200), 81, 2, 8));
  EXPECT_EQ(shelf.Over(At(kSecond + 200)).answer, DriftAnswer::kAgreed);
}

TEST(Drift, TheLedgerIsNeverRebased) {
  Checked shelf(LedgerRules());
  shelf.PutAll({Document(At(10), 100), Sale(At(20), 5)});
  for (const std::uint32_t second : {kSecond, kSecond + 100}) {
    shelf.PutDocument(BareDocument(At(second), 80));
    EXPECT_EQ(shelf.Over(At(second)).answer, DriftAnswer::kDisagreed);
  }
  EXPECT_EQ(Read(shelf.shown()), "95 0 0");
}

TEST(Drift, ACountGivesTheShadowANewOnHand) {
  Checked shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 100), Count(At(500), 60), Sale(At(501), 1)});
  shelf.PutDocument(BareDocument(At(kSecond), 59));
  EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kAgreed);
}

TEST(Drift, SomeDocumentsAreNotChecked) {
  Checked unmoved(SnapshotRules());
  EXPECT_FALSE(unmoved.PutDocument(Document(At(10), 100)));
  EXPECT_FALSE(unmoved.PutDocument(Document(At(20), 90))) << "it never had a transaction";
  Checked shadowed(SnapshotRules());
  shadowed.Put(Sale(At(5), 1));
  EXPECT_FALSE(shadowed.PutDocument(Document(At(10), 100))) << "it is the base";
  EXPECT_TRUE(shadowed.PutDocument(Document(At(20), 90)));
  EXPECT_FALSE(shadowed.PutDocument(Document(At(8), 90))) << "below the base";
  Checked ledger(LedgerRules());
  EXPECT_FALSE(ledger.PutDocument(Document(At(10), 100))) << "it is the opening";
  EXPECT_TRUE(ledger.PutDocument(Document(At(20), 90)));
  EXPECT_FALSE(NoteDriftCheck(ledger.ledger, ledger.item(), Sale(At(21), 1), ledger.rules));
}

TEST(Drift, ChecksEndWithTheItem) {
  Checked shelf(LedgerRules());
  shelf.Put(Document(At(10), 100));
  shelf.PutDocument(BareDocument(At(kSecond), 80));
  shelf.Put(Delete(At(kSecond + 1)));
  EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kGone);
}

TEST(Drift, EveryWaitingDocumentHasItsOwnCheck) {
  Checked shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 100), Sale(At(20), 5)});
  shelf.PutDocument(BareDocument(At(kSecond), 90));
  shelf.PutDocument(BareDocument(At(kSecond + 10), 85));
  shelf.Put(Sale(At(kSecond + 20), 10));
  EXPECT_EQ(TakeAgreeing(shelf.ledger, shelf.item(), {}),
            std::vector<base::Position>{At(kSecond + 10)});
  EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kDisagreed);
}

// A late movement below a count moves nothing that the documents are compared with.
TEST(Drift, ALateMovementBelowACountMakesNoDocumentAgree) {
  Checked shelf(SnapshotRules());
  shelf.PutAll({Document(At(10), 100), Count(At(500), 60)});
  shelf.PutDocument(BareDocument(At(kSecond), 55));
  shelf.Put(Sale(At(400), 5));
  EXPECT_TRUE(TakeAgreeing(shelf.ledger, shelf.item(), {}).empty());
  EXPECT_EQ(shelf.Over(At(kSecond)).answer, DriftAnswer::kDisagreed);
}

}  // namespace
}  // namespace stockwatch::stock
