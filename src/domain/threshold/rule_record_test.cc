#include "domain/threshold/rule_record.h"

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::threshold {
namespace {

using stockwatch::testing::FromHex;

RuleVersion SomeVersion() {
  RuleVersion version;
  version.version = 2;
  version.place = {0, 16, 1, 0};
  event::Rule& rule = version.rule;
  rule.id = "r1";
  rule.scope.category = "85";
  rule.scope.sku = "x";
  rule.fields.critical = base::Quantity::Thousandths(500);
  rule.fields.low = base::Quantity::Pieces(2);
  rule.fields.drift_tolerance = base::Quantity::Thousandths(1);
  rule.fields.days_of_cover = event::Thousandths{7000};
  rule.fields.low_share = event::Thousandths{400};
  rule.fields.clear_margin = event::Margin{event::Margin::Kind::kPercent, 12'500};
  rule.fields.hold_for = base::Duration::Micros(60'000'000);
  rule.fields.compare = event::Compare::kPosition;
  rule.fields.mode = event::Mode::kStatic;
  rule.fields.enabled = false;
  rule.fields.severity[event::Index(event::ConditionType::kLowStock)] = event::Severity::kPage;
  rule.fields.channels = {"ops", ""};
  rule.fields.freeze = true;
  rule.effective_until = base::Instant::Micros(255);
  rule.priority = -2;
  rule.is_default = true;
  rule.author = "al";
  rule.reason = "why";
  return version;
}

// Written by hand from docs/formats.md, Rule version.
std::string SomeBytes() {
  return FromHex(
      "05"                                    // version of the record
      "02000000"                              // version of the rule
      "00000000 10000000 01000000 00000000"   // place
      "02000000 7231"                         // id "r1"
      "00000000 00000000 02000000 3835"       // warehouse, department, category "85"
      "00000000 00000000 01000000 78"         // brand, product, sku "x"
      "01 f401000000000000"                   // critical 0.5
      "01 d007000000000000"                   // low 2
      "00 00 00"                              // max, low_floor, low_ceiling
      "01 0100000000000000"                   // drift_tolerance 0.001
      "01 581b000000000000"                   // days_of_cover 7
      "00 00 00 00 00 00"                     // service_level … stale_days
      "01 9001000000000000"                   // low_share 0.4
      "00"                                    // season_factor
      "01 01 d430000000000000"                // clear_margin 12.5 %
      "01 0087930300000000"                   // hold_for 60,000,000 µs
      "01 02"                                 // compare position
      "01 00"                                 // mode static
      "01 00"                                 // enabled no
      "00 00 01 03 00 00 00 00 00 00"         // severity of low_stock: page
      "00 00 00 00 00 00 00"                  // the other conditions
      "01 02000000 03000000 6f7073 00000000"  // channels "ops", ""
      "01 01"                                 // freeze
      "00"                                    // effective_from
      "01 ff00000000000000"                   // effective_until 255 µs
      "feffffff"                              // priority −2
      "00 01"                                 // locked no, default yes
      "02000000 616c"                         // author "al"
      "03000000 776879");                     // reason "why"
}

TEST(RuleRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeRuleVersion(SomeVersion(), out);
  EXPECT_EQ(out, SomeBytes());
  const auto decoded = DecodeRuleVersion(SomeBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), SomeVersion());
}

// effective_from … reason; freeze; channels.
constexpr std::size_t kBehindFreeze = 1 + 9 + 4 + 2 + 6 + 7;
constexpr std::size_t kFreeze = 2;
constexpr std::size_t kChannels = 1 + 4 + 7 + 4;

// Without the severities of the last conditions.
std::string OfVersion(std::uint8_t version, std::size_t without) {
  std::string bytes = SomeBytes();
  bytes.erase(bytes.size() - kBehindFreeze - kFreeze - kChannels - without, without);
  bytes[0] = static_cast<char>(version);
  return bytes;
}

// Two were new in version 3.
std::string OfTwelve() {
  return OfVersion(2, 4);
}

TEST(RuleRecord, VersionFourKnewFifteenConditions) {
  const auto decoded = DecodeRuleVersion(OfVersion(4, 1));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), SomeVersion());
}

TEST(RuleRecord, VersionThreeKnewFourteenConditions) {
  const auto decoded = DecodeRuleVersion(OfVersion(3, 2));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), SomeVersion());
}

TEST(RuleRecord, VersionTwoKnewTwelveConditions) {
  const auto decoded = DecodeRuleVersion(OfTwelve());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), SomeVersion());
}

TEST(RuleRecord, VersionOneKnewNoFreeze) {
  std::string bytes = OfTwelve();
  bytes[0] = 1;
  bytes.erase(bytes.size() - kBehindFreeze - kFreeze, kFreeze);
  RuleVersion expected = SomeVersion();
  expected.rule.fields.freeze.reset();
  const auto decoded = DecodeRuleVersion(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), expected);
}

TEST(RuleRecord, TellsNoChannelsFromNobodyGivesChannels) {
  RuleVersion version;
  version.rule.fields.channels = std::vector<std::string>();
  std::string out;
  EncodeRuleVersion(version, out);
  const auto decoded = DecodeRuleVersion(out);
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded.value().rule.fields.channels.has_value());
}

TEST(RuleRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeRuleVersion, SomeBytes());
}

TEST(RuleRecord, RefusesNumbersThatNameNothing) {
  constexpr std::size_t kCritical = 1 + 4 + 16 + 6 + 4 + 4 + 6 + 4 + 4 + 5;
  constexpr std::size_t kMargin = kCritical + 9 + 9 + 3 + 9 + 9 + 6 + 9 + 1;
  constexpr std::size_t kCompare = kMargin + 10 + 9;
  constexpr std::size_t kEnabled = kCompare + 4;
  constexpr std::size_t kLowStock = kEnabled + 2 + 2;
  constexpr std::size_t kLocked = kLowStock + 2 + 13 + 16 + 2 + 1 + 9 + 4;
  const std::pair<std::size_t, unsigned char> cases[] = {
      {kCritical, 2}, {kMargin + 1, 2},   {kCompare + 1, 3}, {kCompare + 3, 2},  {kEnabled + 1, 2},
      {kLowStock, 2}, {kLowStock + 1, 4}, {kLocked, 2},      {kLocked + 1, 0xff}};
  for (const auto& [offset, byte] : cases) {
    const std::string damaged = stockwatch::testing::WithByte(SomeBytes(), offset, byte);
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeRuleVersion, damaged), base::Code::kDataLoss)
        << offset;
  }
}

event::RuleFields AnyFields() {
  using namespace stockwatch::testing;
  event::RuleFields fields;
  for (auto* field : {&fields.critical, &fields.low, &fields.max, &fields.low_floor,
                      &fields.low_ceiling, &fields.drift_tolerance}) {
    *field = Maybe(AnyQuantity);
  }
  for (auto* field : {&fields.days_of_cover, &fields.service_level, &fields.lead_time_days,
                      &fields.lead_time_sd_days, &fields.review_days, &fields.velocity_spike_ratio,
                      &fields.stale_days, &fields.low_share, &fields.season_factor}) {
    *field = Maybe(AnyThousandths);
  }
  fields.clear_margin = Maybe(
      [] { return event::Margin{AnyEnum(event::Margin::Kind::kPercent), Any<std::int64_t>()}; });
  fields.hold_for = Maybe(AnyDuration);
  fields.compare = Maybe([] { return AnyEnum(event::Compare::kPosition); });
  fields.mode = Maybe([] { return AnyEnum(event::Mode::kDynamic); });
  fields.enabled = Maybe(Any<bool>);
  for (auto& severity : fields.severity) {
    severity = Maybe([] { return AnyEnum(event::Severity::kPage); });
  }
  fields.channels = Maybe([] { return AnyList(3, AnyText); });
  fields.freeze = Maybe(Any<bool>);
  return fields;
}

RC_GTEST_PROP(RuleRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  RuleVersion version;
  version.version = Any<std::uint32_t>();
  version.place = AnyPosition();
  event::Rule& rule = version.rule;
  rule.id = AnyText();
  rule.scope = {AnyText(), AnyText(), AnyText(), AnyText(), AnyText(), AnyText()};
  rule.fields = AnyFields();
  rule.effective_from = Maybe(AnyInstant);
  rule.effective_until = Maybe(AnyInstant);
  rule.priority = Any<std::int32_t>();
  rule.locked = Any<bool>();
  rule.is_default = Any<bool>();
  rule.author = AnyText();
  rule.reason = AnyText();
  std::string record;
  EncodeRuleVersion(version, record);
  const auto decoded = DecodeRuleVersion(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == version));
}

}  // namespace
}  // namespace stockwatch::threshold
