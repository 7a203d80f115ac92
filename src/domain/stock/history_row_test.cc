#include "domain/stock/history_row.h"

#include <string>

#include "testing/any.h"
#include "testing/record_checks.h"
#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::Any;
using stockwatch::testing::At;
using stockwatch::testing::Count;
using stockwatch::testing::Delete;
using stockwatch::testing::Document;
using stockwatch::testing::FromHex;
using stockwatch::testing::LookedUp;
using stockwatch::testing::Movement;
using stockwatch::testing::Pieces;
using stockwatch::testing::PiecesOf;
using stockwatch::testing::Sale;

std::string Encoded(const HistoryRow& row) {
  std::string record;
  EncodeHistoryRow(row, record);
  return record;
}

HistoryRow PlainSale() {
  HistoryRow row;
  row.position = {0, 100, 2, 1};
  row.kind = RowKind::kSale;
  row.occurred_at = base::Instant::Micros(256);
  row.stated.on_hand = base::Quantity::Thousandths(2);
  row.result = base::Quantity::Thousandths(-1);
  return row;
}

// By hand from docs/formats.md, History row.
constexpr std::string_view kPlainSale =
    "01 00 00"           // version, sale, no flags
    "0001000000000000"   // occurred at 256 µs
    "0200000000000000"   // quantity 0.002
    "ffffffffffffffff";  // on-hand after it: -0.001

TEST(HistoryRow, WritesTheDocumentedBytesOfAPlainMovement) {
  EXPECT_EQ(Encoded(PlainSale()), FromHex(kPlainSale));
  EXPECT_EQ(Encoded(PlainSale()).size(), 27u);
}

TEST(HistoryRow, WritesTheDocumentedBytesOfEveryPart) {
  HistoryRow row = PlainSale();
  row.kind = RowKind::kDelete;
  row.has_reserved = row.has_inbound = true;
  row.stated.reserved = base::Quantity::Thousandths(3);
  row.stated.inbound = base::Quantity::Thousandths(4);
  row.reference = "order/7";
  EXPECT_EQ(Encoded(row), FromHex("01 0f 1f"
                                  "0001000000000000 0200000000000000 ffffffffffffffff"
                                  "0300000000000000"            // reserved
                                  "0400000000000000"            // inbound
                                  "07000000 6f726465722f37"));  // "order/7"
}

TEST(HistoryRow, ReadsTheDocumentedBytes) {
  const std::string record = FromHex(kPlainSale);
  const auto row = DecodeHistoryRow(record);
  ASSERT_TRUE(row.ok());
  HistoryRow expected = PlainSale();
  expected.position = {};  // the key has it
  EXPECT_EQ(row.value(), expected);
}

// Two pieces less of one reference, where the history begins.
TEST(HistoryRow, ARowThatBeginsTheHistoryIsOfVersionTwo) {
  HistoryRow row;
  row.kind = RowKind::kCarried;
  row.begins = true;
  row.stated.inbound = Pieces(-2);
  row.reference = "o";
  row.occurred_at = base::Instant::Micros(1);
  row.result = Pieces(1);
  const std::string bytes = FromHex(
      "02 10 38 0100000000000000 0000000000000000 e803000000000000"
      "30f8ffffffffffff"
      "01000000 6f");
  EXPECT_EQ(Encoded(row), bytes);
  const auto read = DecodeHistoryRow(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), row);
  const auto code = [&](std::size_t offset, unsigned char byte) {
    return stockwatch::testing::CodeOf(DecodeHistoryRow,
                                       stockwatch::testing::WithByte(bytes, offset, byte));
  };
  EXPECT_EQ(code(0, 1), base::Code::kDataLoss) << "version 1 had no such row";
  EXPECT_EQ(code(1, 17), base::Code::kDataLoss) << "a kind that is none";
  EXPECT_EQ(code(2, 64), base::Code::kDataLoss) << "a flag that version 2 does not have";
}

TEST(HistoryRow, AnOrderWithItsDateIsOfVersionThree) {
  HistoryRow row;
  row.kind = RowKind::kOrdered;
  row.stated.on_hand = Pieces(2);
  row.occurred_at = base::Instant::Micros(1);
  row.result = Pieces(1);
  row.reference = "o";
  row.expected_at = base::Instant::Micros(2);
  const std::string bytes = FromHex(
      "03 0a 50 0100000000000000 d007000000000000 e803000000000000"
      "01000000 6f 0200000000000000");
  EXPECT_EQ(Encoded(row), bytes);
  const auto read = DecodeHistoryRow(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), row);
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeHistoryRow, bytes);
  const std::string flagged = stockwatch::testing::WithByte(bytes, 2, 0xd0);
  EXPECT_EQ(stockwatch::testing::CodeOf(DecodeHistoryRow, flagged), base::Code::kDataLoss)
      << "a flag that does not exist";
}

TEST(HistoryRow, KindNumbersAreThoseOfTheFormat) {
  const char* const names[] = {
      "sale",    "return",      "damage",    "shrinkage", "adjustment", "transfer_out",
      "receipt", "transfer_in", "reserve",   "release",   "ordered",    "order_cancelled",
      "count",   "document",    "looked_up", "delete",    "carried"};
  for (std::size_t number = 0; number < kRowKinds; ++number) {
    EXPECT_EQ(Name(static_cast<RowKind>(number)), names[number]) << number;
  }
  for (std::size_t type = 0; type < event::kTransactionTypeNames.size(); ++type) {
    EXPECT_EQ(Name(KindOf(static_cast<event::TransactionType>(type))),
              event::kTransactionTypeNames[type]);
  }
}

TEST(HistoryRow, RefusesDamagedAndNewerRecords) {
  HistoryRow row = PlainSale();
  row.stated.reserved = Pieces(1);
  row.reference = "transfer/1";
  row.begins = true;
  row.expected_at = base::Instant::Micros(1);
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeHistoryRow, Encoded(row));
  const auto code = [](std::size_t offset, unsigned char byte) {
    return stockwatch::testing::CodeOf(
        DecodeHistoryRow, stockwatch::testing::WithByte(FromHex(kPlainSale), offset, byte));
  };
  EXPECT_EQ(code(1, 16), base::Code::kDataLoss) << "a kind that is none";
  EXPECT_EQ(code(2, 32), base::Code::kDataLoss) << "a flag that version 1 does not have";
}

RC_GTEST_PROP(HistoryRowProperty, ReadsBackWhatItWrote, ()) {
  using namespace stockwatch::testing;
  HistoryRow row;
  row.position = AnyPosition();
  row.kind = AnyEnum(RowKind::kCarried);
  row.begins = Any<bool>();
  row.expected_at = Maybe(AnyInstant);
  row.has_reserved = Any<bool>();
  row.has_inbound = Any<bool>();
  row.stated = {AnyQuantity(), AnyQuantity(), AnyQuantity()};
  const std::string reference = AnyText();
  row.reference = reference;
  row.occurred_at = AnyInstant();
  row.result = AnyQuantity();
  const std::string record = Encoded(row);
  const auto read = DecodeHistoryRow(record);
  RC_ASSERT(read.ok());
  HistoryRow whole = read.value();
  whole.position = row.position;
  RC_ASSERT(whole == row);
}

// The table of the domain page, section 4.
TEST(HistoryRow, EveryTypeHasTheEffectOfTheDomainPage) {
  struct Case {
    RowKind kind = RowKind::kSale;
    Figures effect;
  };
  const Case cases[] = {
      {RowKind::kSale, PiecesOf(-5, 0, 0)},      {RowKind::kReturn, PiecesOf(5, 0, 0)},
      {RowKind::kDamage, PiecesOf(-5, 0, 0)},    {RowKind::kShrinkage, PiecesOf(-5, 0, 0)},
      {RowKind::kAdjustment, PiecesOf(5, 0, 0)}, {RowKind::kTransferOut, PiecesOf(-5, 0, 0)},
      {RowKind::kReceipt, PiecesOf(5, 0, -5)},   {RowKind::kTransferIn, PiecesOf(5, 0, -5)},
      {RowKind::kReserve, PiecesOf(0, 5, 0)},    {RowKind::kRelease, PiecesOf(0, -5, 0)},
      {RowKind::kOrdered, PiecesOf(0, 0, 5)},    {RowKind::kOrderCancelled, PiecesOf(0, 0, -5)},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(EffectOf(Movement(c.kind, At(1), 5)), c.effect) << Name(c.kind);
    EXPECT_FALSE(IsAbsolute(c.kind)) << Name(c.kind);
  }
}

TEST(HistoryRow, ASaleTakesFromReservedWhatWasReservedOfIt) {
  EXPECT_EQ(EffectOf(Sale(At(1), 5, 3)), PiecesOf(-5, -3, 0));
}

TEST(HistoryRow, AnAdjustmentTakesItsSign) {
  EXPECT_EQ(EffectOf(Movement(RowKind::kAdjustment, At(1), -4)), PiecesOf(-4, 0, 0));
}

TEST(HistoryRow, CountsDocumentsAndDeletesAreAbsolute) {
  for (const HistoryRow& row :
       {Count(At(1), 7), Document(At(1), 7, 2, 1), LookedUp(At(1), 7), Delete(At(1))}) {
    EXPECT_EQ(EffectOf(row), Figures()) << Name(row.kind);
    EXPECT_TRUE(IsAbsolute(row.kind)) << Name(row.kind);
  }
  EXPECT_TRUE(IsDocument(RowKind::kDocument));
  EXPECT_TRUE(IsDocument(RowKind::kLookedUp));
  EXPECT_FALSE(IsDocument(RowKind::kCount));
  EXPECT_FALSE(IsDocument(RowKind::kDelete));
}

TEST(HistoryRow, FiguresAddAndSubtractEach) {
  Figures figures = PiecesOf(1, 2, 3);
  figures += PiecesOf(10, 20, 30);
  EXPECT_EQ(figures, PiecesOf(11, 22, 33));
  figures -= PiecesOf(1, 2, 3);
  EXPECT_EQ(figures, PiecesOf(10, 20, 30));
}

}  // namespace
}  // namespace stockwatch::stock
