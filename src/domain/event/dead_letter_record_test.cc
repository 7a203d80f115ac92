#include "domain/event/dead_letter_record.h"

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::event {
namespace {

using stockwatch::testing::FromHex;

DeadLetter FullLetter() {
  DeadLetter letter;
  letter.id = "id7";
  letter.reason = "bad";
  letter.stage = Stage::kRoute;
  letter.position = base::Position{1, 2, 3, 4};
  letter.line = 17;
  letter.bytes_sha256 = "ab";
  letter.size = 321;
  letter.at = base::Instant::Micros(1'000'000);
  letter.message = "no";
  letter.bytes = "{}";
  return letter;
}

// Written by hand from docs/formats.md, Dead letter.
std::string FullBytes() {
  return FromHex(
      "01"                                      // version
      "03000000 696437"                         // id "id7"
      "03000000 626164"                         // reason "bad"
      "02"                                      // stage route
      "01 01000000 02000000 03000000 04000000"  // position
      "1100000000000000"                        // line 17
      "02000000 6162"                           // sha256 "ab"
      "4101000000000000"                        // size 321
      "01 40420f0000000000"                     // at 1,000,000 µs
      "02000000 6e6f"                           // message "no"
      "02000000 7b7d");                         // bytes "{}"
}

TEST(DeadLetterRecord, HasTheDocumentedBytes) {
  std::string out = "before";
  EncodeDeadLetter(FullLetter(), out);
  EXPECT_EQ(out, "before" + FullBytes());
  const auto decoded = DecodeDeadLetter(FullBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), FullLetter());
}

TEST(DeadLetterRecord, LeavesOutPositionAndInstantThatAreNotKnown) {
  const std::string bytes = FromHex(
      "01 00000000 00000000 00 00 0000000000000000 00000000 0000000000000000 00 00000000 00000000");
  DeadLetter letter;
  letter.stage = Stage::kRead;
  std::string out;
  EncodeDeadLetter(letter, out);
  EXPECT_EQ(out, bytes);
}

TEST(DeadLetterRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeDeadLetter, FullBytes());
}

TEST(DeadLetterRecord, RefusesStagesAndMarksThatDoNotExist) {
  constexpr std::size_t kStage = 1 + 7 + 7;
  for (const auto& [offset, byte] : {std::pair{kStage, 4}, std::pair{kStage + 1, 2}}) {
    const std::string damaged =
        stockwatch::testing::WithByte(FullBytes(), offset, static_cast<unsigned char>(byte));
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeDeadLetter, damaged), base::Code::kDataLoss);
  }
}

RC_GTEST_PROP(DeadLetterRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  DeadLetter letter;
  letter.id = AnyText();
  letter.reason = AnyText();
  letter.stage = AnyEnum(Stage::kApply);
  letter.position = Maybe(AnyPosition);
  letter.line = Any<std::uint64_t>();
  letter.bytes_sha256 = AnyText();
  letter.size = Any<std::uint64_t>();
  letter.at = Maybe(AnyInstant);
  letter.message = AnyText();
  letter.bytes = AnyText();
  std::string record;
  EncodeDeadLetter(letter, record);
  const auto decoded = DecodeDeadLetter(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == letter));
}

}  // namespace
}  // namespace stockwatch::event
