#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/position.h"
#include "base/result.h"
#include "flow/counts.h"

namespace stockwatch::flow {

// What the engine knows beside items, rules and alerts; written with every batch.
struct EngineRecord {
  std::optional<base::Instant> source_time;
  base::Position last_applied;  // the highest position of an applied change
  ChangeCounts changes;
  AlertCounts alerts;
  std::uint64_t dead_letters = 0;  // kept so far: number of the next one
  std::uint32_t rule_edits = 0;    // so far: number of the next one
  std::uint32_t items = 0;         // how many there are: what a restart makes room for
  base::Instant engine_time;       // reached so far
  bool lists_closed = true;        // alerts that closed are in family kClosedAlert

  bool operator==(const EngineRecord&) const = default;
};

// Appends the record to `out`; docs/formats.md, Engine.
void EncodeEngine(const EngineRecord& engine, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<EngineRecord> DecodeEngine(std::string_view record);

}  // namespace stockwatch::flow
