#include "domain/alert/episode_book.h"

#include <algorithm>
#include <utility>

#include "base/assertion.h"

namespace stockwatch::alert {
namespace {

using event::ConditionType;

}  // namespace

std::string_view Name(NoticeKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"opened", "reopened", "resolved", "flapping",
                                                   "reminder"};
  return kNames[static_cast<std::size_t>(kind)];
}

EpisodeBook::EpisodeBook(EpisodeOptions options, const Ground& ground)
    : options_(options),
      ledger_(ground.ledger),
      rollups_(ground.rollups),
      components_(ground.components),
      directory_(ground.directory),
      names_(ground.names),
      silences_(ground.silences) {}

stock::Watched& EpisodeBook::WatchedOf(Subject subject) {
  if (subject.kind == Subject::Kind::kItem) return ledger_.at(subject.index).watched;
  auto& chains = subject.kind == Subject::Kind::kNode ? nodes_ : watched_components_;
  if (subject.index >= chains.size()) chains.resize(subject.index + 1);
  return chains[subject.index];
}

const stock::Watched* EpisodeBook::FindWatched(Subject subject) const {
  if (subject.kind == Subject::Kind::kItem) return &ledger_.at(subject.index).watched;
  const auto& chains = subject.kind == Subject::Kind::kNode ? nodes_ : watched_components_;
  return subject.index < chains.size() ? &chains[subject.index] : nullptr;
}

EpisodeBook::Watch* EpisodeBook::FindWatch(const stock::Watched& watched, ConditionType type) {
  for (stock::SlabIndex i = watched.first; i != stock::kNoSlab; i = watches_[i].next) {
    if (watches_[i].type == type) return &watches_[i];
  }
  return nullptr;
}

EpisodeBook::Watch& EpisodeBook::WatchOf(stock::Watched& watched, ConditionType type) {
  if (Watch* found = FindWatch(watched, type)) return *found;
  // In order of their types, so that what is told at once is told in the same order every time.
  stock::SlabIndex* link = &watched.first;
  while (*link != stock::kNoSlab && watches_[*link].type < type) link = &watches_[*link].next;
  Watch watch;
  watch.type = type;
  watch.next = *link;
  *link = watches_.Add(watch);
  return watches_[*link];
}

void EpisodeBook::Touch(Subject subject) {
  if (subject.kind == Subject::Kind::kItem) {
    ledger_.Touch(subject.index, stock::Ledger::kFigures);
  } else if (subject.kind == Subject::Kind::kNode) {
    touched_.push_back(subject.index);
  }  // of a component its episodes say all
}

std::vector<stock::NodeIndex> EpisodeBook::TakeTouchedNodes() {
  return std::exchange(touched_, {});
}

void EpisodeBook::NoteChange(EpisodeIndex index) {
  Episode& episode = episodes_[index];
  if (!episode.active()) return;
  ++episode.count;
  Touch(episode.subject);
}

std::string EpisodeBook::TextOf(Subject subject) const {
  switch (subject.kind) {
    case Subject::Kind::kItem:
      return SubjectText(directory_.Key(subject.index));
    case Subject::Kind::kNode:
      return SubjectText(rollups_, subject.index);
    case Subject::Kind::kComponent:
      return SubjectText(components_.at(subject.index));
  }
  return {};
}

EpisodeIndex EpisodeBook::NewEpisode() {
  if (free_.empty()) {
    episodes_.emplace_back();
    released_.push_back(false);
    return static_cast<EpisodeIndex>(episodes_.size() - 1);
  }
  const EpisodeIndex index = free_.back();
  free_.pop_back();
  released_[index] = false;
  episodes_[index] = Episode();
  return index;
}

void EpisodeBook::Enlist(EpisodeIndex index) {
  const Episode& episode = episodes_[index];
  by_age_.emplace(Age{episode.opened_at, episode.id}, index);
  by_id_.emplace(episode.id, index);
}

void EpisodeBook::Release(EpisodeIndex closed) {
  SW_ASSERT(episodes_[closed].state == State::kClosed && !released_[closed],
            "only what is over is forgotten, and once");
  released_[closed] = true;
  by_age_.erase(Age{episodes_[closed].opened_at, episodes_[closed].id});
  by_id_.erase(episodes_[closed].id);
  notes_.erase(closed);
  free_.push_back(closed);
}

// Brings the subject's bits in line with the watch, and frees it when nothing is left in it.
void EpisodeBook::Settle(stock::Watched& watched, ConditionType type) {
  const auto clear = [&](std::uint16_t& bits) {
    bits = static_cast<std::uint16_t>(bits & ~Bit(type));
  };
  clear(watched.active);
  clear(watched.waiting);
  stock::SlabIndex* link = &watched.first;
  while (*link != stock::kNoSlab && watches_[*link].type != type) link = &watches_[*link].next;
  if (*link == stock::kNoSlab) return;
  const Watch& watch = watches_[*link];
  if (!watch.episode && !watch.pending_since) {
    const stock::SlabIndex gone = *link;
    *link = watch.next;
    watches_.Free(gone);
    return;
  }
  const bool active = watch.episode && episodes_[*watch.episode].active();
  if (active) watched.active = static_cast<std::uint16_t>(watched.active | Bit(type));
  if (watch.pending_since || !active) {
    watched.waiting = static_cast<std::uint16_t>(watched.waiting | Bit(type));
  }
}

void EpisodeBook::Judge(Subject subject, ConditionType type, const Finding& finding,
                        const Moment& moment, Outcome& outcome) {
  stock::Watched& watched = WatchedOf(subject);
  const bool known = ((watched.active | watched.waiting) & Bit(type)) != 0;
  if (!known && (!finding.holds || finding.off)) return;
  Touch(subject);
  Watch& watch = WatchOf(watched, type);
  if ((watched.active & Bit(type)) != 0) {
    if (JudgeActive(watch, finding, moment, outcome)) return;
  } else {
    JudgeInactive(subject, watch, finding, moment, outcome);
  }
  Settle(watched, type);
}

bool EpisodeBook::JudgeActive(Watch& watch, const Finding& finding, const Moment& moment,
                              Outcome& outcome) {
  Episode& episode = episodes_[*watch.episode];
  const Comparison compared = finding.compared.value_or(Comparison{episode.now, episode.threshold});
  if (!finding.off) {
    episode.now = compared.value;
    if (Worse(episode.type, episode.now, episode.worst)) episode.worst = episode.now;
    episode.severity = std::max(episode.severity, finding.severity);
  }
  if (finding.off || finding.clears) {
    const Cause cause = finding.off ? finding.off_cause : Cause::kCleared;
    Resolve(watch, cause, compared, moment, outcome);
    return false;
  }
  if (finding.holds && moment.is_change) ++episode.count;
  return true;
}

void EpisodeBook::JudgeInactive(Subject subject, Watch& watch, const Finding& finding,
                                const Moment& moment, Outcome& outcome) {
  if (finding.off || !finding.holds) {
    watch.pending_since.reset();
    return;
  }
  const bool was_pending = watch.pending_since.has_value();
  if (!was_pending) watch.pending_since = moment.now;
  const bool same_length = was_pending && watch.hold_for == finding.hold_for;
  watch.hold_for = finding.hold_for;
  const base::Instant due = *watch.pending_since + watch.hold_for;
  if (due <= moment.now) {
    Open(subject, watch, finding, moment, outcome);
  } else if (!same_length) {
    outcome.timers.push_back({due, TimerKind::kHold, subject, watch.type});
  }
}

void EpisodeBook::Open(Subject subject, Watch& watch, const Finding& finding, const Moment& moment,
                       Outcome& outcome) {
  watch.pending_since.reset();
  const Comparison compared = finding.compared.value_or(Comparison());
  const bool reopens =
      watch.episode && moment.now < episodes_[*watch.episode].resolved_at + options_.reopen_window;
  if (watch.episode && !reopens) Close(watch, moment, outcome);
  if (!reopens) {
    Episode episode;
    if (subject.kind == Subject::Kind::kItem) episode.item = directory_.Key(subject.index);
    episode.id = MakeEpisodeId(watch.type, TextOf(subject), moment.place);
    episode.type = watch.type;
    episode.subject = subject;
    episode.opened_at = moment.now;
    episode.value = episode.worst = compared.value;
    episode.threshold = compared.threshold;
    episode.origin = finding.origin;
    watch.episode = NewEpisode();
    episodes_[*watch.episode] = episode;
    Enlist(*watch.episode);
  }
  Episode& episode = episodes_[*watch.episode];
  episode.severity = std::max(episode.severity, finding.severity);
  episode.now = compared.value;
  if (Worse(episode.type, episode.now, episode.worst)) episode.worst = episode.now;
  if (moment.is_change) ++episode.count;
  if (reopens) {
    ++episode.reopened;
    if (const auto notes = notes_.find(*watch.episode); notes != notes_.end()) {
      notes->second.acknowledged_by.clear();
    }
  }
  episode.reopened_at = moment.now;
  const bool was_flapping = episode.flapping;
  NoteOpening(episode, moment.now);
  // That it flaps is told once: until it no longer does, no further opening waits to be told.
  episode.told = episode.told && was_flapping && episode.flapping;
  episode.reached = episode.reached && episode.told;
  Transition& transition =
      Record(*watch.episode, reopens ? Edge::kReopened : Edge::kOpened, moment, outcome);
  transition.compared = compared;
  transition.origin = finding.origin;
  if (!episode.told) untold_.insert(*watch.episode);
}

// Flapping: the last kFlapOpenings openings lie within the window.
void EpisodeBook::NoteOpening(Episode& episode, base::Instant now) const {
  std::rotate(episode.openings.begin(), episode.openings.begin() + 1, episode.openings.end());
  episode.openings.back() = now;
  const bool enough = episode.reopened + 1 >= kFlapOpenings;
  episode.flapping = enough && now - episode.openings.front() < options_.flap_window;
}

void EpisodeBook::Resolve(Watch& watch, Cause cause, Comparison compared, const Moment& moment,
                          Outcome& outcome) {
  const base::Instant now = moment.now;
  const EpisodeIndex index = *watch.episode;
  Episode& episode = episodes_[index];
  episode.cause = cause;
  episode.resolved_at = now;
  watch.pending_since.reset();
  Transition& transition = Record(index, Edge::kResolved, moment, outcome);
  transition.compared = compared;
  transition.cause = cause;
  outcome.timers.push_back(
      {now + options_.reopen_window, TimerKind::kClose, episode.subject, episode.type});
  untold_.erase(index);
  const bool silent = !episode.told || episode.flapping || cause == Cause::kRetired;
  if (!silent) outcome.notices.push_back({index, NoticeKind::kResolved, transition.number, now});
}

void EpisodeBook::Close(Watch& watch, const Moment& moment, Outcome& outcome) {
  Record(*watch.episode, Edge::kClosed, moment, outcome);
  watch.episode.reset();
}

Transition& EpisodeBook::Record(EpisodeIndex index, Edge edge, const Moment& moment,
                                Outcome& outcome) {
  Episode& episode = episodes_[index];
  if (edge != Edge::kOpened) {
    const std::optional<State> next = Follow(episode.state, edge);
    SW_ASSERT(next.has_value(), "episodes move along the table of edges alone");
    episode.state = *next;
  }
  outcome.transitions.push_back({index,
                                 edge,
                                 episode.transitions++,
                                 moment.now,
                                 {},
                                 threshold::kNoVersion,
                                 {},
                                 moment.place});
  return outcome.transitions.back();
}

std::optional<EpisodeIndex> EpisodeBook::Active(Subject subject, ConditionType type) const {
  const stock::Watched* watched = FindWatched(subject);
  if (watched == nullptr || (watched->active & Bit(type)) == 0) return std::nullopt;
  for (stock::SlabIndex i = watched->first; i != stock::kNoSlab; i = watches_[i].next) {
    if (watches_[i].type == type) return watches_[i].episode;
  }
  return std::nullopt;
}

std::optional<EpisodeIndex> EpisodeBook::Resolved(Subject subject, ConditionType type) const {
  const stock::Watched* watched = FindWatched(subject);
  for (auto i = watched == nullptr ? stock::kNoSlab : watched->first; i != stock::kNoSlab;
       i = watches_[i].next) {
    const Watch& watch = watches_[i];
    if (watch.type != type || !watch.episode) continue;
    if (!episodes_[*watch.episode].active()) return watch.episode;
  }
  return std::nullopt;
}

std::optional<base::Instant> EpisodeBook::OpensAt(Subject subject, ConditionType type) const {
  const stock::Watched* watched = FindWatched(subject);
  for (auto i = watched == nullptr ? stock::kNoSlab : watched->first; i != stock::kNoSlab;
       i = watches_[i].next) {
    const Watch& watch = watches_[i];
    if (watch.type == type && watch.pending_since) return *watch.pending_since + watch.hold_for;
  }
  return std::nullopt;
}

void EpisodeBook::ResolveAll(Subject subject, Cause cause, const Moment& moment, Outcome& outcome) {
  for (std::size_t type = 0; type < event::kConditionTypes; ++type) {
    const auto condition = static_cast<ConditionType>(type);
    Finding finding;
    finding.off = true;
    finding.off_cause = cause;
    if (const auto index = Active(subject, condition)) {
      finding.compared = Comparison{episodes_[*index].now, episodes_[*index].threshold};
    }
    Judge(subject, condition, finding, moment, outcome);
  }
}

bool EpisodeBook::HoldIsDue(Subject subject, ConditionType type, base::Instant now) {
  Watch* watch = FindWatch(WatchedOf(subject), type);
  return watch != nullptr && watch->pending_since && *watch->pending_since + watch->hold_for <= now;
}

void EpisodeBook::OnHoldTimer(Subject subject, ConditionType type, const Finding& finding,
                              const Moment& moment, Outcome& outcome) {
  if (!HoldIsDue(subject, type, moment.now)) return;
  Judge(subject, type, finding, moment, outcome);
  FinishSubject(subject, moment.now, outcome);
}

void EpisodeBook::OnCloseTimer(Subject subject, ConditionType type, base::Instant now,
                               Outcome& outcome) {
  stock::Watched& watched = WatchedOf(subject);
  Watch* watch = FindWatch(watched, type);
  if (watch == nullptr || !watch->episode) return;
  const Episode& episode = episodes_[*watch->episode];
  const bool due =
      episode.state == State::kResolved && episode.resolved_at + options_.reopen_window <= now;
  if (!due) return;
  Close(*watch, {now, Place::OfTimer(now, TimerKind::kClose), false}, outcome);
  Settle(watched, type);
  Touch(subject);
}

std::optional<EpisodeIndex> EpisodeBook::Find(const EpisodeId& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

}  // namespace stockwatch::alert
