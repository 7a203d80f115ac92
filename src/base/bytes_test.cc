#include "base/bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace stockwatch::base {
namespace {

TEST(ByteWriter, AppendsLittleEndian) {
  std::string out = "x";
  ByteWriter writer(out);
  writer.Put(std::uint8_t{0xab});
  writer.Put(std::uint16_t{0x0102});
  writer.Put(std::int32_t{-2});
  writer.Put(std::uint64_t{0x0102030405060708});
  writer.PutBytes("hi");
  EXPECT_EQ(out, std::string("x\xab\x02\x01\xfe\xff\xff\xff\x08\x07\x06\x05\x04\x03\x02\x01"
                             "\x02\x00\x00\x00hi",
                             22));
}

TEST(ByteReader, ReadsWhatWasWritten) {
  std::string record;
  ByteWriter writer(record);
  writer.Put(std::numeric_limits<std::int64_t>::min());
  writer.PutBytes("");
  writer.PutBytes(std::string_view("a\0b", 3));
  writer.Put(std::uint16_t{65'535});
  ByteReader reader(record);
  EXPECT_EQ(reader.Take<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(reader.TakeBytes(), "");
  const std::string_view view = reader.TakeBytes();
  EXPECT_EQ(view, std::string_view("a\0b", 3));
  EXPECT_EQ(view.data(), record.data() + 16);
  EXPECT_EQ(reader.Take<std::uint16_t>(), 65'535);
  EXPECT_TRUE(reader.Finish("test").ok());
}

TEST(ByteReader, GivesZerosBehindTheEndAndSticks) {
  ByteReader reader("\x01\x02\x03");
  EXPECT_EQ(reader.Take<std::uint32_t>(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.Take<std::uint8_t>(), 0);
  EXPECT_EQ(reader.TakeBytes(), "");
  const Status status = reader.Finish("test");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kDataLoss);
  EXPECT_EQ(status.error().message, "damaged record: test");
}

TEST(ByteReader, RefusesBytesLongerThanTheRecord) {
  ByteReader reader(
      std::string_view("\x03\x00\x00\x00"
                       "ab",
                       6));
  EXPECT_EQ(reader.TakeBytes(), "");
  EXPECT_FALSE(reader.ok());
  ByteReader longest(
      std::string_view("\xff\xff\xff\xff"
                       "ab",
                       6));
  EXPECT_EQ(longest.TakeBytes(), "");
  EXPECT_FALSE(longest.ok());
}

TEST(ByteReader, RefusesWhatIsLeftOver) {
  ByteReader reader("ab");
  EXPECT_EQ(reader.Take<char>(), 'a');
  EXPECT_EQ(reader.Finish("test").error().code, Code::kDataLoss);
}

TEST(ByteReader, IsFailedByAValueThatCannotBe) {
  ByteReader reader("ab");
  reader.Fail();
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.Take<char>(), '\0');
  EXPECT_EQ(reader.Finish("test").error().code, Code::kDataLoss);
}

}  // namespace
}  // namespace stockwatch::base
