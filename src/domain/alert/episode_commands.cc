// What people do to alerts; the edges that judging never takes.

#include "domain/alert/episode_book.h"

namespace stockwatch::alert {
namespace {

using base::Code;
using base::Error;
using base::Status;

// In source time it comes behind what was taken so far.
Moment MomentOf(const Episode& episode, const Deed& deed) {
  const bool of_component = episode.subject.kind == Subject::Kind::kComponent;
  return {of_component ? deed.engine_now : deed.now, Place::OfCommand(deed.engine_now), false};
}

}  // namespace

base::Result<EpisodeIndex> EpisodeBook::FindFor(const EpisodeId& id, const Deed& deed) const {
  const auto index = Find(id);
  if (!index || episodes_[*index].state == State::kClosed) {
    return Error{Code::kNotFound, "no such alert, or it is closed"};
  }
  const std::uint32_t transitions = episodes_[*index].transitions;
  if (deed.seen && *deed.seen != transitions) {
    return Error{Code::kAborted, "the alert has moved on since you looked: transitions " +
                                     std::to_string(*deed.seen) + " then, now " +
                                     std::to_string(transitions)};
  }
  return *index;
}

base::Result<EpisodeIndex> EpisodeBook::FindFor(const EpisodeId& id, Edge edge,
                                                const Deed& deed) const {
  SW_TRY(const EpisodeIndex index, FindFor(id, deed));
  const State state = episodes_[index].state;
  if (!Follow(state, edge)) {
    return Error{Code::kAborted, "alert is " + std::string(Name(state)) + ": it cannot be " +
                                     std::string(Name(edge))};
  }
  return index;
}

Status EpisodeBook::Acknowledge(const EpisodeId& id, const Deed& deed, Outcome& outcome) {
  SW_TRY(const EpisodeIndex index, FindFor(id, Edge::kAcknowledged, deed));
  Record(index, Edge::kAcknowledged, MomentOf(episodes_[index], deed), outcome);
  Notes& notes = notes_[index];
  notes.acknowledged_by = deed.author;
  notes.acknowledged_at = deed.engine_now;
  return {};
}

Status EpisodeBook::Unacknowledge(const EpisodeId& id, const Deed& deed, Outcome& outcome) {
  SW_TRY(const EpisodeIndex index, FindFor(id, Edge::kUnacknowledged, deed));
  Record(index, Edge::kUnacknowledged, MomentOf(episodes_[index], deed), outcome);
  notes_[index].acknowledged_by.clear();
  return {};
}

Status EpisodeBook::ResolveManually(const EpisodeId& id, Condition condition, const Deed& deed,
                                    Outcome& outcome) {
  SW_TRY(const EpisodeIndex index, FindFor(id, Edge::kResolved, deed));
  if (condition == Condition::kHolds) {
    return Error{Code::kAborted, "the condition still holds: acknowledge or snooze it"};
  }
  const Episode& episode = episodes_[index];
  stock::Watched& watched = WatchedOf(episode.subject);
  Resolve(*FindWatch(watched, episode.type), Cause::kManual, {episode.now, episode.threshold},
          MomentOf(episode, deed), outcome);
  Settle(watched, episode.type);
  Touch(episode.subject);
  FinishSubject(episode.subject, deed.now, outcome);
  return {};
}

Status EpisodeBook::Snooze(const EpisodeId& id, base::Instant until, const Deed& deed) {
  SW_TRY(const EpisodeIndex index, FindFor(id, deed));
  if (!episodes_[index].active()) {
    return Error{Code::kAborted, "alert is " + std::string(Name(episodes_[index].state)) +
                                     ": it cannot be snoozed"};
  }
  if (until <= deed.engine_now || until > deed.engine_now + kSnoozeMax) {
    return Error{Code::kInvalidArgument,
                 "field \"until\" is not within the next 366 days of the engine's time"};
  }
  Notes& notes = notes_[index];
  notes.snoozed_until = until;
  notes.snoozed_by = deed.author;
  SetNextTurn();
  return {};
}

Status EpisodeBook::Unsnooze(const EpisodeId& id, const Deed& deed, Outcome& outcome) {
  SW_TRY(const EpisodeIndex index, FindFor(id, deed));
  const auto notes = notes_.find(index);
  if (notes == notes_.end() || !notes->second.snoozed_until) {
    return Error{Code::kAborted, "alert is not snoozed"};
  }
  notes->second.snoozed_until.reset();
  if (untold_.contains(index)) TellOpening(index, deed.now, outcome);
  SetNextTurn();
  return {};
}

Status EpisodeBook::Comment(const EpisodeId& id, std::string_view text, const Deed& deed) {
  SW_TRY(const EpisodeIndex index, FindFor(id, deed));
  std::vector<Remark>& comments = notes_[index].comments;
  if (comments.size() >= Notes::kCommentsMax) {
    return Error{Code::kResourceExhausted,
                 "no more comments on an alert than " + std::to_string(Notes::kCommentsMax)};
  }
  comments.push_back({deed.engine_now, deed.author, std::string(text)});
  return {};
}

Status EpisodeBook::Assign(const EpisodeId& id, std::string_view assignee, const Deed& deed) {
  SW_TRY(const EpisodeIndex index, FindFor(id, deed));
  notes_[index].assignee = assignee;
  return {};
}

}  // namespace stockwatch::alert
