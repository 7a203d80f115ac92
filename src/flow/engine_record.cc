#include "flow/engine_record.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::flow {
namespace {

// 1: without engine time; 2: of twelve conditions; 3: fourteen; 4: fifteen
constexpr std::uint8_t kVersion = 5;
constexpr std::string_view kWhat = "engine";

// In the order of the record.
constexpr std::array kChanges{&ChangeCounts::read,          &ChangeCounts::applied,
                              &ChangeCounts::duplicate,     &ChangeCounts::stale,
                              &ChangeCounts::dead_lettered, &ChangeCounts::control};
constexpr std::array kAlerts{&AlertCounts::opened, &AlertCounts::reopened, &AlertCounts::resolved};
static_assert(event::kConditionTypes == 16, "another count is a new version of the record");

std::size_t TypesOf(std::uint8_t version) {
  if (version >= 5) return event::kConditionTypes;
  if (version == 4) return event::kConditionTypesBeforeHeadroom;
  return version == 3 ? event::kConditionTypesBeforeClock : event::kConditionTypesBeforeGap;
}

base::Result<EngineRecord> Read(base::ByteReader& reader, std::uint8_t version) {
  EngineRecord engine;
  engine.source_time = event::TakeOptional(reader, event::TakeInstant);
  engine.last_applied = event::TakePosition(reader);
  for (const auto count : kChanges) engine.changes.*count = reader.Take<std::uint64_t>();
  for (const auto counts : kAlerts) {
    for (std::size_t type = 0; type < TypesOf(version); ++type) {
      (engine.alerts.*counts)[type] = reader.Take<std::uint64_t>();
    }
  }
  engine.dead_letters = reader.Take<std::uint64_t>();
  engine.rule_edits = reader.Take<std::uint32_t>();
  engine.items = reader.Take<std::uint32_t>();
  if (version >= 2) engine.engine_time = event::TakeInstant(reader);
  engine.lists_closed = version >= 3;
  SW_TRY_STATUS(reader.Finish(kWhat));
  return engine;
}

}  // namespace

void EncodeEngine(const EngineRecord& engine, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  event::PutOptional(writer, engine.source_time, event::PutInstant);
  event::PutPosition(writer, engine.last_applied);
  for (const auto count : kChanges) writer.Put(engine.changes.*count);
  for (const auto counts : kAlerts) {
    for (const std::uint64_t count : engine.alerts.*counts) writer.Put(count);
  }
  writer.Put(engine.dead_letters);
  writer.Put(engine.rule_edits);
  writer.Put(engine.items);
  event::PutInstant(writer, engine.engine_time);
}

base::Result<EngineRecord> DecodeEngine(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(kWhat);
  if (version > kVersion) return event::NewerRecord(kWhat, version);
  return Read(reader, version);  // version 1 did not keep engine time: it begins anew
}

}  // namespace stockwatch::flow
