#include "flow/held_back.h"

#include "base/json_values.h"
#include "domain/event/alert_id.h"

namespace stockwatch::flow {
namespace {

constexpr std::array<Hold, kHolds> kAll{Hold::kMuted, Hold::kSilenced, Hold::kSnoozed,
                                        Hold::kFlapping, Hold::kNobodyNamed};

// The muting alert, the silence, who snoozed it.
std::string WhoHolds(const State& state, alert::EpisodeIndex index, const Holds& holds, Hold hold) {
  switch (hold) {
    case Hold::kMuted:
      return event::AlertIdText(state.episodes.at(*holds.held.muted_by).id);
    case Hold::kSilenced:
      return holds.held.silenced_by->id;
    case Hold::kSnoozed:
      return state.episodes.FindNotes(index)->snoozed_by;
    case Hold::kFlapping:
    case Hold::kNobodyNamed:
      break;
  }
  return {};
}

std::optional<base::Instant> UntilWhen(const Holds& holds, Hold hold) {
  if (hold == Hold::kSnoozed) return holds.held.snoozed_until;
  if (hold == Hold::kSilenced) return holds.held.silenced_by->until;
  return std::nullopt;
}

}  // namespace

std::string_view Name(Hold hold) {
  constexpr std::array<std::string_view, kHolds> kNames{"muted", "silenced", "snoozed", "flapping",
                                                        "nobody_named"};
  return kNames[static_cast<std::size_t>(hold)];
}

bool Holds::has(Hold hold) const {
  switch (hold) {
    case Hold::kMuted:
      return held.muted_by.has_value();
    case Hold::kSilenced:
      return held.silenced_by != nullptr;
    case Hold::kSnoozed:
      return held.snoozed_until.has_value();
    case Hold::kFlapping:
      return flapping;
    case Hold::kNobodyNamed:
      return nobody_named;
  }
  return false;
}

Holds HoldsOf(const State& state, alert::EpisodeIndex index) {
  const alert::Episode& episode = state.episodes.at(index);
  if (!episode.active()) return {};
  return {state.episodes.HeldBackBy(index), episode.flapping, episode.told && !episode.reached};
}

std::array<std::uint64_t, kHolds> CountHeldBack(const State& state) {
  std::array<std::uint64_t, kHolds> counts{};
  state.episodes.ForEachIndex([&](alert::EpisodeIndex index) {
    const Holds holds = HoldsOf(state, index);
    for (const Hold hold : kAll) {
      if (holds.has(hold)) ++counts[static_cast<std::size_t>(hold)];
    }
  });
  return counts;
}

void WriteTelling(const State& state, const alert::EpisodeRecord& episode, base::JsonWriter& json) {
  json.Key("told").Bool(episode.told && episode.reached);
  json.Key("held_back_by").BeginArray();
  const auto index = state.episodes.Find(episode.id);
  const Holds holds = index ? HoldsOf(state, *index) : Holds();
  for (const Hold hold : kAll) {
    if (!holds.has(hold)) continue;
    json.BeginObject().Key("reason").String(Name(hold));
    const std::string by = WhoHolds(state, *index, holds, hold);
    json.Key("by");
    by.empty() ? json.Null() : json.String(by);
    base::WriteTime(json, "until", UntilWhen(holds, hold));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace stockwatch::flow
