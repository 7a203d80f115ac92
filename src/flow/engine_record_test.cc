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
    engine.alerts.reopened[i] = 22 + i;
    engine.alerts.resolved[i] = 37 + i;
  }
  engine.dead_letters = 52;
  engine.rule_edits = 53;
  engine.items = 54;
  engine.engine_time = base::Instant::Micros(55);
  return engine;
}

// Written by hand from docs/formats.md, Engine.
std::string SomeBytes() {
  return FromHex("04 01 ff00000000000000") + FromHex("00000000 10000000 01000000 00000000") +
         Counts(1, 6) + Counts(7, 45) +
         FromHex("3400000000000000 35000000 36000000 3700000000000000");
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
         Counts(1, 6) + Counts(7, types) + Counts(22, types) + Counts(37, types) +
         FromHex("3400000000000000 35000000 36000000");
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
                       event::ConditionType::kClock});
  engine.lists_closed = false;
  return engine;
}

TEST(EngineRecord, VersionThreeKnewFourteenConditions) {
  const auto decoded = DecodeEngine(OlderBytes("03", 14) + FromHex("3700000000000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Without(Some(), {event::ConditionType::kClock}));
}

TEST(EngineRecord, VersionTwoKnewTwelveConditions) {
  const auto decoded = DecodeEngine(OlderBytes("02", 12) + FromHex("3700000000000000"));
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
