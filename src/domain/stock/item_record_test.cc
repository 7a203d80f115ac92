#include "domain/stock/item_record.h"

#include <algorithm>
#include <list>

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::FromHex;

base::Money Pounds(std::int64_t ten_thousandths) {
  return {ten_thousandths, base::Currency::Parse("GBP").value()};
}

ItemRecord PlainItem() {
  ItemRecord item;
  item.sums.on_hand = base::Quantity::Pieces(200);
  item.top = {0, 100, 2, 0};
  item.opening = {0, 99, 1, 0};
  item.opened_seconds = 99;
  item.life = Life::kOpened;
  return item;
}

// Written by hand from docs/formats.md, Stock item. Flags: opening 4.
std::string PlainBytes() {
  return FromHex(
      "02 0400 01"         // version, flags, opened
      "64000000 02000000"  // top
      "400d030000000000"   // on hand 200
      "63000000 01000000"  // opening
  );
}

ItemRecord FullItem() {
  ItemRecord item = PlainItem();
  item.top.ordinal = 3;
  item.opening.generation = 4;
  item.sold_in_hour = {5, base::Quantity::Thousandths(6)};
  item.sums.reserved = base::Quantity::Thousandths(1);
  item.sums.inbound = base::Quantity::Thousandths(-1);
  item.opened_seconds = 97;
  item.last_sale = base::Instant::Micros(98);
  item.transaction_price = Pounds(7);
  item.transaction_price_at = {0, 8, 0, 0};
  Book& book = item.book.emplace();
  book.base = base::Position{0, 9, 0, 0};
  book.described_at = base::Position{0, 10, 0, 0};
  book.began = {0, 33, 0, 0};
  book.references.Add("order/1", base::Quantity::Thousandths(11));
  book.references.Add("order/2", base::Quantity::Thousandths(-12));
  book.references.SetExpected("order/1", base::Instant::Micros(13));
  book.references.SetExpected({}, base::Instant::Micros(30));
  const auto quantity = base::Quantity::Thousandths;
  book.shadow = Shadow{{0, 14, 0, 0},
                       {quantity(15), quantity(16), quantity(17)},
                       {quantity(23), quantity(24), quantity(25)},
                       {},
                       {}};
  book.shadow->references_at_base.Add("r", quantity(26));
  book.shadow->rebases.push_back(
      {{0, 15, 0, 0}, {quantity(27), quantity(28), quantity(29)}, false, true});
  book.checks.push_back({{0, 18, 0, 0}, {quantity(19), quantity(20), quantity(0)}, true, false});
  book.checks.push_back({{0, 18, 1, 0}, {quantity(21), quantity(0), quantity(22)}, false, true});
  return item;
}

constexpr std::size_t kFullBook = 111;

std::string FullBytes() {
  return FromHex(
      "03 ff0f 01"                           // version, every flag, opened
      "00000000 64000000 02000000 03000000"  // top
      "400d030000000000"                     // on hand 200
      "0100000000000000 ffffffffffffffff"    // reserved, inbound
      "04000000 63000000 01000000 00000000"  // opening
      "61000000 6200000000000000"            // opened, last sale
      "05000000 0600000000000000"            // sold in an hour
      "0700000000000000 474250"              // transaction price
      "00000000 08000000 00000000 00000000"  // its position
      // book, at 111
      "7f"                                   // every flag
      "00000000 09000000 00000000 00000000"  // base
      "00000000 0a000000 00000000 00000000"  // described at
      "00000000 21000000 00000000 00000000"  // began
      "02000000"                             // references
      "0700 6f726465722f31 0b00000000000000 01 0d00000000000000"
      "0700 6f726465722f32 f4ffffffffffffff 00"
      "00000000 0e000000 00000000 00000000"  // shadow: base, at_base, sums
      "0f00000000000000 1000000000000000 1100000000000000"
      "1700000000000000 1800000000000000 1900000000000000"
      "01000000 0100 72 1a00000000000000 00"  // references at the base
      "01000000"                              // documents that it was re-based on
      "00000000 0f000000 00000000 00000000"
      "1b00000000000000 1c00000000000000 1d00000000000000 00 01"
      "02000000"  // checks
      "00000000 12000000 00000000 00000000"
      "1300000000000000 1400000000000000 0000000000000000 01 00"
      "00000000 12000000 01000000 00000000"
      "1500000000000000 0000000000000000 1600000000000000 00 01"
      "1e00000000000000");  // what was ordered without a reference is expected
}

ItemNameRecord PlainName() {
  ItemNameRecord name;
  name.warehouse = "GB";
  name.sku = "85A";
  name.document_key = "key";
  name.department = "8";
  name.product = "85";
  name.source = 7;
  return name;
}

// Flags: document key 1, department 2, product 16.
std::string PlainNameBytes() {
  return FromHex(
      "01 13 07"     // version, flags, source 7
      "0200 4742"    // warehouse "GB"
      "0300 383541"  // sku "85A"
      "0300 6b6579"  // document key "key"
      "0100 38"      // department "8"
      "0200 3835"    // product "85"
  );
}

ItemNameRecord FullName() {
  ItemNameRecord name = PlainName();
  name.category = "c";
  name.brand = "b";
  name.discontinued = true;
  Description& description = name.description.emplace();
  description.name = "mug";
  description.price = Pounds(25'500);
  description.cost = base::Money{1, {}};
  description.lead_time_days = event::Thousandths{2};
  description.service_level = event::Thousandths{3};
  description.pack_size = base::Quantity::Thousandths(4);
  description.moq = base::Quantity::Thousandths(5);
  description.expected_at = base::Instant::Micros(6);
  return name;
}

constexpr std::size_t kFullDescription = 30;

std::string FullNameBytes() {
  return FromHex(
      "01 7f 07"                           // version, every flag, source 7
      "0200 4742 0300 383541"              // warehouse "GB", sku "85A"
      "0300 6b6579"                        // document key "key"
      "0100 38 0100 63 0100 62 0200 3835"  // department, category, brand, product
      // description, at 30
      "ff00"                               // every flag
      "03000000 6d7567"                    // name "mug"
      "9c63000000000000 474250"            // price 2.55 GBP
      "0100000000000000 000000"            // cost, no currency
      "0200000000000000 0300000000000000"  // lead time, service level
      "0400000000000000 0500000000000000"  // pack size, minimum order
      "0600000000000000");                 // expected at
}

std::string Encoded(const ItemRecord& item) {
  std::string out;
  EncodeItem(item, item.book ? &*item.book : nullptr, out);
  return out;
}

std::string Encoded(const ItemNameRecord& name) {
  std::string out;
  EncodeItemName(name, out);
  return out;
}

TEST(ItemRecord, HasTheDocumentedBytes) {
  for (const auto& [item, bytes] :
       {std::pair{PlainItem(), PlainBytes()}, std::pair{FullItem(), FullBytes()}}) {
    EXPECT_EQ(Encoded(item), bytes);
    const auto decoded = DecodeItem(bytes);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.value(), item);
  }
}

TEST(ItemRecord, ReadsTheFirstVersion) {
  const auto decoded =
      DecodeItem(FromHex("01 04 01"
                         "00000000 64000000 02000000 00000000"
                         "400d030000000000"
                         "00000000 63000000 01000000 00000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), PlainItem());
}

TEST(ItemNameRecord, HasTheDocumentedBytes) {
  for (const auto& [name, bytes] :
       {std::pair{PlainName(), PlainNameBytes()}, std::pair{FullName(), FullNameBytes()}}) {
    EXPECT_EQ(Encoded(name), bytes);
    const auto decoded = DecodeItemName(bytes);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.value(), name);
  }
}

// Written for every change of an item.
TEST(ItemRecord, IsShortWithoutABook) {
  ItemRecord item = PlainItem();
  item.last_sale = base::Instant::Seconds(1'300'000'000);
  item.sold_in_hour = {item.top.seconds / 3600, base::Quantity::Pieces(2)};
  EXPECT_EQ(Encoded(item).size(), 44u);
}

TEST(ItemRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(
      DecodeItem, stockwatch::testing::WithByte(PlainBytes(), 0, 3));
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeItem, FullBytes());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeItemName, PlainNameBytes());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeItemName, FullNameBytes());
}

struct Damage {
  std::size_t offset;
  unsigned char byte;
  std::string_view why;
};

TEST(ItemRecord, RefusesWhatCannotBe) {
  constexpr std::size_t kReferenceList = kFullBook + 1 + 48 + 4;
  constexpr std::size_t kSecondName = kReferenceList + 26 + 2 + 6;
  constexpr std::size_t kFirstSum = kReferenceList + 9;
  constexpr std::size_t kFirstCheck = kReferenceList + 26 + 18 + 64 + 16 + 46 + 4;
  const Damage cases[] = {
      {2, 0x1f, "a flag that does not exist"},
      {3, 3, "a life that does not exist"},
      {kFullBook, 0xff, "a flag of the book that does not exist"},
      {0, 2, "a flag of the book that version 2 does not have"},
      {kSecondName, '1', "two references of one name"},
      {kSecondName, '0', "references out of order"},
      {kFirstSum, 0, "a reference at 0"},
      {kFirstCheck + 4, 19, "checks out of order"},
      {kFirstCheck + 40, 2, "a mark that is neither 0 nor 1"},
  };
  for (const Damage& damage : cases) {
    const std::string record =
        stockwatch::testing::WithByte(FullBytes(), damage.offset, damage.byte);
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeItem, record), base::Code::kDataLoss) << damage.why;
  }
}

TEST(ItemNameRecord, RefusesWhatCannotBe) {
  const Damage cases[] = {
      {1, 0xff, "a flag that does not exist"},
      {5, '\n', "a control character in an id"},
      {5, 0xff, "an id that is not UTF-8"},
      {kFullDescription + 1, 0x01, "a flag of the description that does not exist"},
      {kFullDescription + 2 + 7 + 8, 'g', "a currency in lower case"},
      {kFullDescription + 2 + 7 + 11 + 8, 'A', "a currency of one letter"},
  };
  for (const Damage& damage : cases) {
    const std::string record =
        stockwatch::testing::WithByte(FullNameBytes(), damage.offset, damage.byte);
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeItemName, record), base::Code::kDataLoss)
        << damage.why;
  }
}

Figures AnyFigures() {
  using namespace stockwatch::testing;
  return {AnyQuantity(), AnyQuantity(), AnyQuantity()};
}

Description AnyDescription() {
  using namespace stockwatch::testing;
  Description description;
  description.name = AnyText();
  description.price = Maybe(AnyMoney);
  description.cost = Maybe(AnyMoney);
  description.lead_time_days = Maybe(AnyThousandths);
  description.service_level = Maybe(AnyThousandths);
  description.pack_size = Maybe(AnyQuantity);
  description.moq = Maybe(AnyQuantity);
  description.expected_at = Maybe(AnyInstant);
  return description;
}

Book AnyBook() {
  using namespace stockwatch::testing;
  Book book;
  book.base = Maybe(AnyPosition);
  book.described_at = Maybe(AnyPosition);
  book.began = AnyPosition();
  for (const std::string& reference : AnyList(4, AnyText)) {
    book.references.Add(reference, AnyQuantity());
    if (Any<bool>()) book.references.SetExpected(reference, AnyInstant());
  }
  if (Any<bool>()) book.references.SetExpected({}, AnyInstant());
  const auto checks = [] {
    auto list = AnyList(
        3, [] { return DriftCheck{AnyPosition(), AnyFigures(), Any<bool>(), Any<bool>()}; });
    std::sort(list.begin(), list.end(),
              [](const DriftCheck& a, const DriftCheck& b) { return a.position < b.position; });
    return list;
  };
  book.shadow =
      Maybe([&] { return Shadow{AnyPosition(), AnyFigures(), AnyFigures(), {}, checks()}; });
  book.checks = checks();
  return book;
}

RC_GTEST_PROP(ItemRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  ItemRecord item;
  item.sums = AnyFigures();
  item.top = AnyPosition();
  item.opening = AnyPosition();
  item.life = AnyEnum(Life::kRetired);
  item.opened_seconds = Any<std::uint32_t>();
  item.last_sale = AnyInstant();
  item.transaction_price = Maybe(AnyMoney);
  if (item.transaction_price) item.transaction_price_at = Any<bool>() ? item.top : AnyPosition();
  item.sold_in_hour =
      Maybe([] { return ItemRecord::SoldInHour{Any<std::uint32_t>(), AnyQuantity()}; });
  item.book = Maybe(AnyBook);
  const auto decoded = DecodeItem(Encoded(item));
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == item));
}

RC_GTEST_PROP(ItemNameRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  ItemNameRecord name;
  std::list<std::string> texts;
  name.warehouse = texts.emplace_back(AnyId());
  name.sku = texts.emplace_back(AnyId());
  name.document_key = texts.emplace_back(AnyText());
  for (auto* level : {&name.department, &name.category, &name.brand, &name.product}) {
    if (Any<bool>()) *level = texts.emplace_back(AnyId());
  }
  name.discontinued = Any<bool>();
  name.source = Any<std::uint8_t>();
  name.description = Maybe(AnyDescription);
  const std::string record = Encoded(name);
  const auto decoded = DecodeItemName(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == name));
}

}  // namespace
}  // namespace stockwatch::stock
