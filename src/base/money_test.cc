#include "base/money.h"

#include <gtest/gtest.h>

namespace stockwatch::base {
namespace {

TEST(Currency, IsThreeCapitalLetters) {
  const auto pound = Currency::Parse("GBP");
  ASSERT_TRUE(pound.ok());
  EXPECT_EQ(pound.value().text(), "GBP");
  for (const std::string_view code :
       {"", "GB", "GBPX", "gbp", "GbP", "G1P", "G P", "£", "GB\xC3"}) {
    const auto read = Currency::Parse(code);
    ASSERT_FALSE(read.ok()) << code;
    EXPECT_EQ(read.error().code, Code::kInvalidArgument);
    EXPECT_EQ(read.error().message,
              "not an ISO 4217 code of three capital letters: \"" + std::string(code) + "\"");
  }
}

TEST(Currency, NoneHasNoText) {
  EXPECT_EQ(Currency().text(), "");
}

TEST(Currency, IsOrderedByItsCode) {
  const Currency euro = Currency::Parse("EUR").value();
  const Currency pound = Currency::Parse("GBP").value();
  EXPECT_LT(euro, pound);
  EXPECT_LT(Currency(), euro);
}

TEST(Money, OfAnotherCurrencyIsAnotherAmount) {
  const Money pounds{100, Currency::Parse("GBP").value()};
  const Money euros{100, Currency::Parse("EUR").value()};
  EXPECT_NE(pounds, euros);
  EXPECT_EQ(pounds, (Money{100, Currency::Parse("GBP").value()}));
}

TEST(ValueOf, RoundsHalfToEven) {
  struct Case {
    std::int64_t thousandths;
    std::int64_t unit;
    std::int64_t value;
  };
  constexpr Case kCases[] = {
      {2000, 25'500, 51'000},  // 2 × 2.55 = 5.10
      {500, 1, 0},             // 0.5 × 0.0001
      {1500, 1, 2},            // 1.5 × 0.0001
      {2500, 1, 2},            // 2.5 × 0.0001
      {1, 499, 0},             // 0.001 × 0.0499
      {1, 501, 1},
      {-1500, 1, -2},
      {-2500, 1, -2},
      {0, 25'500, 0},
      {2000, 0, 0},
  };
  for (const auto& [thousandths, unit, value] : kCases) {
    EXPECT_TRUE(ValueOf(Quantity::Thousandths(thousandths), unit) == value)
        << thousandths << " × " << unit;
  }
}

TEST(ValueOf, HoldsTheLargestLegalAmounts) {
  // 10^9 pieces at 10^9 units each: 10^18 units, 10^22 ten-thousandths.
  const Int128 value = ValueOf(Quantity::Pieces(1'000'000'000), Money::kFormat.limit);
  std::string text;
  AppendDecimal(text, value, Money::kFormat.decimals);
  EXPECT_EQ(text, "1000000000000000000");
}

}  // namespace
}  // namespace stockwatch::base
