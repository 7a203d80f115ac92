#include "base/decimal.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/money.h"
#include "base/quantity.h"

namespace stockwatch::base {
namespace {

constexpr DecimalFormat kPieces = Quantity::kFormat;
constexpr std::int64_t kLimit = 1'000'000'000'000;  // 10^9 pieces

std::string Show(Int128 scaled, int decimals) {
  std::string text;
  AppendDecimal(text, scaled, decimals);
  return text;
}

struct Reading {
  std::string_view text;
  std::int64_t thousandths;
};

TEST(ParseDecimal, ReadsEveryWrittenForm) {
  constexpr Reading kCases[] = {
      {"0", 0},
      {"-0", 0},
      {"-0.0", 0},
      {"0.0000", 0},
      {"1", 1000},
      {"+1", 1000},
      {"-1", -1000},
      {"007", 7000},
      {"12.5", 12'500},
      {"-12.5", -12'500},
      {"+0.25", 250},
      {"0.001", 1},
      {"-0.001", -1},
      {"1.000", 1000},
      {"1.5000000", 1500},
      {"120", 120'000},
      {"123456789", 123'456'789'000},
      {"999999999.999", 999'999'999'999},
      {"1000000000", kLimit},
      {"-1000000000", -kLimit},
      {"1000000000.000", kLimit},
      {"0000000000000000000001", 1000},
  };
  for (const auto& [text, thousandths] : kCases) {
    const auto read = ParseDecimal(text, kPieces, Exponent::kRefused);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read.value(), thousandths) << text;
  }
}

TEST(ParseDecimal, RefusesWhatIsNoNumber) {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kCases[] = {"",      "+",    "-",   ".",       "1.",    ".5",   "-.5",
                                         "1.2.3", "1,5",  " 1",  "1 ",      "1e3",   "1E-3", "0x1",
                                         "--1",   "+-1",  "NaN", "inf",     "1_000", "12a",  "1-",
                                         "1\0"sv, "\0"sv, "١",   "Infinity"};
  for (const std::string_view text : kCases) {
    const auto read = ParseDecimal(text, kPieces, Exponent::kRefused);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Code::kInvalidArgument) << text;
    EXPECT_EQ(read.error().message, "not a decimal number: \"" + std::string(text) + "\"");
  }
}

TEST(ParseDecimal, NeverRounds) {
  for (const std::string_view text :
       {"0.0001", "-0.0001", "1.0001", "0.0010001", "0.30000000000000004", "1000000001.00001"}) {
    const auto read = ParseDecimal(text, kPieces, Exponent::kRefused);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().message, "more than 3 decimals") << text;
  }
}

TEST(ParseDecimal, RefusesNumbersBeyondTheLimit) {
  for (const std::string_view text :
       {"1000000000.001", "-1000000000.001", "1000000001", "-1000000001", "9223372036854775807",
        "9223372036854775.808", "99999999999999999999999999999999999999999999999999"}) {
    const auto read = ParseDecimal(text, kPieces, Exponent::kRefused);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().message, "number beyond the limit of 1000000000") << text;
  }
}

TEST(ParseDecimal, HasABoundForTheText) {
  EXPECT_TRUE(ParseDecimal("1." + std::string(62, '0'), kPieces, Exponent::kRefused).ok());
  EXPECT_FALSE(ParseDecimal("1." + std::string(63, '0'), kPieces, Exponent::kRefused).ok());
}

TEST(ParseDecimal, ReadsExponentsOfDecimal128) {
  constexpr Reading kCases[] = {
      {"1E+3", 1'000'000},
      {"1e3", 1'000'000},
      {"-1.20", -1200},
      {"1.5E-2", 15},
      {"1E-3", 1},
      {"1000E-6", 1},
      {"1E+9", kLimit},
      {"-1.000000000E+9", -kLimit},
      {"10000000000E-1", kLimit},
      {"0E-6176", 0},
      {"0E+6111", 0},
      {"-0E+3", 0},
      {"1.500000000000000000000000000000000", 1500},
      {"0.00000000000000000000000000000001E+32", 1000},
  };
  for (const auto& [text, thousandths] : kCases) {
    const auto read = ParseDecimal(text, kPieces, Exponent::kAllowed);
    ASSERT_TRUE(read.ok()) << text;
    EXPECT_EQ(read.value(), thousandths) << text;
  }
}

TEST(ParseDecimal, RefusesExponentsThatDoNotFit) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  constexpr Case kCases[] = {
      {"1E-4", "more than 3 decimals"},
      {"1E-6176", "more than 3 decimals"},
      {"1.5E-3", "more than 3 decimals"},
      {"1E+10", "number beyond the limit of 1000000000"},
      {"9.999999999999999999999999999999999E+6144", "number beyond the limit of 1000000000"},
      {"1E", "not a decimal number: \"1E\""},
      {"1E+", "not a decimal number: \"1E+\""},
      {"E5", "not a decimal number: \"E5\""},
      {"1E+-5", "not a decimal number: \"1E+-5\""},
      {"1E1.5", "not a decimal number: \"1E1.5\""},
      {"1E5E5", "not a decimal number: \"1E5E5\""},
      {"1E+123456", "not a decimal number: \"1E+123456\""},
      {"NaN", "not a decimal number: \"NaN\""},
      {"-Infinity", "not a decimal number: \"-Infinity\""},
  };
  for (const auto& [text, message] : kCases) {
    const auto read = ParseDecimal(text, kPieces, Exponent::kAllowed);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().message, message);
  }
}

TEST(ParseDecimal, ReadsMoneyWithFourDecimals) {
  EXPECT_EQ(ParseDecimal("2.5501", Money::kFormat, Exponent::kRefused).value(), 25'501);
  EXPECT_EQ(ParseDecimal("-1000000000", Money::kFormat, Exponent::kRefused).value(),
            -10'000'000'000'000);
  EXPECT_EQ(ParseDecimal("2.55001", Money::kFormat, Exponent::kRefused).error().message,
            "more than 4 decimals");
  EXPECT_FALSE(ParseDecimal("1000000000.0001", Money::kFormat, Exponent::kRefused).ok());
}

RC_GTEST_PROP(ParseDecimalProperty, ReadsWhatAppendDecimalWrites, ()) {
  const auto scaled = *rc::gen::inRange<std::int64_t>(-kLimit, kLimit + 1);
  const std::string text = Show(scaled, 3);
  RC_ASSERT(ParseDecimal(text, kPieces, Exponent::kRefused).value() == scaled);
  RC_ASSERT(DecimalFromDouble(std::strtod(text.c_str(), nullptr), kPieces).value() == scaled);
}

TEST(DecimalFromDouble, TakesTheShortestDecimal) {
  struct Case {
    double value;
    std::int64_t thousandths;
  };
  constexpr Case kCases[] = {
      {0.0, 0},        {-0.0, 0},
      {0.1, 100},      {0.2, 200},
      {0.3, 300},      {1.005, 1005},
      {12.5, 12'500},  {-12.5, -12'500},
      {0.001, 1},      {1e9, kLimit},
      {-1e9, -kLimit}, {999'999'999.999, 999'999'999'999},
      {2.675, 2675},   {123456.789, 123'456'789},
  };
  for (const auto& [value, thousandths] : kCases) {
    const auto read = DecimalFromDouble(value, kPieces);
    ASSERT_TRUE(read.ok()) << value;
    EXPECT_EQ(read.value(), thousandths) << value;
  }
}

TEST(DecimalFromDouble, RefusesWhatHasTooManyDecimalsOrNoValue) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  struct Case {
    double value;
    std::string_view message;
  };
  const Case cases[] = {
      {0.30000000000000004, "more than 3 decimals"},  // 0.1 + 0.2
      {0.0001, "more than 3 decimals"},
      {0.0005, "more than 3 decimals"},
      {std::numeric_limits<double>::denorm_min(), "more than 3 decimals"},
      {std::nextafter(1e9, 0), "more than 3 decimals"},
      {std::nextafter(1e9, kInfinity), "number beyond the limit of 1000000000"},
      {1'000'000'000.001, "number beyond the limit of 1000000000"},
      {-1'000'000'001.0, "number beyond the limit of 1000000000"},
      {1e308, "number beyond the limit of 1000000000"},
      {kInfinity, "not a finite number"},
      {-kInfinity, "not a finite number"},
      {std::numeric_limits<double>::quiet_NaN(), "not a finite number"},
  };
  for (const auto& [value, message] : cases) {
    const auto read = DecimalFromDouble(value, kPieces);
    ASSERT_FALSE(read.ok()) << value;
    EXPECT_EQ(read.error().code, Code::kInvalidArgument);
    EXPECT_EQ(read.error().message, message) << value;
  }
}

// The oracle is std::to_chars, which writes the shortest decimal that reads back as the same
// double.
void ExpectLikeItsShortestText(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  const std::string_view shortest(text.data(), static_cast<std::size_t>(end - text.data()));
  const auto by_text = ParseDecimal(shortest, kPieces, Exponent::kAllowed);
  const auto by_value = DecimalFromDouble(value, kPieces);
  RC_ASSERT(by_value.ok() == by_text.ok());
  if (by_value.ok()) RC_ASSERT(by_value.value() == by_text.value());
}

RC_GTEST_PROP(DecimalFromDoubleProperty, AgreesWithTheShortestText, (double value)) {
  ExpectLikeItsShortestText(value);
}

RC_GTEST_PROP(DecimalFromDoubleProperty, AgreesWithTheShortestTextNearThousandths, ()) {
  auto value = static_cast<double>(*rc::gen::inRange<std::int64_t>(-kLimit, kLimit + 1)) / 1000;
  for (int steps = *rc::gen::inRange(0, 3); steps > 0; --steps)
    value = std::nextafter(value, 1e300);
  ExpectLikeItsShortestText(value);
}

TEST(DecimalFromInteger, KeepsTheLimit) {
  EXPECT_EQ(DecimalFromInteger(0, kPieces).value(), 0);
  EXPECT_EQ(DecimalFromInteger(-7, kPieces).value(), -7000);
  EXPECT_EQ(DecimalFromInteger(1'000'000'000, kPieces).value(), kLimit);
  EXPECT_EQ(DecimalFromInteger(-1'000'000'000, kPieces).value(), -kLimit);
  for (const std::int64_t value :
       {std::int64_t{1'000'000'001}, std::int64_t{-1'000'000'001},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    const auto read = DecimalFromInteger(value, kPieces);
    ASSERT_FALSE(read.ok()) << value;
    EXPECT_EQ(read.error().message, "number beyond the limit of 1000000000");
  }
}

TEST(AppendDecimal, WritesNoTrailingZeros) {
  struct Case {
    std::int64_t scaled;
    int decimals;
    std::string_view text;
  };
  constexpr Case kCases[] = {
      {0, 3, "0"},
      {0, 0, "0"},
      {1, 3, "0.001"},
      {-1, 3, "-0.001"},
      {10, 3, "0.01"},
      {100, 3, "0.1"},
      {1000, 3, "1"},
      {-1000, 3, "-1"},
      {10'000, 3, "10"},
      {12'500, 3, "12.5"},
      {12'050, 3, "12.05"},
      {-500, 3, "-0.5"},
      {200'000, 3, "200"},
      {42, 0, "42"},
      {-40, 0, "-40"},
      {25'500, 4, "2.55"},
      {1'000'001, 3, "1000.001"},
      {std::numeric_limits<std::int64_t>::min(), 3, "-9223372036854775.808"},
  };
  for (const auto& [scaled, decimals, text] : kCases) {
    EXPECT_EQ(Show(scaled, decimals), text);
  }
}

TEST(AppendDecimal, WritesAll128Bits) {
  const Int128 half = Int128{1} << 126;
  EXPECT_EQ(Show(half - 1 + half, 4), "17014118346046923173168730371588410.5727");
  EXPECT_EQ(Show(-half - half, 0), "-170141183460469231731687303715884105728");
}

TEST(AppendDecimal, AppendsBehindWhatIsThere) {
  std::string text = "n=";
  AppendDecimal(text, 1500, 3);
  EXPECT_EQ(text, "n=1.5");
}

TEST(MultiplyDivideHalfEven, RoundsHalvesToEven) {
  struct Case {
    std::int64_t value;
    std::int64_t numerator;
    std::int64_t denominator;
    std::int64_t result;
  };
  constexpr Case kCases[] = {
      {5, 1, 10, 0},    {15, 1, 10, 2},   {25, 1, 10, 2},   {35, 1, 10, 4},   {-5, 1, 10, 0},
      {-15, 1, 10, -2}, {-25, 1, 10, -2}, {-35, 1, 10, -4}, {24, 1, 10, 2},   {26, 1, 10, 3},
      {-24, 1, 10, -2}, {-26, 1, 10, -3}, {1, 1, 3, 0},     {2, 1, 3, 1},     {-1, 1, 3, 0},
      {-2, 1, 3, -1},   {7, 0, 5, 0},     {7, 10, 5, 14},   {7, -10, 5, -14}, {-1, -1, 2, 0},
      {3, 1, 2, 2},     {3, 1, 1, 3},
  };
  for (const auto& [value, numerator, denominator, result] : kCases) {
    EXPECT_TRUE(MultiplyDivideHalfEven(value, numerator, denominator) == result)
        << value << " * " << numerator << " / " << denominator;
  }
}

TEST(MultiplyDivideHalfEven, HoldsProductsBeyond64Bits) {
  const Int128 product = MultiplyDivideHalfEven(10'000'000'000'000, 1'000'000'000'000, 1000);
  EXPECT_EQ(Show(product, 0), "10000000000000000000000");  // 10^22
}

}  // namespace
}  // namespace stockwatch::base
