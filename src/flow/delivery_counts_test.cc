#include "flow/delivery_counts.h"

#include "testing/record_checks.h"

namespace stockwatch::flow {
namespace {

using stockwatch::testing::FromHex;

// Written by hand from docs/formats.md, Delivery counts and Disabled channel.
TEST(DeliveryCounts, HaveTheDocumentedBytes) {
  DeliveryCounts counts;
  counts.planned = 1;
  counts.delivered = 2;
  counts.dead_lettered = 3;
  counts.folded = 5;
  counts.digests = 6;
  counts.attempts = {7, 8, 9, 10, 11};
  const std::string bytes = FromHex(
      "01 0100000000000000 0200000000000000 0300000000000000 0000000000000000 0500000000000000"
      "0600000000000000 0700000000000000 0800000000000000 0900000000000000 0a00000000000000"
      "0b00000000000000");
  std::string out;
  EncodeDeliveryCounts(counts, out);
  EXPECT_EQ(out, bytes);
  EXPECT_EQ(DecodeDeliveryCounts(bytes).value(), counts);
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeDeliveryCounts, bytes);
}

TEST(DisabledChannel, HasTheDocumentedBytes) {
  const DisabledChannel channel{base::Instant::Micros(1), "gone", "f"};
  const std::string bytes = FromHex("01 0100000000000000 04000000 676f6e65 01000000 66");
  std::string out;
  EncodeDisabledChannel(channel, out);
  EXPECT_EQ(out, bytes);
  EXPECT_EQ(DecodeDisabledChannel(bytes).value(), channel);
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeDisabledChannel, bytes);
}

}  // namespace
}  // namespace stockwatch::flow
