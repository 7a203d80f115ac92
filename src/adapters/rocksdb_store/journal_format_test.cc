#include "adapters/rocksdb_store/journal_format.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "ports/batch.h"

namespace stockwatch::rocksdb_store {
namespace {

StoreId TestId() {
  StoreId id{};
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<char>(0xA0 + i);
  return id;
}

TEST(JournalFormat, HeaderIsTheBytesOfItsDescription) {
  const std::string bytes = EncodeSegmentHeader({TestId(), 3, 0x1234});
  EXPECT_EQ(base::Hex(bytes),
            "53574a4f55524e4c"  // magic
            "01000000"
            "00000000"                          // version
            "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"  // store
            "0300000000000000"
            "3412000000000000"  // epoch, first batch
            "a285504c"
            "000000000000000000000000");
  const auto header = DecodeSegmentHeader(bytes);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header.value(), (SegmentHeader{TestId(), 3, 0x1234}));
}

TEST(JournalFormat, RecordIsTheBytesOfItsDescription) {
  ports::Batch batch;
  batch.Put(ports::Family::kItem, "k", "v");
  std::string bytes;
  AppendRecord(TestId(), {0x1234, 3, 0x1233, batch.bytes()}, bytes);
  EXPECT_EQ(base::Hex(bytes),
            "0a000000"
            "6ca5a658"          // length, crc
            "3412000000000000"  // number
            "0300000000000000"  // epoch
            "3312000000000000"  // synced
            "000401000100"
            "00006b76"
            "000000000000");
  const auto record = ReadRecord(TestId(), bytes, 0);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->number, 0x1234u);
  EXPECT_EQ(record->epoch, 3u);
  EXPECT_EQ(record->synced, 0x1233u);
  EXPECT_EQ(record->payload, batch.bytes());
}

TEST(JournalFormat, HeaderWithAnyOtherByteIsRefused) {
  const std::string good = EncodeSegmentHeader({TestId(), 3, 7});
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    EXPECT_FALSE(DecodeSegmentHeader(bytes).ok()) << "byte " << i;
    EXPECT_FALSE(DecodeSegmentHeader(good.substr(0, i)).ok()) << "cut to " << i;
  }
  std::string newer = good;
  newer[8] = 2;
  ASSERT_FALSE(DecodeSegmentHeader(newer).ok());
  EXPECT_EQ(DecodeSegmentHeader(newer).error().code, base::Code::kFailedPrecondition);
}

TEST(JournalFormat, RecordWithAnyOtherByteOrCutShortIsNone) {
  std::string good;
  AppendRecord(TestId(), {1, 1, 0, "payload of some bytes"}, good);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x01);
    EXPECT_FALSE(ReadRecord(TestId(), bytes, 0).has_value()) << "byte " << i;
    EXPECT_FALSE(ReadRecord(TestId(), good.substr(0, i), 0).has_value()) << "cut to " << i;
  }
  StoreId other = TestId();
  other[0] = 0;
  EXPECT_FALSE(ReadRecord(other, good, 0).has_value()) << "of another store";
}

TEST(JournalFormat, NamesOrderAsNumbersDo) {
  EXPECT_EQ(SegmentName(0x1A2B), "journal-0000000000001a2b.log");
  EXPECT_EQ(FirstOfSegment("journal-0000000000001a2b.log"), 0x1A2Bu);
  for (const char* other :
       {"journal-0000000000001A2B.log", "journal-1a2b.log", "journal-000000000000000g.log",
        "journal-0000000000001a2b.log.new", "STORE", ""}) {
    EXPECT_EQ(FirstOfSegment(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
