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
  row.message.opening_value = 41'000;
  return row;
}

// Written by hand from docs/formats.md, Outbox row. 38,000 = 0x9470, 40,000 = 0x9c40,
// 41,000 = 0xa028.
std::string BareBytes(const std::string& version) {
  return FromHex(version +
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

// Of an item without department, category, brand and product.
constexpr const char* kNoLevels = "00000000 00000000 00000000 00000000";

// No author and no reason of the rule, nothing of stock that is compared.
constexpr const char* kNoCompare = "00000000 00000000 00";

std::string BytesOfSix(const std::string& version = "06") {
  return BareBytes(version) +
         FromHex(
             "28a0000000000000"   // value at opening
             "00000000 00 00"     // no name, figures, price
             "00000000 00 00 00"  // none elsewhere, no trend, suggestion, risk
             "00") +              // no outlook
         FromHex(kNoLevels) +     //
         FromHex("00 00");        // no digest, no component
}

std::string ItemBytes() {
  return BytesOfSix("0c") + FromHex(kNoCompare);
}

TEST(RowRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeRow(ItemRow(), out);
  EXPECT_EQ(out, ItemBytes());
  const auto decoded = DecodeRow(ItemBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), ItemRow());
}

TEST(RowRecord, OfVersionOneHasNoContext) {
  Row bare = ItemRow();
  bare.message.opening_value = 0;
  const auto decoded = DecodeRow(BareBytes("01"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), bare);
}

TEST(RowRecord, OfVersionTwoHasNoOutlook) {
  Row row = ItemRow();
  row.message.context.suggestion = Context::Suggestion{"count", {}, "", {}};
  const auto decoded =
      DecodeRow(BareBytes("02") + FromHex("28a0000000000000 00000000 00 00 00000000 00"
                                          "01 05000000 636f756e74 0000000000000000 00000000 00"
                                          "00 00"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), row);
}

TEST(RowRecord, OfVersionFourKnewTwelveConditionsAndNoComponent) {
  Row row = ItemRow();
  row.message.digest = Digest();
  row.message.digest->by_type[11] = row.message.digest->subjects_by_type[11] = 1;
  const std::string zeros(44, '0');
  const auto decoded =
      DecodeRow(BareBytes("04") + FromHex("28a0000000000000 00000000 00 00 00000000 00 00 00 00 01"
                                          "0000000000000000 0000000000000000" +
                                          zeros + zeros + "01000000" + std::string(32, '0') +
                                          "00000000 00000000 00000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), row);
}

TEST(RowRecord, OfVersionSixDidNotSayWhatIsCompared) {
  const auto decoded = DecodeRow(BytesOfSix());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), ItemRow());
}

TEST(RowRecord, KeepsWhatIsComparedAndWhoWantedIt) {
  Row row = ItemRow();
  row.message.rule_author = "ada";
  row.message.rule_reason = "sale";
  row.message.compare = event::Compare::kPosition;
  const std::string expected =
      BytesOfSix("0c") + FromHex("03000000 616461 04000000 73616c65 01 02");
  std::string out;
  EncodeRow(row, out);
  EXPECT_EQ(out, expected);
  const auto decoded = DecodeRow(expected);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), row);
}

TEST(RowRecord, OfVersionSixKnewFourteenConditions) {
  Row row = ItemRow();
  row.message.digest = Digest();
  row.message.digest->by_type[13] = row.message.digest->subjects_by_type[13] = 1;
  std::string bytes =
      BareBytes("06") + FromHex("28a0000000000000 00000000 00 00 00000000 00 00 00");
  bytes += FromHex("00" + std::string(kNoLevels) + "01 0000000000000000 0000000000000000");
  bytes += FromHex(std::string(13 * 8, '0') + "01000000" + std::string(32, '0'));  // counts
  bytes += FromHex("00000000 00000000 00000000 00 00");  // resolved, lines, keys, group; component
  const auto decoded = DecodeRow(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), row);
}

TEST(RowRecord, KeepsAComponent) {
  Row row = ItemRow();
  row.message.component = alert::Component{alert::Component::Kind::kChannel, "ops"};
  std::string out;
  EncodeRow(row, out);
  std::string expected = BytesOfSix("0c");
  expected.pop_back();
  EXPECT_EQ(out, expected + FromHex("01 01 03000000 6f7073") + FromHex(kNoCompare));
  const auto decoded = DecodeRow(out);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), row);
}

TEST(RowRecord, KeepsWhatIsKnownBesideTheAlert) {
  Row row = ItemRow();
  Context& context = row.message.context;
  context.name = "Mug";
  context.department = "Home";
  context.product = "P";
  context.stock = Context::Figures{base::Quantity::Thousandths(1), base::Quantity::Thousandths(2),
                                   base::Quantity::Thousandths(3), base::Quantity::Thousandths(-1)};
  context.price = base::Money{4, base::Currency::Parse("GBP").value()};
  context.elsewhere = {{"FR", base::Quantity::Thousandths(5)}};
  context.trend = Context::Trend{base::Quantity::Thousandths(6), base::Quantity::Thousandths(7)};
  context.suggestion = Context::Suggestion{"buy", base::Quantity::Thousandths(8), "",
                                           base::Money{9, base::Currency()}, "low"};
  context.outlook =
      Context::Outlook{event::Thousandths{11}, base::Instant::Micros(12), base::Instant::Micros(13),
                       base::Instant::Micros(14), base::Instant::Micros(15)};
  context.revenue_at_risk = base::Money{10, base::Currency::Parse("EUR").value()};
  const std::string expected = BareBytes("0c") + FromHex(
                                                     "28a0000000000000"
                                                     "03000000 4d7567"
                                                     "01 0100000000000000 0200000000000000"
                                                     "   0300000000000000 ffffffffffffffff"
                                                     "01 0400000000000000 474250"
                                                     "01000000 02000000 4652 0500000000000000"
                                                     "01 0600000000000000 0700000000000000"
                                                     "01 03000000 627579 0800000000000000"
                                                     "   00000000 01 0900000000000000 000000"
                                                     "   03000000 6c6f77"
                                                     "01 0a00000000000000 455552"
                                                     "01 0b00000000000000 0c00000000000000"
                                                     "   0d00000000000000 0e00000000000000"
                                                     "   0f00000000000000"
                                                     "04000000 486f6d65 00000000"
                                                     "00000000 01000000 50"
                                                     "00 00"
                                                     "00000000 00000000 00");
  std::string out;
  EncodeRow(row, out);
  EXPECT_EQ(out, expected);
  const auto decoded = DecodeRow(expected);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), row);
}

Row DigestRow() {
  Row row = ItemRow();
  Digest digest;
  digest.from = base::Instant::Micros(1);
  digest.until = base::Instant::Micros(2);
  digest.by_type[2] = 3;
  digest.by_severity[1] = 4;
  digest.resolved = 5;
  DigestLine line;
  line.key = "k";
  line.type = event::ConditionType::kLowStock;
  line.kind = alert::NoticeKind::kReopened;
  line.severity = event::Severity::kCritical;
  line.warehouse_id = "W";
  line.sku = "S";
  line.value = 6;
  line.threshold = 7;
  line.compare = event::Compare::kPosition;
  line.notices = 8;
  digest.lines = {line};
  digest.keys = {"k"};
  digest.group = Group{stock::Tree::kGlobal, {"Home"}};
  digest.subjects_by_type[14] = 9;
  digest.subjects_by_severity[3] = 10;
  row.message.digest = digest;
  return row;
}

// Written by hand from docs/formats.md, Outbox row, of so many conditions. `notices`: of the line,
// none before version 10; `subjects`: their counts, the same.
std::string DigestBytes(const std::string& version, std::size_t types, const std::string& notices,
                        const std::string& subjects) {
  const std::string zeros((types - 1) * 8, '0');
  return BareBytes(version) + FromHex("28a0000000000000 00000000 00 00 00000000 00 00 00 00") +
         FromHex(kNoLevels) + FromHex("01 0100000000000000 0200000000000000") +
         FromHex(zeros.substr(0, 16) + "03000000" + zeros.substr(16)) +     // by type
         FromHex("00000000 04000000" + zeros.substr(0, 16) + "05000000") +  // by severity
         FromHex(
             "01000000 01000000 6b 02 01 02 01000000 57 01000000 53 00000000 00000000"
             "0600000000000000 0700000000000000 00 00 00 01 02" +
             notices) +
         FromHex("01000000 01000000 6b") +
         FromHex("01 01 01000000 04000000 486f6d65") +  // of the group Home of all warehouses
         FromHex(subjects) + FromHex("00") + FromHex(kNoCompare);
}

// Nine subjects of the fifteenth condition, and what stands behind it.
std::string SubjectsBytes(const std::string& last_types) {
  return std::string(std::size_t{14} * 8, '0') + "09000000" + last_types + std::string(24, '0') +
         "0a000000";
}

TEST(RowRecord, KeepsADigest) {
  const std::string expected = DigestBytes("0c", 16, "08000000", SubjectsBytes("00000000"));
  std::string out;
  EncodeRow(DigestRow(), out);
  EXPECT_EQ(out, expected);
  const auto decoded = DecodeRow(expected);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), DigestRow());
}

TEST(RowRecord, OfVersionTenKnewFifteenConditions) {
  const auto decoded = DecodeRow(DigestBytes("0a", 15, "08000000", SubjectsBytes("")));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), DigestRow());
}

TEST(RowRecord, OfVersionEightEachNoticeOfADigestHadALine) {
  const auto decoded = DecodeRow(DigestBytes("08", 15, "", ""));
  ASSERT_TRUE(decoded.ok());
  Row expected = DigestRow();
  Digest& digest = *expected.message.digest;
  digest.lines[0].notices = 1;
  digest.subjects_by_type = digest.by_type;
  digest.subjects_by_severity = digest.by_severity;
  EXPECT_EQ(decoded.value(), expected);
}

TEST(RowRecord, KeepsThePathOfANode) {
  Row row;
  row.message.tree = "global";
  row.message.path = {"8", "85"};
  std::string out;
  EncodeRow(row, out);
  const std::string expected = FromHex(
      "0c 00000000 00000000 00000000"              // no key, route, destination
      "00000000000000000000000000000000 00 00 00"  // episode, out_of_stock, opened, info
      "00000000 00000000"                          // no warehouse, no sku
      "06000000 676c6f62616c"                      // tree "global"
      "02000000 01000000 38 02000000 3835"         // path "8", "85"
      "0000000000000000 0000000000000000 0000000000000000 0000000000000000"
      "00000000 00000000 00"  // no rule, cause cleared
      "0000000000000000 00000000 00 00 00000000 00 00 00 00" +
      std::string(kNoLevels) + "00 00" + kNoCompare);
  EXPECT_EQ(out, expected);
}

TEST(RowRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeRow, ItemBytes());
}

TEST(RowRecord, RefusesNumbersThatNameNothing) {
  constexpr std::size_t kType = 1 + 7 + 5 + 6 + 16;
  const std::size_t cause = BareBytes("02").size() - 1;
  const std::pair<std::size_t, unsigned char> cases[] = {
      {kType, 16}, {kType + 1, 5}, {kType + 2, 4}, {cause, 5}};
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
  message.type = AnyEnum(event::kLastConditionType);
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
  message.opening_value = Any<std::int64_t>();
  message.context.name = AnyText();
  message.rule_author = AnyText();
  message.rule_reason = AnyText();
  if (Any<bool>()) message.compare = AnyEnum(event::Compare::kPosition);
  std::string record;
  EncodeRow(row, record);
  const auto decoded = DecodeRow(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == row));
}

}  // namespace
}  // namespace stockwatch::outbox
