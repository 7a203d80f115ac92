#include "domain/stock/history_row.h"

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::FromHex;

HistoryRow PlainSale() {
  HistoryRow row;
  row.position = {0, 100, 2, 0};
  row.kind = RowKind::kSale;
  row.stated.on_hand = base::Quantity::Pieces(2);
  row.occurred_at = base::Instant::Seconds(1);
  row.result = base::Quantity::Pieces(200);
  return row;
}

// Written by hand from docs/formats.md, History row.
std::string PlainBytes() {
  return FromHex(
      "01 00 00"                             // version, sale, no flag
      "00000000 64000000 02000000 00000000"  // position
      "40420f0000000000"                     // occurred at 1 s
      "d007000000000000"                     // 2
      "400d030000000000");                   // 200 after it
}

HistoryRow FullDocument() {
  HistoryRow row = PlainSale();
  row.kind = RowKind::kDocument;
  row.has_reserved = true;
  row.has_inbound = true;
  row.stated.reserved = base::Quantity::Thousandths(1);
  row.stated.inbound = base::Quantity::Thousandths(-1);
  row.reference = "order/1";
  return row;
}

std::string FullBytes() {
  return FromHex("01 0d 1f") + PlainBytes().substr(3) +
         FromHex("0100000000000000 ffffffffffffffff 07000000 6f726465722f31");
}

TEST(HistoryRowRecord, HasTheDocumentedBytes) {
  const std::pair<HistoryRow, std::string> cases[] = {{PlainSale(), PlainBytes()},
                                                      {FullDocument(), FullBytes()}};
  for (const auto& [row, bytes] : cases) {
    std::string out;
    EncodeHistoryRow(row, out);
    EXPECT_EQ(out, bytes);
    const auto decoded = DecodeHistoryRow(bytes);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.value(), row);
  }
}

TEST(HistoryRowRecord, OfAPlainSaleTakes43Bytes) {
  EXPECT_EQ(PlainBytes().size(), 43u);
}

TEST(HistoryRowRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeHistoryRow, PlainBytes());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeHistoryRow, FullBytes());
}

TEST(HistoryRowRecord, RefusesKindsAndFlagsThatDoNotExist) {
  for (const auto& [offset, byte] :
       {std::pair{std::size_t{1}, kRowKinds}, std::pair{std::size_t{2}, std::size_t{32}}}) {
    const std::string damaged =
        stockwatch::testing::WithByte(PlainBytes(), offset, static_cast<unsigned char>(byte));
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeHistoryRow, damaged), base::Code::kDataLoss);
  }
}

RC_GTEST_PROP(HistoryRowRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  const std::string reference = AnyText();
  HistoryRow row;
  row.position = AnyPosition();
  row.kind = AnyEnum(RowKind::kDelete);
  row.has_reserved = Any<bool>();
  row.has_inbound = Any<bool>();
  row.stated.on_hand = AnyQuantity();
  row.stated.reserved = AnyQuantity();
  row.stated.inbound = AnyQuantity();
  row.reference = reference;
  row.occurred_at = AnyInstant();
  row.result = AnyQuantity();
  std::string record;
  EncodeHistoryRow(row, record);
  const auto decoded = DecodeHistoryRow(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == row));
}

}  // namespace
}  // namespace stockwatch::stock
