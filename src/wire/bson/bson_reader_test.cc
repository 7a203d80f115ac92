#include "wire/bson/bson_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "wire/bson/bson_writer.h"
#include "wire/sample/sample_document.h"

namespace stockwatch::bson {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;
using sample::BytesOfHex;

// A document with the one field "a".
struct Golden {
  std::string_view what;
  std::string_view hex;
  ValueType type;
  std::string bytes;
  std::int64_t integer = 0;
};

const std::string kId = BytesOfHex("000102030405060708090A0B");

const std::vector<Golden> kGoldens{
    {"string", "0E000000 02 6100 02000000 6200 00", ValueType::kString, "b"},
    {"empty string", "0D000000 02 6100 01000000 00 00", ValueType::kString, ""},
    {"string with a NUL", "0F000000 02 6100 03000000 620000 00", ValueType::kString,
     std::string("b\0", 2)},
    {"string beyond ASCII", "0F000000 02 6100 03000000 C3A900 00", ValueType::kString, "\xC3\xA9"},
    {"binary", "0F000000 05 6100 02000000 00 FFFE 00", ValueType::kBinary, "\xFF\xFE", 0},
    {"empty binary", "0D000000 05 6100 00000000 80 00", ValueType::kBinary, "", 0x80},
    {"old binary", "13000000 05 6100 06000000 02 02000000 FFFE 00", ValueType::kBinary, "\xFF\xFE",
     2},
    {"undefined", "08000000 06 6100 00", ValueType::kUndefined, ""},
    {"object id", "14000000 07 6100 000102030405060708090A0B 00", ValueType::kObjectId, kId},
    {"false", "09000000 08 6100 00 00", ValueType::kBool, "", 0},
    {"true", "09000000 08 6100 01 00", ValueType::kBool, "", 1},
    {"date", "10000000 09 6100 0807060504030201 00", ValueType::kDate, "", 0x0102030405060708},
    {"null", "08000000 0A 6100 00", ValueType::kNull, ""},
    {"regex", "0E000000 0B 6100 616200 696D00 00", ValueType::kRegex, std::string("ab\0im", 5)},
    {"empty regex", "0A000000 0B 6100 00 00 00", ValueType::kRegex, std::string(1, '\0')},
    {"db pointer", "1A000000 0C 6100 02000000 6200 000102030405060708090A0B 00",
     ValueType::kDbPointer, std::string("b\0", 2) + kId},
    {"code", "0E000000 0D 6100 02000000 6200 00", ValueType::kCode, "b"},
    {"symbol", "0E000000 0E 6100 02000000 6200 00", ValueType::kSymbol, "b"},
    {"int32", "0C000000 10 6100 FEFFFFFF 00", ValueType::kInt32, "", -2},
    {"timestamp", "10000000 11 6100 02000000 01000000 00", ValueType::kTimestamp, "",
     (std::int64_t{1} << 32) + 2},
    {"int64", "10000000 12 6100 FEFFFFFFFFFFFFFF 00", ValueType::kInt64, "", -2},
    {"decimal", "18000000 13 6100 7800000000000000 0000000000003C30 00", ValueType::kDecimal,
     "1.20"},
    {"min key", "08000000 FF 6100 00", ValueType::kMinKey, ""},
    {"max key", "08000000 7F 6100 00", ValueType::kMaxKey, ""},
};

constexpr std::string_view kNested =
    "2B000000 03 6100 0D000000 02 6200 01000000 00 00"
    "04 6300 13000000 10 3000 01000000 08 3100 01 0A 3200 00 00";
constexpr std::string_view kScope =
    "1E000000 0F 6100 16000000 02000000 6200 0C000000 10 7800 01000000 00 00";

base::Status Read(std::string_view bytes, RawDocument& out) {
  return ReadBson(bytes, Limits{}, out);
}

std::string Written(const RawDocument& document) {
  std::string bytes;
  const base::Status written = WriteBson(document, 0, bytes);
  return written.ok() ? bytes : written.error().message;
}

std::string ErrorOf(std::string_view bytes, const Limits& limits = {}) {
  RawDocument document;
  const base::Status read = ReadBson(bytes, limits, document);
  if (read.ok()) return "no error";
  EXPECT_TRUE(document.empty());
  return read.error().message;
}

TEST(BsonReader, ReadsEveryScalarAndTheWriterGivesTheSameBytes) {
  for (const Golden& golden : kGoldens) {
    SCOPED_TRACE(golden.what);
    const std::string bytes = BytesOfHex(golden.hex);
    RawDocument document;
    ASSERT_TRUE(Read(bytes, document).ok());
    ASSERT_EQ(document.size(), 2u);
    EXPECT_EQ(document.at(0).end, 2u);
    const RawValue& value = document.at(1);
    EXPECT_EQ(value.name, "a");
    EXPECT_EQ(value.type, golden.type);
    EXPECT_EQ(value.bytes, golden.bytes);
    EXPECT_EQ(value.integer, golden.integer);
    EXPECT_EQ(value.end, 2u);
    EXPECT_EQ(Written(document), bytes);
  }
}

TEST(BsonReader, ReadsDoublesBitByBit) {
  const std::string bytes = BytesOfHex("10000000 01 6100 000000000000F8BF 00");
  RawDocument document;
  ASSERT_TRUE(Read(bytes, document).ok());
  EXPECT_EQ(document.at(1).type, ValueType::kDouble);
  EXPECT_EQ(document.at(1).number, -1.5);
  EXPECT_EQ(Written(document), bytes);
}

TEST(BsonReader, PutsContainersOnTheTapeInDocumentOrder) {
  const std::string bytes = BytesOfHex(kNested);
  RawDocument document;
  const base::Status read = Read(bytes, document);
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(document.size(), 7u);
  EXPECT_EQ(document.at(0).end, 7u);
  EXPECT_EQ(document.at(1).type, ValueType::kDocument);
  EXPECT_EQ(document.at(1).end, 3u);
  EXPECT_EQ(document.at(2).name, "b");
  EXPECT_EQ(document.at(3).type, ValueType::kArray);
  EXPECT_EQ(document.at(3).end, 7u);
  for (std::uint32_t i = 4; i < 7; ++i) {
    EXPECT_EQ(document.at(i).name, "");
    EXPECT_EQ(document.at(i).end, i + 1);
  }
  EXPECT_EQ(Written(document), bytes);
}

TEST(BsonReader, PutsTheScopeBelowItsCode) {
  const std::string bytes = BytesOfHex(kScope);
  RawDocument document;
  ASSERT_TRUE(Read(bytes, document).ok());
  ASSERT_EQ(document.size(), 4u);
  EXPECT_EQ(document.at(1).type, ValueType::kCodeWithScope);
  EXPECT_EQ(document.at(1).bytes, "b");
  EXPECT_EQ(document.at(1).end, 4u);
  EXPECT_EQ(document.at(2).type, ValueType::kDocument);
  EXPECT_EQ(document.at(3).name, "x");
  EXPECT_EQ(Written(document), bytes);
}

TEST(BsonReader, ShowsTextsAsViewsOfTheInput) {
  const std::string bytes = BytesOfHex("0E000000 02 6100 02000000 6200 00");
  RawDocument document;
  ASSERT_TRUE(Read(bytes, document).ok());
  EXPECT_EQ(document.at(1).name.data(), bytes.data() + 5);
  EXPECT_EQ(document.at(1).bytes.data(), bytes.data() + 11);
}

TEST(BsonReader, IgnoresTheKeysOfArrayElements) {
  // [1, 2] with the keys "x" and "" in place of "0" and "1".
  const std::string bytes =
      BytesOfHex("1A000000 04 6100 12000000 10 7800 01000000 10 00 02000000 00 00");
  RawDocument document;
  ASSERT_TRUE(Read(bytes, document).ok());
  EXPECT_EQ(Written(document),
            BytesOfHex("1B000000 04 6100 13000000 10 3000 01000000 10 3100 02000000 00 00"));
}

struct Malformed {
  std::string_view hex;
  std::string_view message;  // behind "cannot read bson: "
};

TEST(BsonReader, SaysWhatIsWrongAndWhere) {
  const std::vector<Malformed> table{
      {"", "value runs past the end of its document at byte 0"},
      {"01000000 00", "document length does not fit at byte 0"},
      {"04000000 00", "document length does not fit at byte 0"},
      {"FFFFFFFF 00", "document length does not fit at byte 0"},
      {"06000000 00", "document length does not fit at byte 0"},
      {"05000000 01", "document without its terminator at byte 4"},
      {"05000000 00 00", "bytes behind the document at byte 5"},
      {"07000000 0000 00", "unknown type at byte 4"},
      {"07000000 8000 00", "unknown type at byte 4"},
      {"07000000 1400 00", "unknown type at byte 4"},
      {"07000000 0A61 00", "text without its terminator at byte 5"},
      {"08000000 0A FF00 00", "text is not UTF-8 at byte 5"},
      {"0B000000 10 6100 010203 00", "value runs past the end of its document at byte 7"},
      {"0D000000 02 6100 00000000 00 00", "string length does not fit at byte 7"},
      {"0D000000 02 6100 FFFFFFFF 00 00", "string length does not fit at byte 7"},
      {"0E000000 02 6100 04000000 6200 00", "string length does not fit at byte 7"},
      {"0E000000 02 6100 02000000 6261 00", "string without its terminator at byte 12"},
      {"0E000000 02 6100 02000000 E900 00", "string is not UTF-8 at byte 7"},
      {"10000000 02 6100 04000000 EDA08000 00", "string is not UTF-8 at byte 7"},
      {"0D000000 03 6100 06000000 00 00", "document length does not fit at byte 7"},
      {"0D000000 03 6100 05000000 01 00", "document without its terminator at byte 11"},
      {"0F000000 05 6100 03000000 00 FFFF 00", "binary length does not fit at byte 7"},
      {"0F000000 05 6100 FFFFFFFF 00 FFFF 00", "binary length does not fit at byte 7"},
      {"13000000 05 6100 06000000 02 03000000 FFFE 00",
       "inner length of old binary differs at byte 7"},
      {"0F000000 05 6100 02000000 02 FFFE 00", "inner length of old binary differs at byte 7"},
      {"09000000 08 6100 02 00", "boolean is neither 0 nor 1 at byte 7"},
      {"0C000000 0B 6100 616200 69 00", "text without its terminator at byte 10"},
      {"19000000 0C 6100 02000000 6200 000102030405060708090A 00",
       "value runs past the end of its document at byte 13"},
      {"1E000000 0F 6100 17000000 02000000 6200 0C000000 10 7800 01000000 00 00",
       "code length does not fit at byte 7"},
      {"1E000000 0F 6100 15000000 02000000 6200 0C000000 10 7800 01000000 00 00",
       "document length does not fit at byte 17"},
      {"1E000000 0F 6100 16000000 02000000 6200 05000000 00 7800 01000000 00 00",
       "bytes behind the scope at byte 22"},
      {"1E000000 0F 6100 0D000000 02000000 6200 0C000000 10 7800 01000000 00 00",
       "code length does not fit at byte 7"},
  };
  for (const Malformed& row : table) {
    EXPECT_EQ(ErrorOf(BytesOfHex(row.hex)), "cannot read bson: " + std::string(row.message))
        << row.hex;
  }
}

// In memory of their exact size, so that a sanitizer sees a read beyond the end.
base::Status ReadExact(std::string_view bytes) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  RawDocument document;
  return ReadBson({copy.get(), bytes.size()}, Limits{}, document);
}

std::vector<std::string> AllGoldenBytes() {
  std::vector<std::string> all{BytesOfHex(kNested), BytesOfHex(kScope)};
  for (const Golden& golden : kGoldens) all.push_back(BytesOfHex(golden.hex));
  return all;
}

TEST(BsonReader, RefusesEveryTruncation) {
  for (const std::string& bytes : AllGoldenBytes()) {
    EXPECT_TRUE(ReadExact(bytes).ok());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(ReadExact(std::string_view(bytes).substr(0, size)).ok());
      // Cut short, with a length and a terminator that hide it.
      std::string hidden = bytes.substr(0, size) + '\0';
      if (size >= 4) hidden[0] = static_cast<char>(hidden.size());
      (void)ReadExact(hidden).ok();
    }
  }
}

TEST(BsonReader, SurvivesEveryValueOfEveryByte) {
  for (std::string bytes : AllGoldenBytes()) {
    for (char& byte : bytes) {
      const char right = byte;
      for (int value = 0; value < 256; ++value) {
        byte = static_cast<char>(value);
        (void)ReadExact(bytes).ok();
      }
      byte = right;
    }
  }
}

std::string NestedDocuments(std::uint32_t depth) {
  std::string bytes = BytesOfHex("05000000 00");
  for (std::uint32_t i = 1; i < depth; ++i) {
    std::string outer(4, '\0');
    outer += BytesOfHex("03 6100") + bytes + '\0';
    outer[0] = static_cast<char>(outer.size() & 0xFF);
    outer[1] = static_cast<char>(outer.size() >> 8);
    bytes = outer;
  }
  return bytes;
}

TEST(BsonReader, KeepsToItsLimits) {
  const std::string bytes = BytesOfHex(kNested);
  Limits limits;
  limits.bytes_max = bytes.size();
  limits.depth_max = 2;
  limits.values_max = 7;
  EXPECT_EQ(ErrorOf(bytes, limits), "no error");
  limits.bytes_max = bytes.size() - 1;
  EXPECT_EQ(ErrorOf(bytes, limits), "cannot read bson: more bytes than bytes_max at byte 42");
  limits.bytes_max = bytes.size();
  limits.depth_max = 1;
  EXPECT_EQ(ErrorOf(bytes, limits), "cannot read bson: deeper than depth_max at byte 7");
  limits.depth_max = 2;
  limits.values_max = 6;
  EXPECT_EQ(ErrorOf(bytes, limits), "cannot read bson: more values than values_max at byte 41");

  RawDocument document;
  const std::string deep = NestedDocuments(100);
  EXPECT_TRUE(Read(deep, document).ok());
  const std::string deeper = NestedDocuments(101);
  const base::Status too_deep = Read(deeper, document);
  ASSERT_FALSE(too_deep.ok());
  EXPECT_EQ(too_deep.error().code, base::Code::kResourceExhausted);
}

TEST(BsonWriter, WritesASubtreeBehindWhatIsThere) {
  const std::string bytes = BytesOfHex(kNested);
  RawDocument document;
  ASSERT_TRUE(Read(bytes, document).ok());
  std::string out = "x";
  ASSERT_TRUE(WriteBson(document, 1, out).ok());
  EXPECT_EQ(out.front(), 'x');
  EXPECT_EQ(out.substr(1), BytesOfHex("0D000000 02 6200 01000000 00 00"));
}

TEST(BsonWriter, TakesBackWhatItCannotWrite) {
  RawDocument document;
  RawValue root;
  root.type = ValueType::kDocument;
  const std::uint32_t index = document.Open(root);
  RawValue decimal;
  decimal.name = "a";
  decimal.type = ValueType::kDecimal;
  decimal.bytes = "1.2.3";
  document.Add(decimal);
  document.Close(index);
  std::string out = "x";
  EXPECT_FALSE(WriteBson(document, 0, out).ok());
  EXPECT_EQ(out, "x");
  document.at(1).bytes = "1";
  document.at(1).name = std::string_view("a\0b", 3);
  EXPECT_FALSE(WriteBson(document, 0, out).ok());
  EXPECT_EQ(out, "x");
}

TEST(BsonReader, ReadsWhatTheWriterWrote) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& choices) {
    RawDocument document;
    sample::MakeDocument(choices, document);
    const std::string bytes = Written(document);
    RawDocument again;
    const base::Status read = Read(bytes, again);
    RC_ASSERT(read.ok());
    RC_ASSERT(sample::Difference(document, again) == std::string());
    RC_ASSERT(Written(again) == bytes);
  }));
}

}  // namespace
}  // namespace stockwatch::bson
