#include "domain/stock/totals.h"

#include <gtest/gtest.h>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::Pieces;

base::Currency CurrencyOf(const char* code) {
  return base::Currency::Parse(code).value();
}

Contribution Item(int on_hand, int reserved = 0, int inbound = 0) {
  Contribution c;
  c.present = true;
  c.active = true;
  c.shown = {Pieces(on_hand), Pieces(reserved), Pieces(inbound)};
  return c;
}

Contribution Valued(const char* currency, int ten_thousandths) {
  Contribution c = Item(1);
  c.valued = true;
  c.currency = CurrencyOf(currency);
  c.value = ten_thousandths;
  return c;
}

TEST(Totals, AddUpEachFigureOfTheItems) {
  Totals totals;
  totals.Add(Item(20, 3, 5));
  totals.Add(Item(-2, 1, 0));
  EXPECT_EQ(totals.items, 2);
  EXPECT_EQ(totals.active, 2);
  EXPECT_EQ(totals.on_hand, Pieces(18));
  EXPECT_EQ(totals.reserved, Pieces(4));
  EXPECT_EQ(totals.inbound, Pieces(5));
  EXPECT_EQ(totals.available(), Pieces(14));
  EXPECT_EQ(totals.not_valued, 2);
}

TEST(Totals, CountWhatTheItemsAre) {
  Contribution unopened = Item(0);
  unopened.unopened = true;
  unopened.active = false;
  Contribution out = Item(0);
  out.out_of_stock = out.critical = out.low = true;
  Contribution over = Item(99);
  over.over = true;
  over.active = false;
  Totals totals;
  for (const Contribution& c : {unopened, out, over}) totals.Add(c);
  EXPECT_EQ(totals.items, 3);
  EXPECT_EQ(totals.unopened, 1);
  EXPECT_EQ(totals.active, 1);
  EXPECT_EQ(totals.out_of_stock, 1);
  EXPECT_EQ(totals.critical, 1);
  EXPECT_EQ(totals.low, 1);
  EXPECT_EQ(totals.over, 1);
}

TEST(Totals, AnAbsentItemAddsNothing) {
  Totals totals;
  totals.Add(Contribution());
  EXPECT_EQ(totals.items, 0);
  EXPECT_EQ(totals.not_valued, 0);
}

TEST(Totals, NeverAddAmountsOfDifferentCurrencies) {
  Totals totals;
  totals.Add(Valued("GBP", 25'000));
  totals.Add(Valued("EUR", 1));
  totals.Add(Valued("GBP", 5'000));
  totals.Add(Item(1));
  ASSERT_EQ(totals.values.size(), 2u);
  EXPECT_EQ(totals.values[0].currency, CurrencyOf("EUR"));
  EXPECT_EQ(totals.values[1].currency, CurrencyOf("GBP"));
  EXPECT_TRUE(totals.values[1].ten_thousandths == 30'000);
  EXPECT_EQ(totals.values[1].items, 2);
  EXPECT_EQ(totals.not_valued, 1);
}

TEST(Totals, ACurrencyAppearsWhileAnItemHasACostInIt) {
  Totals totals;
  totals.Add(Valued("GBP", 0));
  ASSERT_EQ(totals.values.size(), 1u) << "a value of nothing is a value";
  totals.Remove(Valued("GBP", 0));
  EXPECT_TRUE(totals.values.empty());
}

TEST(Totals, ValuesHave128Bits) {
  Totals totals;
  Contribution huge = Valued("GBP", 0);
  huge.value = base::Int128{9'000'000'000'000'000'000} * 4;
  totals.Add(huge);
  totals.Add(huge);
  EXPECT_TRUE(totals.values[0].ten_thousandths == base::Int128{9'000'000'000'000'000'000} * 8);
}

TEST(Totals, RemovingIsTheExactInverse) {
  Totals totals;
  totals.Add(Item(20, 3, 5));
  Contribution all = Valued("GBP", 7);
  all.out_of_stock = all.critical = all.low = all.over = all.unopened = true;
  totals.Add(all);
  totals.Remove(all);
  totals.Remove(Item(20, 3, 5));
  EXPECT_EQ(totals.items + totals.unopened + totals.active + totals.out_of_stock + totals.critical +
                totals.low + totals.over + totals.not_valued,
            0);
  EXPECT_EQ(totals.on_hand, Pieces(0));
  EXPECT_EQ(totals.reserved, Pieces(0));
  EXPECT_EQ(totals.inbound, Pieces(0));
  EXPECT_TRUE(totals.values.empty());
}

TEST(Totals, OfSeveralNodesAddUp) {
  Totals first;
  first.Add(Valued("GBP", 7));
  Totals second;
  second.Add(Valued("GBP", 8));
  second.Add(Item(4, 1, 2));
  first.Add(second);
  EXPECT_EQ(first.items, 3);
  EXPECT_EQ(first.on_hand, Pieces(6));
  EXPECT_EQ(first.not_valued, 1);
  EXPECT_TRUE(first.values[0].ten_thousandths == 15);
  first.Clear();
  EXPECT_EQ(first.items, 0);
  EXPECT_TRUE(first.values.empty());
}

}  // namespace
}  // namespace stockwatch::stock
