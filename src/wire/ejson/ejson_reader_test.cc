#include "wire/ejson/ejson_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "wire/bson/bson_writer.h"
#include "wire/ejson/ejson_writer.h"
#include "wire/sample/sample_document.h"

namespace stockwatch::ejson {
namespace {

using event::RawDocument;
using sample::BytesOfHex;

base::Status Read(std::string_view line, RawDocument& out, const Limits& limits = {}) {
  EjsonReader reader;
  return reader.Read(line, limits, out);
}

std::string BsonOf(std::string_view line) {
  RawDocument document;
  const base::Status read = Read(line, document);
  if (!read.ok()) return read.error().message;
  std::string bytes;
  EXPECT_TRUE(bson::WriteBson(document, 0, bytes).ok());
  return bytes;
}

std::string CanonicalOf(std::string_view line) {
  RawDocument document;
  const base::Status read = Read(line, document);
  if (!read.ok()) return read.error().message;
  std::string text;
  WriteEjson(document, 0, text);
  return text;
}

std::string ErrorOf(std::string_view line, const Limits& limits = {}) {
  RawDocument document;
  const base::Status read = Read(line, document, limits);
  if (read.ok()) return "no error";
  EXPECT_TRUE(document.empty());
  return read.error().message;
}

struct Golden {
  std::string_view canonical;
  std::string_view bson;
};

const std::vector<Golden> kGoldens{
    {R"({})", "05000000 00"},
    {R"({"a":{"$numberDouble":"1.5"}})", "10000000 01 6100 000000000000F83F 00"},
    {R"({"a":{"$numberDouble":"-0.0"}})", "10000000 01 6100 0000000000000080 00"},
    {R"({"a":{"$numberDouble":"0.1"}})", "10000000 01 6100 9A9999999999B93F 00"},
    {R"({"a":{"$numberDouble":"1e+300"}})", "10000000 01 6100 9C7500883CE4377E 00"},
    {R"({"a":{"$numberDouble":"5e-324"}})", "10000000 01 6100 0100000000000000 00"},
    {R"({"a":{"$numberDouble":"Infinity"}})", "10000000 01 6100 000000000000F07F 00"},
    {R"({"a":{"$numberDouble":"-Infinity"}})", "10000000 01 6100 000000000000F0FF 00"},
    {R"({"a":{"$numberDouble":"NaN"}})", "10000000 01 6100 000000000000F87F 00"},
    {R"({"a":"b"})", "0E000000 02 6100 02000000 6200 00"},
    {R"({"":"\"\\\b\f\n\r\t\u0000\u001f/"})", "16000000 02 00 0B000000 225C080C0A0D09001F2F00 00"},
    {R"({"a":{"b":{}}})", "15000000 03 6100 0D000000 03 6200 05000000 00 00 00"},
    {R"({"a":[{"$numberInt":"10"},[]]})",
     "1C000000 04 6100 14000000 10 3000 0A000000 04 3100 05000000 00 00 00"},
    {R"({"a":{"$binary":{"base64":"//4=","subType":"00"}}})",
     "0F000000 05 6100 02000000 00 FFFE 00"},
    {R"({"a":{"$binary":{"base64":"","subType":"80"}}})", "0D000000 05 6100 00000000 80 00"},
    {R"({"a":{"$binary":{"base64":"//4=","subType":"02"}}})",
     "13000000 05 6100 06000000 02 02000000 FFFE 00"},
    {R"({"a":{"$binary":{"base64":"AQID","subType":"05"}}})",
     "10000000 05 6100 03000000 05 010203 00"},
    {R"({"a":{"$binary":{"base64":"AQ==","subType":"ff"}}})", "0E000000 05 6100 01000000 FF 01 00"},
    {R"({"a":{"$undefined":true}})", "08000000 06 6100 00"},
    {R"({"a":{"$oid":"000102030405060708090a0b"}})",
     "14000000 07 6100 000102030405060708090A0B 00"},
    {R"({"a":true,"b":false})", "0D000000 08 6100 01 08 6200 00 00"},
    {R"({"a":{"$date":{"$numberLong":"1356351330501"}}})", "10000000 09 6100 C5D8D6CC3B010000 00"},
    {R"({"a":{"$date":{"$numberLong":"-1"}}})", "10000000 09 6100 FFFFFFFFFFFFFFFF 00"},
    {R"({"a":null})", "08000000 0A 6100 00"},
    {R"({"a":{"$regularExpression":{"pattern":"ab","options":"im"}}})",
     "0E000000 0B 6100 616200 696D00 00"},
    {R"({"a":{"$dbPointer":{"$ref":"b","$id":{"$oid":"000102030405060708090a0b"}}}})",
     "1A000000 0C 6100 02000000 6200 000102030405060708090A0B 00"},
    {R"({"a":{"$code":"b"}})", "0E000000 0D 6100 02000000 6200 00"},
    {R"({"a":{"$symbol":"b"}})", "0E000000 0E 6100 02000000 6200 00"},
    {R"({"a":{"$code":"b","$scope":{"x":{"$numberInt":"1"}}}})",
     "1E000000 0F 6100 16000000 02000000 6200 0C000000 10 7800 01000000 00 00"},
    {R"({"a":{"$numberInt":"-2"}})", "0C000000 10 6100 FEFFFFFF 00"},
    {R"({"a":{"$timestamp":{"t":4294967295,"i":2}}})", "10000000 11 6100 02000000 FFFFFFFF 00"},
    {R"({"a":{"$numberLong":"-9223372036854775808"}})", "10000000 12 6100 0000000000000080 00"},
    {R"({"a":{"$numberDecimal":"1.20"}})", "18000000 13 6100 7800000000000000 0000000000003C30 00"},
    {R"({"a":{"$minKey":1}})", "08000000 FF 6100 00"},
    {R"({"a":{"$maxKey":1}})", "08000000 7F 6100 00"},
};

TEST(EjsonReader, ReadsTheCanonicalFormOfEveryTypeAndTheWriterWritesIt) {
  for (const Golden& golden : kGoldens) {
    EXPECT_EQ(BsonOf(golden.canonical), BytesOfHex(golden.bson)) << golden.canonical;
    EXPECT_EQ(CanonicalOf(golden.canonical), golden.canonical);
  }
}

struct Equal {
  std::string_view line;
  std::string_view canonical;
};

TEST(EjsonReader, ReadsOtherFormsOfTheSame) {
  const std::vector<Equal> table{
      {R"( { "a" : 1 , "b" : [ ] } )", R"({"a":{"$numberInt":"1"},"b":[]})"},
      {R"({"a":2147483647})", R"({"a":{"$numberInt":"2147483647"}})"},
      {R"({"a":2147483648})", R"({"a":{"$numberLong":"2147483648"}})"},
      {R"({"a":-2147483648})", R"({"a":{"$numberInt":"-2147483648"}})"},
      {R"({"a":-2147483649})", R"({"a":{"$numberLong":"-2147483649"}})"},
      {R"({"a":9223372036854775807})", R"({"a":{"$numberLong":"9223372036854775807"}})"},
      {R"({"a":9223372036854775808})", R"({"a":{"$numberDouble":"9223372036854775808.0"}})"},
      {R"({"a":-9223372036854775809})", R"({"a":{"$numberDouble":"-9223372036854775808.0"}})"},
      {R"({"a":100000000000000000000000})", R"({"a":{"$numberDouble":"1e+23"}})"},
      {R"({"a":0.1})", R"({"a":{"$numberDouble":"0.1"}})"},
      {R"({"a":1.0})", R"({"a":{"$numberDouble":"1.0"}})"},
      {R"({"a":1E2})", R"({"a":{"$numberDouble":"100.0"}})"},
      {R"({"a":-0})", R"({"a":{"$numberInt":"0"}})"},
      {R"({"a":-0.0})", R"({"a":{"$numberDouble":"-0.0"}})"},
      {R"({"a":0.30000000000000004})", R"({"a":{"$numberDouble":"0.30000000000000004"}})"},
      {R"({"a":9007199254740993.0})", R"({"a":{"$numberDouble":"9007199254740992.0"}})"},
      {R"({"a":"\u00e9\ud83d\udce6\/"})", "{\"a\":\"\xC3\xA9\xF0\x9F\x93\xA6/\"}"},
      {R"({"\u0061":{"\u0024numberInt":"1"}})", R"({"a":{"$numberInt":"1"}})"},
      {R"({"a":{"$date":"2012-12-24T12:15:30.501Z"}})",
       R"({"a":{"$date":{"$numberLong":"1356351330501"}}})"},
      {R"({"a":{"$date":"2012-12-24T13:15:30+01:00"}})",
       R"({"a":{"$date":{"$numberLong":"1356351330000"}}})"},
      {R"({"a":{"$date":1356351330501}})", R"({"a":{"$date":{"$numberLong":"1356351330501"}}})"},
      {R"({"a":{"$uuid":"c8edabc3-f738-4ca3-b68d-ab92a91478a3"}})",
       R"({"a":{"$binary":{"base64":"yO2rw/c4TKO2jauSqRR4ow==","subType":"04"}}})"},
      {R"({"a":{"$binary":{"subType":"5","base64":"AQID"}}})",
       R"({"a":{"$binary":{"base64":"AQID","subType":"05"}}})"},
      {R"({"a":{"$regularExpression":{"options":"","pattern":"b"}}})",
       R"({"a":{"$regularExpression":{"pattern":"b","options":""}}})"},
      {R"({"a":{"$timestamp":{"i":1,"t":2}}})", R"({"a":{"$timestamp":{"t":2,"i":1}}})"},
      {R"({"a":{"$dbPointer":{"$id":{"$oid":"000102030405060708090A0B"},"$ref":"b"}}})",
       R"({"a":{"$dbPointer":{"$ref":"b","$id":{"$oid":"000102030405060708090a0b"}}}})"},
      {R"({"a":{"$scope":{"x":[1]},"$code":"b"}})",
       R"({"a":{"$code":"b","$scope":{"x":[{"$numberInt":"1"}]}}})"},
      {R"({"a":{"$numberDecimal":"12E2"}})", R"({"a":{"$numberDecimal":"1.2E+3"}})"},
      {R"({"a":{"$numberDecimal":"-nan"}})", R"({"a":{"$numberDecimal":"NaN"}})"},
      {R"({"a":{"$numberDouble":"1E+10"}})", R"({"a":{"$numberDouble":"1e+10"}})"},
  };
  for (const Equal& row : table) EXPECT_EQ(CanonicalOf(row.line), row.canonical) << row.line;
}

TEST(EjsonReader, LeavesOtherKeysThatBeginWithDollarAlone) {
  for (std::string_view line :
       {R"({"$key":{"$numberInt":"42"}})", R"({"a":{"$ref":"c","$id":"i","$db":"d"}})",
        R"({"a":{"$regex":"b","$options":""}})", R"({"a":{"$gt":{"$numberLong":"1"}}})",
        R"({"$oid":"at the root"})", R"({"$numberLong":true,"b":null})",
        R"({"a":{"$code":"b","$scope":{"$oid":"in a scope"}}})"}) {
    EXPECT_EQ(CanonicalOf(line), line);
  }
}

TEST(EjsonReader, ShowsTextsAsViewsOfTheLine) {
  const std::string line = R"({"sku":"A-1"})";
  RawDocument document;
  {
    EjsonReader reader;
    ASSERT_TRUE(reader.Read(line, Limits{}, document).ok());
    RawDocument other;
    ASSERT_TRUE(reader.Read(R"({"other":"line"})", Limits{}, other).ok());
  }
  EXPECT_EQ(document.at(1).name.data(), line.data() + 2);
  EXPECT_EQ(document.at(1).bytes.data(), line.data() + 8);
  EXPECT_EQ(document.at(1).bytes, "A-1");
}

TEST(EjsonReader, RefusesWhatIsNoJson) {
  for (std::string_view line : {"",
                                " ",
                                "{",
                                "}",
                                "[]",
                                "1",
                                "null",
                                "\"a\"",
                                "{}}",
                                "{} {}",
                                "{}x",
                                R"({"a"})",
                                R"({"a":})",
                                R"({"a":1,})",
                                R"({,"a":1})",
                                R"({"a":1 "b":2})",
                                R"({"a" 1})",
                                R"({a:1})",
                                R"({'a':1})",
                                R"({1:1})",
                                R"({"a":[1,]})",
                                R"({"a":[1 2]})",
                                R"({"a":[1})",
                                R"({"a":1])",
                                R"({"a":{"b":1})",
                                R"({"a":"b)",
                                R"({"a":"b"c})",
                                R"({"a":true"b"})",
                                R"({"a":1"b"})",
                                R"({"a":01})",
                                R"({"a":01.5})",
                                R"({"a":1.})",
                                R"({"a":.5})",
                                R"({"a":1.e3})",
                                R"({"a":1e})",
                                R"({"a":1e+})",
                                R"({"a":+1})",
                                R"({"a":-})",
                                R"({"a":--1})",
                                R"({"a":0x10})",
                                R"({"a":1.5x})",
                                R"({"a":NaN})",
                                R"({"a":Infinity})",
                                R"({"a":1e999})",
                                R"({"a":tru})",
                                R"({"a":truex})",
                                R"({"a":nul})",
                                R"({"a":nulll})",
                                R"({"a":"\x"})",
                                R"({"a":"\u12"})",
                                R"({"a":"\ud800"})",
                                R"({"a":"\ud800\u0041"})",
                                R"({"a":"\udc00"})",
                                "{\"a\":\"\x01\"}",
                                "{\"a\":\"\n\"}",
                                "{\"a\":\"\xFF\"}",
                                "{\"a\":\"\xED\xA0\x80\"}",
                                "{\"\xC3\":1}",
                                "\xEF\xBB\xBF{}",
                                R"({"a":1}/**/)",
                                R"({"a":1}//)"}) {
    EXPECT_NE(ErrorOf(line), "no error") << line;
  }
}

struct Malformed {
  std::string_view line;
  std::string_view message;  // behind "cannot read extended json: "
};

const std::vector<Malformed> kMalformed{
    {R"({"a":1,"a":2})", "repeated field name at byte 11"},
    {R"({"a":{"b":1,"\u0062":2}})", "repeated field name at byte 21"},
    {R"({"a\u0000":1})", "field name with a NUL at byte 2"},
    {R"({"a":{"$oid":42}})", "type wrapper without its string at byte 13"},
    {R"({"a":{"$oid":"00"}})", "$oid is not 24 hex digits at byte 13"},
    {R"({"a":{"$oid":"00010203040506070809zz0b"}})", "$oid is not 24 hex digits at byte 13"},
    {R"({"a":{"$oid":"000102030405060708090a0b","b":1}})",
     "fields beside a type wrapper at byte 44"},
    {R"({"a":{"b":1,"$oid":"000102030405060708090a0b"}})",
     "type wrapper among other fields at byte 19"},
    {R"({"a":{"$numberInt":42}})", "type wrapper without its string at byte 19"},
    {R"({"a":{"$numberInt":"2147483648"}})", "$numberInt is not a 32-bit integer at byte 19"},
    {R"({"a":{"$numberInt":"1.0"}})", "$numberInt is not a 32-bit integer at byte 19"},
    {R"({"a":{"$numberInt":""}})", "$numberInt is not a 32-bit integer at byte 19"},
    {R"({"a":{"$numberLong":42}})", "type wrapper without its string at byte 20"},
    {R"({"a":{"$numberLong":"12x"}})", "$numberLong is not a 64-bit integer at byte 20"},
    {R"({"a":{"$numberLong":" 1"}})", "$numberLong is not a 64-bit integer at byte 20"},
    {R"({"a":{"$numberLong":"9223372036854775808"}})",
     "$numberLong is not a 64-bit integer at byte 20"},
    {R"({"a":{"$numberDouble":1.5}})", "type wrapper without its string at byte 22"},
    {R"({"a":{"$numberDouble":"inf"}})", "$numberDouble is not a double at byte 22"},
    {R"({"a":{"$numberDouble":"1e999"}})", "$numberDouble is not a double at byte 22"},
    {R"({"a":{"$numberDouble":"1.5 "}})", "$numberDouble is not a double at byte 22"},
    {R"({"a":{"$numberDecimal":1}})", "type wrapper without its string at byte 23"},
    {R"({"a":{"$numberDecimal":"1,5"}})", "$numberDecimal is not exactly a decimal128 at byte 23"},
    {R"({"a":{"$date":1.5}})", "$date is no instant at byte 14"},
    {R"({"a":{"$date":null}})", "$date is no instant at byte 14"},
    {R"({"a":{"$date":"yesterday"}})", "$date is not an ISO 8601 instant at byte 14"},
    {R"({"a":{"$date":"2012-12-24T12:15:30.5015Z"}})",
     "$date is finer than a millisecond at byte 14"},
    {R"({"a":{"$date":{"$numberLong":1}}})", "$date is no instant at byte 14"},
    {R"({"a":{"$date":{"$numberLong":"x"}}})", "$numberLong is not a 64-bit integer at byte 14"},
    {R"({"a":{"$date":{"$numberInt":"1"}}})", "$date is no instant at byte 14"},
    {R"({"a":{"$timestamp":42}})", "$timestamp is not {t, i} of 32 bits each at byte 19"},
    {R"({"a":{"$timestamp":{"t":1}}})", "$timestamp is not {t, i} of 32 bits each at byte 19"},
    {R"({"a":{"$timestamp":{"t":"1","i":2}}})",
     "$timestamp is not {t, i} of 32 bits each at byte 19"},
    {R"({"a":{"$timestamp":{"t":-1,"i":2}}})",
     "$timestamp is not {t, i} of 32 bits each at byte 19"},
    {R"({"a":{"$timestamp":{"t":1,"i":4294967296}}})",
     "$timestamp is not {t, i} of 32 bits each at byte 19"},
    {R"({"a":{"$timestamp":{"t":1,"t":2}}})",
     "$timestamp is not {t, i} of 32 bits each at byte 19"},
    {R"({"a":{"$timestamp":{"t":1,"i":2,"x":3}}})", "too many fields in a type wrapper at byte 36"},
    {R"({"a":{"$binary":"AQID"}})", "$binary is not {base64, subType} at byte 16"},
    {R"({"a":{"$binary":"AQID","$type":"00"}})", "$binary is not {base64, subType} at byte 16"},
    {R"({"a":{"$binary":{"base64":"AQI","subType":"00"}}})", "$binary is not base64 at byte 16"},
    {R"({"a":{"$binary":{"base64":"AQ=D","subType":"00"}}})", "$binary is not base64 at byte 16"},
    {R"({"a":{"$binary":{"base64":"AR==","subType":"00"}}})", "$binary is not base64 at byte 16"},
    {R"({"a":{"$binary":{"base64":"A===","subType":"00"}}})", "$binary is not base64 at byte 16"},
    {R"({"a":{"$binary":{"base64":"AQID","subType":"100"}}})",
     "$binary has no subtype of two hex digits at byte 16"},
    {R"({"a":{"$binary":{"base64":"AQID","subType":""}}})",
     "$binary has no subtype of two hex digits at byte 16"},
    {R"({"a":{"$uuid":"c8edabc3f7384ca3b68dab92a91478a3"}})", "$uuid is not a UUID at byte 14"},
    {R"({"a":{"$regularExpression":{"pattern":"b"}}})",
     "$regularExpression is not {pattern, options} at byte 27"},
    {R"({"a":{"$regularExpression":{"pattern":"b\u0000","options":""}}})",
     "$regularExpression with a NUL at byte 27"},
    {R"({"a":{"$dbPointer":{"$ref":"b","$id":"i"}}})",
     "$dbPointer is not {$ref, $id: {$oid}} at byte 19"},
    {R"({"a":{"$symbol":1}})", "type wrapper without its string at byte 16"},
    {R"({"a":{"$undefined":false}})", "$undefined is not true at byte 19"},
    {R"({"a":{"$minKey":0}})", "$minKey or $maxKey is not 1 at byte 16"},
    {R"({"a":{"$maxKey":true}})", "$minKey or $maxKey is not 1 at byte 16"},
    {R"({"a":{"$code":"b","x":1}})", "$code with another field than $scope at byte 22"},
    {R"({"a":{"$scope":{}}})", "$scope without $code at byte 18"},
    {R"({"a":{"$code":"b","$scope":{},"x":1}})", "fields beside a type wrapper at byte 34"},
};

TEST(EjsonReader, SaysWhatIsWrong) {
  for (const Malformed& row : kMalformed) {
    EXPECT_EQ(ErrorOf(row.line), "cannot read extended json: " + std::string(row.message))
        << row.line;
  }
  for (std::string_view line :
       {R"({"a":{"$code":42}})", R"({"a":{"$code":"b","$scope":42}})",
        R"({"a":{"$timestamp":{"t":1,"i":{}}}})", R"({"a":{"$minKey":1.0}})",
        R"({"a":{"$date":{"$numberLong":"1"},"x":1}})", R"({"a":{"$undefined":tru}})"}) {
    EXPECT_NE(ErrorOf(line), "no error") << line;
  }
}

TEST(EjsonReader, FindsARepeatedNameAmongMany) {
  for (int fields : {20, 33, 500}) {
    std::string line = "{";
    for (int i = 0; i < fields; ++i) line += "\"f" + std::to_string(i) + "\":[1,{}],";
    EXPECT_EQ(ErrorOf(line + "\"g\":1}"), "no error");
    EXPECT_NE(ErrorOf(line + "\"f7\":1}"), "no error");
    EXPECT_NE(ErrorOf(line + "\"f" + std::to_string(fields - 1) + "\":1}"), "no error");
  }
}

std::string Nested(std::size_t depth) {
  std::string line = "{\"a\":";
  line.append(depth - 1, '[').append(depth - 1, ']').push_back('}');
  return line;
}

TEST(EjsonReader, KeepsToItsLimits) {
  const std::string line = R"({"a":[1,{"$numberInt":"2"},"x"]})";
  Limits limits;
  limits.bytes_max = line.size();
  limits.depth_max = 2;
  limits.values_max = 5;
  EXPECT_EQ(ErrorOf(line, limits), "no error");
  limits.bytes_max = line.size() - 1;
  EXPECT_EQ(ErrorOf(line, limits), "cannot read extended json: more bytes than bytes_max");
  limits.bytes_max = line.size();
  limits.depth_max = 1;
  EXPECT_EQ(ErrorOf(line, limits), "cannot read extended json: deeper than depth_max at byte 6");
  limits.depth_max = 2;
  for (limits.values_max = 0; limits.values_max < 5; ++limits.values_max) {
    EXPECT_NE(ErrorOf(line, limits).find("more values than values_max"), std::string::npos);
  }
  EXPECT_EQ(ErrorOf(Nested(100)), "no error");
  EXPECT_NE(ErrorOf(Nested(101)).find("deeper than depth_max"), std::string::npos);
  EXPECT_NE(ErrorOf(Nested(100'000)).find("deeper than depth_max"), std::string::npos);
}

TEST(EjsonReader, SurvivesEveryTruncationAndEveryByte) {
  EjsonReader reader;
  RawDocument document;
  for (const Golden& golden : kGoldens) {
    std::string line(golden.canonical);
    for (std::size_t size = 0; size < line.size(); ++size) {
      EXPECT_FALSE(reader.Read(std::string_view(line).substr(0, size), {}, document).ok()) << line;
    }
    for (char& byte : line) {
      const char right = byte;
      for (int value = 0; value < 256; ++value) {
        byte = static_cast<char>(value);
        (void)reader.Read(line, {}, document).ok();
      }
      byte = right;
    }
    EXPECT_TRUE(reader.Read(line, {}, document).ok());
  }
}

TEST(EjsonReader, ReadsWhatTheWriterWrote) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& choices) {
    RawDocument document;
    sample::MakeDocument(choices, document);
    std::string line;
    WriteEjson(document, 0, line);
    RawDocument again;
    const base::Status read = Read(line, again);
    RC_ASSERT(read.ok());
    RC_ASSERT(sample::Difference(document, again) == std::string());
  }));
}

TEST(EjsonWriter, WritesASubtreeWithoutItsName) {
  RawDocument document;
  const std::string line = R"({"a":[1,{"b":"c"}],"d":2})";
  ASSERT_TRUE(Read(line, document).ok());
  std::string text;
  WriteEjson(document, 1, text);
  EXPECT_EQ(text, R"([{"$numberInt":"1"},{"b":"c"}])");
}

}  // namespace
}  // namespace stockwatch::ejson
