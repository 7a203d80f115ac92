#include "domain/stock/shadow.h"

#include <gtest/gtest.h>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using namespace stockwatch::testing;  // rows and quantities

DriftCheck Stated(std::uint32_t second, int on_hand) {
  return {At(second), PiecesOf(on_hand), false, false};
}

Book ShadowFrom(std::uint32_t second, int on_hand) {
  Book book;
  book.shadow = Shadow{At(second), PiecesOf(on_hand), PiecesOf(on_hand), {}, {}};
  return book;
}

TEST(Shadow, TakesTheFiguresOfADocumentAndWhatMovedAfterIt) {
  Book book = ShadowFrom(10, 100);
  const std::vector<HistoryRow> rows{Document(At(10), 100), Sale(At(20), 5, 1),
                                     Document(At(30), 80), Sale(At(40), 2)};
  RebaseShadow(book, Stated(30, 80), rows);
  EXPECT_EQ(book.shadow->sums.on_hand, Pieces(78));
  EXPECT_EQ(book.shadow->sums.reserved, Pieces(-1)) << "the document did not carry it";
}

TEST(Shadow, ALowerDocumentThatDisagreesLaterLeavesTheHigherOneInForce) {
  Book book = ShadowFrom(10, 100);
  const std::vector<HistoryRow> rows{Document(At(10), 100), Sale(At(20), 5), Document(At(30), 80),
                                     Document(At(40), 70), Sale(At(50), 1)};
  RebaseShadow(book, Stated(40, 70), rows);
  RebaseShadow(book, Stated(30, 80), rows);
  EXPECT_EQ(book.shadow->sums.on_hand, Pieces(69));
}

TEST(Shadow, KeepsSoManyDocumentsAndThenRaisesItsBase) {
  Book book = ShadowFrom(10, 100);
  std::vector<HistoryRow> rows{Document(At(10), 100), Sale(At(11), 5, 2)};
  const auto count = static_cast<std::uint32_t>(kRebasesMax) + 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    rows.push_back(Document(At(20 + i), static_cast<int>(i)));
    RebaseShadow(book, Stated(20 + i, static_cast<int>(i)), rows);
  }
  EXPECT_EQ(book.shadow->rebases.size(), kRebasesMax);
  EXPECT_EQ(book.shadow->base, At(20));
  EXPECT_EQ(book.shadow->at_base.on_hand, Pieces(0));
  EXPECT_EQ(book.shadow->at_base.reserved, Pieces(-2)) << "from before the base";
  EXPECT_EQ(book.shadow->sums.on_hand, Pieces(static_cast<int>(count) - 1));
}

// The bound must not depend on whether old rows were carried over in between.
TEST(Shadow, ARaisedBaseCountsItsReBasesAllTheSame) {
  Book whole = ShadowFrom(10, 100);
  Book raised = ShadowFrom(10, 100);
  std::vector<HistoryRow> rows{Document(At(10), 100), Sale(At(11), 5)};
  const auto count = static_cast<std::uint32_t>(kRebasesMax) + 3;
  for (std::uint32_t i = 0; i < count; ++i) {
    const DriftCheck document = Stated(20 + i, static_cast<int>(i));
    rows.push_back(Document(document.position, static_cast<int>(i)));
    for (Book* book : {&whole, &raised}) RebaseShadow(*book, document, rows);
    if (i == 2) RaiseShadow(*raised.shadow, rows, At(22));
  }
  EXPECT_EQ(whole.shadow->base, At(22));
  EXPECT_EQ(*raised.shadow, *whole.shadow);
}

TEST(Shadow, IsNotStartedByWhatMovedBetweenADeleteAndTheReturn) {
  Book book;
  std::vector<HistoryRow> rows{Document(At(10), 100), Delete(At(20)), Sale(At(30), 5),
                               Document(At(40), 35), Document(At(50), 25)};
  RefoldShadow(book, rows, SnapshotRules());
  EXPECT_FALSE(book.shadow);
  rows.push_back(Sale(At(60), 5));
  RefoldShadow(book, rows, SnapshotRules());
  ASSERT_TRUE(book.shadow);
  EXPECT_EQ(book.shadow->base, At(50)) << "the document before the first movement of this life";
}

TEST(Shadow, ADocumentWhoseRowTheHistoryDroppedCountsAllTheSame) {
  Book book = ShadowFrom(10, 100);
  RebaseShadow(book, Stated(30, 80), {});
  EXPECT_EQ(book.shadow->sums.on_hand, Pieces(80));
}

}  // namespace
}  // namespace stockwatch::stock
