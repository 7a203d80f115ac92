#include "domain/outbox/row_record.h"

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::outbox {
namespace {

using stockwatch::testing::FromHex;

alert::EpisodeId CountedId() {
  alert::EpisodeId id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(i);
  return id;
}

Row ItemRow() {
  Row row;
  row.key = "k/0";
  row.route = "r";
  row.destination = "d1";
  row.message.episode = CountedId();
  row.message.type = event::ConditionType::kLowStock;
  row.message.kind = alert::NoticeKind::kResolved;
  row.message.severity = event::Severity::kWarning;
  row.message.warehouse_id = "GB";
  row.message.sku = "85A";
  row.message.at = base::Instant::Micros(256);
  row.message.opened_at = base::Instant::Micros(-1);
  row.message.value = 38'000;
  row.message.threshold = 40'000;
  row.message.rule_id = "low";
  row.message.rule_version = 3;
  row.message.cause = alert::Cause::kManual;
  return row;
}

// Written by hand from docs/formats.md, Outbox row. 38,000 = 0x9470, 40,000 = 0x9c40.
std::string ItemBytes() {
  return FromHex(
      "01"                                // version
      "03000000 6b2f30"                   // key "k/0"
      "01000000 72"                       // route "r"
      "02000000 6431"                     // destination "d1"
      "000102030405060708090a0b0c0d0e0f"  // episode
      "02 02 01"                          // low_stock, resolved, warning
      "02000000 4742"                     // warehouse "GB"
      "03000000 383541"                   // sku "85A"
      "00000000 00000000"                 // no tree, no path
      "0001000000000000"                  // at 256 µs
      "ffffffffffffffff"                  // opened at −1 µs
      "7094000000000000"                  // value
      "409c000000000000"                  // threshold
      "03000000 6c6f77"                   // rule "low"
      "03000000"                          // rule version
      "04");                              // cause manual
}

TEST(RowRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeRow(ItemRow(), out);
  EXPECT_EQ(out, ItemBytes());
  const auto decoded = DecodeRow(ItemBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), ItemRow());
}

TEST(RowRecord, KeepsThePathOfANode) {
  Row row;
  row.message.tree = "global";
  row.message.path = {"8", "85"};
  std::string out;
  EncodeRow(row, out);
  const std::string expected = FromHex(
      "01 00000000 00000000 00000000"              // no key, route, destination
      "00000000000000000000000000000000 00 00 00"  // episode, out_of_stock, opened, info
      "00000000 00000000"                          // no warehouse, no sku
      "06000000 676c6f62616c"                      // tree "global"
      "02000000 01000000 38 02000000 3835"         // path "8", "85"
      "0000000000000000 0000000000000000 0000000000000000 0000000000000000"
      "00000000 00000000 00");  // no rule, cause cleared
  EXPECT_EQ(out, expected);
}

TEST(RowRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeRow, ItemBytes());
}

TEST(RowRecord, RefusesNumbersThatNameNothing) {
  constexpr std::size_t kType = 1 + 7 + 5 + 6 + 16;
  const std::size_t last = ItemBytes().size() - 1;
  const std::pair<std::size_t, unsigned char> cases[] = {
      {kType, 12}, {kType + 1, 5}, {kType + 2, 4}, {last, 5}};
  for (const auto& [offset, byte] : cases) {
    const std::string damaged = stockwatch::testing::WithByte(ItemBytes(), offset, byte);
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeRow, damaged), base::Code::kDataLoss) << offset;
  }
}

TEST(RowRecord, RefusesACountBeyondTheRecord) {
  std::string damaged = ItemBytes();
  constexpr std::size_t kPathCount = 1 + 7 + 5 + 6 + 16 + 3 + 6 + 7 + 4;
  for (std::size_t i = 0; i < 4; ++i) damaged[kPathCount + i] = '\xff';
  EXPECT_EQ(stockwatch::testing::CodeOf(DecodeRow, damaged), base::Code::kDataLoss);
}

RC_GTEST_PROP(RowRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  Row row;
  row.key = AnyText();
  row.route = AnyText();
  row.destination = AnyText();
  Message& message = row.message;
  for (auto& byte : message.episode) byte = Any<std::uint8_t>();
  message.type = AnyEnum(event::ConditionType::kSourceSilent);
  message.kind = AnyEnum(alert::NoticeKind::kReminder);
  message.severity = AnyEnum(event::Severity::kPage);
  message.warehouse_id = AnyText();
  message.sku = AnyText();
  message.tree = AnyText();
  message.path = AnyList(4, AnyText);
  message.at = AnyInstant();
  message.opened_at = AnyInstant();
  message.value = Any<std::int64_t>();
  message.threshold = Any<std::int64_t>();
  message.rule_id = AnyText();
  message.rule_version = Any<std::uint32_t>();
  message.cause = AnyEnum(alert::Cause::kManual);
  std::string record;
  EncodeRow(row, record);
  const auto decoded = DecodeRow(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == row));
}

}  // namespace
}  // namespace stockwatch::outbox
