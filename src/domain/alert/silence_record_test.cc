#include "domain/alert/silence_record.h"

#include "testing/record_checks.h"

namespace stockwatch::alert {
namespace {

using stockwatch::testing::FromHex;

event::Silence Some() {
  event::Silence silence;
  silence.id = "s1";
  silence.scope.warehouse_id = "GB";
  silence.scope.sku = "85A";
  silence.types = {event::ConditionType::kLowStock, event::ConditionType::kDrift};
  silence.from = base::Instant::Micros(1);
  silence.until = base::Instant::Micros(2);
  silence.author = "ann";
  silence.reason = "count";
  return silence;
}

// Written by hand from docs/formats.md, Silence.
std::string SomeBytes() {
  return FromHex(
      "01 0200 7331"
      "0200 4742 0000 0000 0000 0000 0300 383541"
      "02000000 02 08"
      "0100000000000000 0200000000000000"
      "0300 616e6e 0500 636f756e74");
}

TEST(SilenceRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeSilence(Some(), out);
  EXPECT_EQ(out, SomeBytes());
  const auto decoded = DecodeSilence(SomeBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Some());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeSilence, SomeBytes());
}

}  // namespace
}  // namespace stockwatch::alert
