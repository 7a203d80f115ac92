#include "edges.h"

namespace stockwatch::scenario {

const std::set<std::string>& Edges::OfTheTable() {
  static const std::set<std::string> table{
      "none to pending",          "none to open",         "pending to open",  "pending to none",
      "open to acknowledged",     "acknowledged to open", "open to resolved", "resolved to open",
      "acknowledged to resolved", "resolved to closed",
  };
  return table;
}

void Edges::Look(const flow::State& state) {
  std::set<Watch> pending;
  state.episodes.ForEachTimer([&](const alert::TimerRequest& timer) {
    if (timer.kind == alert::TimerKind::kHold) pending.insert(WatchOf(timer.subject, timer.type));
  });
  std::map<Watch, std::string> states;
  state.episodes.ForEach([&](const alert::Episode& episode, const alert::Notes*) {
    if (episode.state == alert::State::kClosed) return;
    const Watch watch = WatchOf(episode.subject, episode.type);
    states[watch] = alert::Name(episode.state);
    const auto before = states_.find(watch);
    if (before == states_.end()) {
      taken_.insert(pending_.contains(watch) ? "pending to open" : "none to open");
    } else if (before->second != states[watch]) {
      taken_.insert(before->second + " to " + states[watch]);
    }
  });
  for (const auto& [watch, was] : states_) {
    if (!states.contains(watch)) taken_.insert(was + " to closed");
  }
  for (const Watch& watch : pending) {
    if (!pending_.contains(watch) && !states.contains(watch)) taken_.insert("none to pending");
  }
  for (const Watch& watch : pending_) {
    const bool ended = !pending.contains(watch) && !states.contains(watch);
    if (ended) taken_.insert("pending to none");
  }
  pending_ = std::move(pending);
  states_ = std::move(states);
}

}  // namespace stockwatch::scenario
