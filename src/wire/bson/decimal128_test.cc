#include "wire/bson/decimal128.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace stockwatch::bson {
namespace {

struct Vector {
  std::uint64_t high;
  std::uint64_t low;
  std::string_view text;
};

std::string BytesOf(const Vector& vector) {
  std::string bytes(kDecimal128Size, '\0');
  std::memcpy(bytes.data(), &vector.low, 8);
  std::memcpy(bytes.data() + 8, &vector.high, 8);
  return bytes;
}

std::string TextOf(const Vector& vector) {
  std::string text;
  AppendDecimal128Text(text, BytesOf(vector));
  return text;
}

std::string Parsed(std::string_view text) {
  const auto parsed = ParseDecimal128(text);
  return parsed.ok() ? std::string(parsed.value().data(), parsed.value().size()) : "error";
}

constexpr std::uint64_t kOne = 0x3040000000000000;  // exponent 0

// Each number has one text, and that text gives the same bytes back.
const std::vector<Vector> kBothWays{
    {kOne, 0, "0"},
    {kOne, 1, "1"},
    {0xB040000000000000, 1, "-1"},
    {0xB040000000000000, 0, "-0"},
    {0x303E000000000000, 1, "0.1"},
    {0x303E000000000000, 0, "0.0"},
    {0x303C000000000000, 120, "1.20"},
    {0x303C000000000000, 5, "0.05"},
    {0x3042000000000000, 0, "0E+1"},
    {0x3046000000000000, 1, "1E+3"},
    {0x3046000000000000, 12, "1.2E+4"},
    {0x3034000000000000, 1, "0.000001"},
    {0x3032000000000000, 1, "1E-7"},
    {0x3030000000000000, 123, "0.00000123"},
    {0x302E000000000000, 12, "1.2E-8"},
    {kOne, 0xFFFFFFFFFFFFFFFF, "18446744073709551615"},
    {0x3040000000000001, 0, "18446744073709551616"},
    {0x3040000000000000, 100000000000000000, "100000000000000000"},
    {0x30403CDE6FFF9732, 0xDE825CD07E96AFF2, "1234567890123456789012345678901234"},
    {0x2FFC3CDE6FFF9732, 0xDE825CD07E96AFF2, "0.1234567890123456789012345678901234"},
    {0x5FFFED09BEAD87C0, 0x378D8E63FFFFFFFF, "9.999999999999999999999999999999999E+6144"},
    {0xDFFFED09BEAD87C0, 0x378D8E63FFFFFFFF, "-9.999999999999999999999999999999999E+6144"},
    {0x0000000000000000, 1, "1E-6176"},
    {0x0000000000000000, 0, "0E-6176"},
    {0x5FFE000000000000, 0, "0E+6111"},
    {0x7800000000000000, 0, "Infinity"},
    {0xF800000000000000, 0, "-Infinity"},
    {0x7C00000000000000, 0, "NaN"},
};

TEST(Decimal128, ReadsAndWritesTheSameText) {
  for (const Vector& vector : kBothWays) {
    EXPECT_EQ(TextOf(vector), vector.text);
    EXPECT_EQ(Parsed(vector.text), BytesOf(vector)) << vector.text;
  }
}

TEST(Decimal128, ReadsEncodingsThatItNeverWrites) {
  const std::vector<Vector> vectors{
      {0xFC00000000000000, 0, "NaN"},                  // negative
      {0x7E00000000000000, 0, "NaN"},                  // signalling
      {0x7C00000000000000, 12, "NaN"},                 // with a payload
      {0x7800000000000000, 7, "Infinity"},             // with a payload
      {0x3041ED09BEAD87C0, 0x378D8E6400000000, "0"},   // 10^34, one too many
      {0xB041FFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, "-0"},  // 2^113 - 1
      {0x6C10000000000000, 0, "0"},                    // the long coefficient
      {0x6C107FFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, "0"},
      {0xEC0E000000000000, 0, "-0.0000"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(TextOf(vector), vector.text);
}

TEST(Decimal128, AcceptsEveryNumericString) {
  const std::vector<Vector> vectors{
      {kOne, 12, "+12"},
      {kOne, 17, "017."},
      {0x303E000000000000, 5, ".5"},
      {0x3052000000000000, 4, "4e9"},
      {0x302E000000000000, 73, "0.73e-7"},
      {kOne, 1, "1E-0000000000000000000000"},
      {0x7800000000000000, 0, "inf"},
      {0xF800000000000000, 0, "-iNfInItY"},
      {0x7C00000000000000, 0, "-nan"},
      // Clamped: zeros move into the coefficient, or out of it.
      {0x5FFE000000000000, 10, "1E+6112"},
      {0x5FFE314DC6448D93, 0x38C15B0A00000000, "1E+6144"},
      {0, 1, "10E-6177"},
      {0, 0, "0E-9999999999"},
      {0xDFFE000000000000, 0, "-0E+9999999999"},
      // Digits behind the 34th that are zeros.
      {0x3042314DC6448D93, 0x38C15B0A00000000, "10000000000000000000000000000000000"},
      {0x2FFE314DC6448D93, 0x38C15B0A00000000, "1.00000000000000000000000000000000000000"},
  };
  for (const Vector& vector : vectors) {
    EXPECT_EQ(Parsed(vector.text), BytesOf(vector)) << vector.text;
  }
}

TEST(Decimal128, RefusesWhatIsNoNumberOrWouldBeRounded) {
  for (std::string_view text : {"",
                                "+",
                                "-",
                                ".",
                                "-.",
                                "E5",
                                ".E5",
                                "1E",
                                "1E+",
                                "1E5.0",
                                "1..2",
                                "1.2.3",
                                " 1",
                                "1 ",
                                "0x10",
                                "1_000",
                                "infinit",
                                "infinityy",
                                "nan1",
                                "--1",
                                "+-1",
                                "1e1e1",
                                "12345678901234567890123456789012345",
                                "1.0000000000000000000000000000000001E-6176",
                                "1E+6145",
                                "10E+6144",
                                "1E-6177",
                                "11E-6177",
                                "1E+99999999999999999999",
                                "1E-99999999999999999999"}) {
    EXPECT_EQ(Parsed(text), "error") << text;
  }
  EXPECT_EQ(ParseDecimal128("1E").error().message, "not a decimal128 number: \"1E\"");
}

}  // namespace
}  // namespace stockwatch::bson
