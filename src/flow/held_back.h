#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/json_writer.h"
#include "domain/alert/episode_record.h"
#include "flow/state.h"

namespace stockwatch::flow {

// Why nobody hears of an alert that is open or acknowledged. The last: its notices would go out,
// but the rules name no channel, or there is none.
enum class Hold : std::uint8_t { kMuted, kSilenced, kSnoozed, kFlapping, kNobodyNamed };
inline constexpr std::size_t kHolds = 5;
std::string_view Name(Hold hold);

// What holds the notices of one back now.
struct Holds {
  alert::HeldBack held;
  bool flapping = false;
  bool nobody_named = false;

  bool has(Hold hold) const;
  bool any() const { return held.any() || flapping || nobody_named; }
};
Holds HoldsOf(const State& state, alert::EpisodeIndex index);

// Open and acknowledged alerts that are held back, by each reason.
std::array<std::uint64_t, kHolds> CountHeldBack(const State& state);

// Members of the open object: "told", "held_back_by". docs/formats.md, Alerts.
void WriteTelling(const State& state, const alert::EpisodeRecord& episode, base::JsonWriter& json);

}  // namespace stockwatch::flow
