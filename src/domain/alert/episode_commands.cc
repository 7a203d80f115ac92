// What people do to alerts; the edges that judging never takes.

#include "domain/alert/episode_book.h"

namespace stockwatch::alert {
namespace {

base::Error NoSuchEpisode() {
  return {base::Code::kNotFound, "no such alert"};
}

base::Error NoSuchEdge(State state, Edge edge) {
  return {base::Code::kAborted,
          "alert is " + std::string(Name(state)) + ": it cannot be " + std::string(Name(edge))};
}

}  // namespace

base::Status EpisodeBook::Acknowledge(const EpisodeId& id, base::Instant now, Outcome& outcome) {
  const auto index = Find(id);
  if (!index) return NoSuchEpisode();
  const State state = episodes_[*index].state;
  if (!Follow(state, Edge::kAcknowledged)) return NoSuchEdge(state, Edge::kAcknowledged);
  Record(*index, Edge::kAcknowledged, now, outcome);
  return {};
}

base::Status EpisodeBook::Unacknowledge(const EpisodeId& id, base::Instant now, Outcome& outcome) {
  const auto index = Find(id);
  if (!index) return NoSuchEpisode();
  const State state = episodes_[*index].state;
  if (!Follow(state, Edge::kUnacknowledged)) return NoSuchEdge(state, Edge::kUnacknowledged);
  Record(*index, Edge::kUnacknowledged, now, outcome);
  return {};
}

base::Status EpisodeBook::ResolveManually(const EpisodeId& id, bool condition_holds,
                                          base::Instant now, Outcome& outcome) {
  const auto index = Find(id);
  if (!index) return NoSuchEpisode();
  const Episode& episode = episodes_[*index];
  if (!Follow(episode.state, Edge::kResolved)) return NoSuchEdge(episode.state, Edge::kResolved);
  if (condition_holds) {
    return base::Error{base::Code::kAborted, "the condition still holds: acknowledge or snooze it"};
  }
  stock::Watched& watched = WatchedOf(episode.subject);
  Resolve(*FindWatch(watched, episode.type), Cause::kManual, {episode.now, episode.threshold}, now,
          outcome);
  Settle(watched, episode.type);
  return {};
}

}  // namespace stockwatch::alert
