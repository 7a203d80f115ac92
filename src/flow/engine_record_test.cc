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
    engine.alerts.reopened[i] = 21 + i;
    engine.alerts.resolved[i] = 35 + i;
  }
  engine.dead_letters = 49;
  engine.rule_edits = 50;
  engine.items = 51;
  engine.engine_time = base::Instant::Micros(52);
  return engine;
}

// Written by hand from docs/formats.md, Engine.
std::string SomeBytes() {
  return FromHex("03 01 ff00000000000000") + FromHex("00000000 10000000 01000000 00000000") +
         Counts(1, 6) + Counts(7, 42) +
         FromHex("3100000000000000 32000000 33000000 3400000000000000");
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

// Those of twelve conditions.
std::string OlderBytes(const std::string& version) {
  return FromHex(version + "01 ff00000000000000") + FromHex("00000000 10000000 01000000 00000000") +
         Counts(1, 6) + Counts(7, 12) + Counts(21, 12) + Counts(35, 12) +
         FromHex("3100000000000000 32000000 33000000");
}

EngineRecord OfTwelve() {
  EngineRecord engine = Some();
  engine.lists_closed = false;
  for (auto* counts : {&engine.alerts.opened, &engine.alerts.reopened, &engine.alerts.resolved}) {
    (*counts)[event::Index(event::ConditionType::kSourceGap)] = 0;
    (*counts)[event::Index(event::ConditionType::kUndeliverable)] = 0;
  }
  return engine;
}

TEST(EngineRecord, VersionTwoKnewTwelveConditions) {
  const auto decoded = DecodeEngine(OlderBytes("02") + FromHex("3400000000000000"));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), OfTwelve());
}

TEST(EngineRecord, VersionOneHasNoEngineTime) {
  const auto decoded = DecodeEngine(OlderBytes("01"));
  ASSERT_TRUE(decoded.ok());
  EngineRecord expected = OfTwelve();
  expected.engine_time = {};
  EXPECT_EQ(decoded.value(), expected);
}

}  // namespace
}  // namespace stockwatch::flow
