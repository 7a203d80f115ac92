#include "base/utf8.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>

namespace stockwatch::base {
namespace {

using std::string_view_literals::operator""sv;

// Both functions take eight bytes at a time where they can: each sequence is tried at every place
// in a word.
template <typename Check>
void AtEveryPlace(std::string_view sequence, Check check) {
  for (std::size_t before = 0; before <= 9; ++before) {
    for (const std::size_t after : {std::size_t{0}, std::size_t{1}, std::size_t{9}}) {
      check(std::string(before, 'a').append(sequence).append(after, 'b'));
    }
  }
}

TEST(IsUtf8, AcceptsTheEndsOfEveryRange) {
  constexpr std::string_view kCases[] = {"",
                                         "\0"sv,
                                         "\x7f",
                                         "\xc2\x80",
                                         "\xdf\xbf",
                                         "\xe0\xa0\x80",
                                         "\xec\xbf\xbf",
                                         "\xed\x80\x80",
                                         "\xed\x9f\xbf",
                                         "\xee\x80\x80",
                                         "\xef\xbf\xbf",
                                         "\xf0\x90\x80\x80",
                                         "\xf3\xbf\xbf\xbf",
                                         "\xf4\x80\x80\x80",
                                         "\xf4\x8f\xbf\xbf",
                                         "Größe ⚙ 😀"};
  for (const std::string_view sequence : kCases) {
    AtEveryPlace(sequence, [](const std::string& text) { EXPECT_TRUE(IsUtf8(text)) << text; });
  }
}

TEST(IsUtf8, RefusesIllFormedSequences) {
  struct Case {
    std::string_view bytes;
    std::string_view why;
  };
  constexpr Case kCases[] = {
      {"\x80", "a continuation alone"},
      {"\xbf", "a continuation alone"},
      {"\xc0\x80", "overlong NUL"},
      {"\xc0\xaf", "overlong solidus"},
      {"\xc1\xbf", "overlong U+007F"},
      {"\xc2", "cut short"},
      {"\xc2\xc2", "no continuation"},
      {"\xdf\x7f", "no continuation"},
      {"\xdf\xc0", "no continuation"},
      {"\xe0\x80\x80", "overlong"},
      {"\xe0\x9f\xbf", "overlong U+07FF"},
      {"\xe1\x80", "cut short"},
      {"\xe2\x28\xa1", "second byte"},
      {"\xe2\x82\x28", "third byte"},
      {"\xed\xa0\x80", "surrogate U+D800"},
      {"\xed\xbf\xbf", "surrogate U+DFFF"},
      {"\xed\xa0\xbd\xed\xb8\x80", "a pair of surrogates"},
      {"\xf0\x80\x80\x80", "overlong"},
      {"\xf0\x8f\xbf\xbf", "overlong U+FFFF"},
      {"\xf0\x90\x80", "cut short"},
      {"\xf0\x90\x28\xbc", "third byte"},
      {"\xf0\x28\x8c\xbc", "second byte"},
      {"\xf1\x80\x80\xc0", "fourth byte"},
      {"\xf4\x90\x80\x80", "U+110000"},
      {"\xf5\x80\x80\x80", "above U+10FFFF"},
      {"\xf8\x88\x80\x80\x80", "five bytes"},
      {"\xfc\x84\x80\x80\x80\x80", "six bytes"},
      {"\xfe", "no lead byte"},
      {"\xff", "no lead byte"},
  };
  for (const Case& test : kCases) {
    AtEveryPlace(test.bytes, [&test](const std::string& text) {
      EXPECT_FALSE(IsUtf8(text)) << test.why;
      EXPECT_FALSE(IsUtf8WithoutControls(text)) << test.why;
    });
  }
}

TEST(IsUtf8WithoutControls, RefusesC0AndC1AndDelete) {
  constexpr std::string_view kRefused[] = {"\0"sv, "\x01",     "\t",       "\n",      "\x1f",
                                           "\x7f", "\xc2\x80", "\xc2\x85", "\xc2\x9f"};
  for (const std::string_view control : kRefused) {
    AtEveryPlace(control, [](const std::string& text) {
      EXPECT_FALSE(IsUtf8WithoutControls(text));
      EXPECT_TRUE(IsUtf8(text));
    });
  }
  constexpr std::string_view kAccepted[] = {
      "", " ", "~", "\xc2\xa0", "\xdf\xbf", "\xe0\xa0\x80", "\xf4\x8f\xbf\xbf", "Größe ⚙ 😀"};
  for (const std::string_view sequence : kAccepted) {
    AtEveryPlace(sequence,
                 [](const std::string& text) { EXPECT_TRUE(IsUtf8WithoutControls(text)) << text; });
  }
}

struct Verdict {
  bool well_formed = true;
  bool controls = false;
};

// Decodes by the bit patterns of RFC 3629 and judges the scalar value, where the code under test
// judges bytes.
Verdict JudgeByScalarValue(std::string_view text) {
  Verdict verdict;
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xe0) == 0xc0 ? 2
                               : (lead & 0xf0) == 0xe0 ? 3
                               : (lead & 0xf8) == 0xf0 ? 4
                                                       : 0;
    if (length == 0 || i + length > text.size()) return {false, false};
    std::uint32_t scalar = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xc0) != 0x80) return {false, false};
      scalar = scalar << 6 | (byte & 0x3fu);
    }
    const std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = scalar >= 0xd800 && scalar <= 0xdfff;
    if (scalar < least[length] || scalar > 0x10ffff || surrogate) return {false, false};
    if (scalar < 0x20 || (scalar >= 0x7f && scalar < 0xa0)) verdict.controls = true;
    i += length;
  }
  return verdict;
}

RC_GTEST_PROP(Utf8Property, AgreesWithDecodingToScalarValues, ()) {
  // Pieces of which most are good, so that long texts get past the first byte.
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "abcdefgh", "a", "é", "⚙", "😀", "\xc2\xa0", "\xc2\x85", "\n", "\x7f", "\xed\x9f\xbf",
      "\xed\xa0\x80", "\xf4\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xe0\xa0", "\x80", "\xc3"));
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  const Verdict verdict = JudgeByScalarValue(text);
  RC_ASSERT(IsUtf8(text) == verdict.well_formed);
  RC_ASSERT(IsUtf8WithoutControls(text) == (verdict.well_formed && !verdict.controls));
}

RC_GTEST_PROP(Utf8Property, AgreesWithDecodingToScalarValuesOnAnyBytes, (const std::string& text)) {
  const Verdict verdict = JudgeByScalarValue(text);
  RC_ASSERT(IsUtf8(text) == verdict.well_formed);
  RC_ASSERT(IsUtf8WithoutControls(text) == (verdict.well_formed && !verdict.controls));
}

}  // namespace
}  // namespace stockwatch::base
