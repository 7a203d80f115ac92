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
    engine.alerts.reopened[i] = 19 + i;
    engine.alerts.resolved[i] = 31 + i;
  }
  engine.dead_letters = 43;
  engine.rule_edits = 44;
  engine.items = 45;
  engine.engine_time = base::Instant::Micros(46);
  return engine;
}

// Written by hand from docs/formats.md, Engine.
std::string SomeBytes() {
  return FromHex("02 01 ff00000000000000") + FromHex("00000000 10000000 01000000 00000000") +
         Counts(1, 6) + Counts(7, 36) +
         FromHex("2b00000000000000 2c000000 2d000000 2e00000000000000");
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

TEST(EngineRecord, ThatOfTheVersionBeforeHasNoEngineTime) {
  std::string first = SomeBytes().substr(0, SomeBytes().size() - 8);
  first[0] = 1;
  const auto decoded = DecodeEngine(first);
  ASSERT_TRUE(decoded.ok());
  EngineRecord expected = Some();
  expected.engine_time = {};
  EXPECT_EQ(decoded.value(), expected);
}

}  // namespace
}  // namespace stockwatch::flow
