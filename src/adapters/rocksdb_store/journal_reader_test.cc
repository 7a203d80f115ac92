#include "adapters/rocksdb_store/journal_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "ports/batch.h"

namespace stockwatch::rocksdb_store {
namespace {

constexpr std::uint64_t kBatches = 40;

ports::Batch SmallNumbers() {
  ports::Batch batch;
  std::string record;
  base::ByteWriter writer(record);
  for (std::uint64_t i = 0; i < 25'000; ++i) writer.Put(i * 2'654'435'761u % 3'000'000);
  batch.Put(ports::Family::kItem, "key", record);
  return batch;
}

// A file of 8 MB whose second record is damaged; each record says that so many were synced.
base::Result<Segment> ReadWithDamage(std::uint64_t synced) {
  const SegmentHeader header{.epoch = 1, .first = 1};
  const ports::Batch batch = SmallNumbers();
  std::string bytes = EncodeSegmentHeader(header);
  for (std::uint64_t number = 1; number <= kBatches; ++number) {
    AppendRecord(header.store, {number, 1, std::min(number - 1, synced), batch.bytes()}, bytes);
    if (number == 2) bytes[bytes.size() - 100] ^= 1;
  }
  return ReadSegment("folder/" + SegmentName(1), header.store, bytes);
}

// Every number in a payload may look like the length of a record: it takes milliseconds all the
// same, not hours.
TEST(JournalReader, BatchesThatWereNeverSyncedMayBeTorn) {
  const auto segment = ReadWithDamage(1);
  ASSERT_TRUE(segment.ok()) << segment.error().message;
  EXPECT_EQ(segment.value().last(), 1u);
  EXPECT_GT(segment.value().bytes_torn, 7'000'000u);
}

TEST(JournalReader, BatchThatWasSyncedMayNot) {
  const auto segment = ReadWithDamage(2);
  ASSERT_FALSE(segment.ok());
  EXPECT_EQ(segment.error().code, base::Code::kDataLoss);
  EXPECT_NE(segment.error().message.find("a bad record with good ones behind it at byte 200"),
            std::string::npos)
      << segment.error().message;
}

}  // namespace
}  // namespace stockwatch::rocksdb_store
