#include "flow/engine_record.h"

#include "testing/record_checks.h"

namespace stockwatch::flow {
namespace {

using stockwatch::testing::FromHex;

std::string Counts(unsigned first, unsigned count) {
  std::string bytes;
  for (unsigned i = 0; i < count; ++i) {
    bytes.push_back(static_cast<char>(first + i));
    bytes.append(7, '\0');
  }
  return bytes;
}

EngineRecord Some() {
  EngineRecord engine;
  engine.source_time = base::Instant::Micros(255);
  engine.last_applied = {0, 16, 1, 0};
  engine.changes = {1, 2, 3, 4, 5, 6};
  for (std::size_t i = 0; i < event::kConditionTypes; ++i) {
    engine.alerts.opened[i] = 7 + i;
    engine.alerts.reopened[i] = 23 + i;
    engine.alerts.resolved[i] = 39 + i;
  }
  engine.dead_letters = 55;
  engine.rule_edits = 56;
  engine.items = 57;
  engine.engine_time = base::Instant::Micros(58);
  return engine;
}

// Written by hand from docs/formats.md, Engine.
std::string SomeBytes() {
  return FromHex("05 01 ff00000000000000") + FromHex("00000000 10000000 01000000 00000000") +
         Counts(1, 6) + Counts(7, 48) +
         FromHex("3700000000000000 38000000 39000000 3a00000000000000");
}

TEST(EngineRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeEngine(Some(), out);
  EXPECT_EQ(out, SomeBytes());
  const auto decoded = DecodeEngine(SomeBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Some());
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeEngine, SomeBytes());
}

// Those of so many conditions, up to the engine time.
std::string OlderBytes(const std::string& version, unsigned types) {
  return FromHex(version + "01 ff00000000000000") + FromHex("00000000 10000000 01000000 00000000") +
         Counts(1, 6) + Counts(7, types) + Counts(23, types) + Counts(39, types) +
         FromHex("3700000000000000 38000000 39000000");
}

EngineRecord Without(EngineRecord engine, std::initializer_list<event::ConditionType> types) {
  for (auto* counts : {&engine.alerts.opened, &engine.alerts.reopened, &engine.alerts.resolved}) {
    for (const event::ConditionType type : types) (*counts)[event::Index(type)] = 0;
  }
  return engine;
}

EngineRecord OfTwelve() {
  EngineRecord engine =
      Without(Some(), {event::ConditionType::kSourceGap, event::ConditionType::kUndeliverable,
                       event::ConditionType::kClock, event::ConditionType::kOplogHeadroom});
  engine.lists_closed = false;
  return engine;
}

TEST(EngineRecord, VersionFourKnewFifteenConditions) {
  const auto decoded = DecodeEngine(OlderBytes("04", 15) + FromHex("3a00000000000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Without(Some(), {event::ConditionType::kOplogHeadroom}));
}

TEST(EngineRecord, VersionThreeKnewFourteenConditions) {
  const auto decoded = DecodeEngine(OlderBytes("03", 14) + FromHex("3a00000000000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(),
            Without(Some(), {event::ConditionType::kClock, event::ConditionType::kOplogHeadroom}));
}

TEST(EngineRecord, VersionTwoKnewTwelveConditions) {
  const auto decoded = DecodeEngine(OlderBytes("02", 12) + FromHex("3a00000000000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), OfTwelve());
}

TEST(EngineRecord, VersionOneHasNoEngineTime) {
  const auto decoded = DecodeEngine(OlderBytes("01", 12));
  ASSERT_TRUE(decoded.ok());
  EngineRecord expected = OfTwelve();
  expected.engine_time = {};
  EXPECT_EQ(decoded.value(), expected);
}

}  // namespace
}  // namespace stockwatch::flow
