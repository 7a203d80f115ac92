#include "domain/stock/carry.h"

#include <gtest/gtest.h>

#include "domain/stock/shadow.h"
#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using namespace stockwatch::testing;  // rows and quantities

constexpr std::uint32_t kKeepSeconds = 1'000'000;
constexpr std::uint32_t kUntil = 200;

WarehouseRules SnapshotRules() {
  WarehouseRules rules;
  rules.authority = Authority::kSnapshot;
  return rules;
}

// Where the shadow of these rows starts when `late` comes after they were carried over.
base::Position StartAfter(std::vector<HistoryRow> rows, const HistoryRow& late) {
  const WarehouseRules rules = SnapshotRules();
  Book book;
  RefoldShadow(book, rows, rules);
  const std::size_t before = rows.size();
  Shadow* const shadow = book.shadow ? &*book.shadow : nullptr;
  EXPECT_TRUE(CarryOver(rows, kUntil, rules, kKeepSeconds, shadow));
  EXPECT_LT(rows.size(), before);
  rows.push_back(late);
  SortByPosition(rows);
  RefoldShadow(book, rows, rules);
  return book.shadow ? book.shadow->base : base::Position();
}

// The shadow starts from the document before the first movement: from the late one.
TEST(CarryOver, AShadowWhoseFirstMovementIsAboveMayStillStartFromALateDocument) {
  const HistoryRow late = Document(At(1'000), 120);
  EXPECT_EQ(StartAfter({Document(At(10), 90), Document(At(15), 95), Document(At(20), 107),
                        Sale(At(2'000), 7)},
                       late),
            late.position);
}

// Movements of the life before say nothing of this one.
TEST(CarryOver, AShadowOfALifeThatMovedAboveMayStillStartFromALateDocument) {
  const HistoryRow late = Document(At(1'000), 120);
  EXPECT_EQ(StartAfter({Document(At(5), 90), Sale(At(10), 1), Sale(At(12), 1), Delete(At(50)),
                        Document(At(60), 100), Document(At(70), 107), Sale(At(2'000), 7)},
                       late),
            late.position);
}

// It starts from the first document behind the first movement: from the late one, once more.
TEST(CarryOver, AShadowWhoseDocumentIsAboveMayStillStartFromALateOne) {
  const HistoryRow late = Document(At(1'000), 120);
  EXPECT_EQ(StartAfter({Sale(At(10), 1), Sale(At(20), 1), Sale(At(25), 1), Sale(At(30), 1),
                        Document(At(2'000), 107)},
                       late),
            late.position);
}

TEST(CarryOver, AShadowThatHasBegunStaysWhereItIs) {
  const HistoryRow late = Document(At(1'000), 120);
  const base::Position start = StartAfter({Document(At(10), 90), Sale(At(20), 7), Sale(At(25), 1),
                                           Sale(At(30), 1), Sale(At(35), 1), Sale(At(2'000), 7)},
                                          late);
  EXPECT_EQ(start.seconds, kUntil) << "raised for good";
}

}  // namespace
}  // namespace stockwatch::stock
