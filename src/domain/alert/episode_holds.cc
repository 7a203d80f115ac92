// What holds a notice back, and what is told when it ends.

#include <algorithm>
#include <tuple>

#include "domain/alert/episode_book.h"
#include "domain/alert/subject_names.h"

namespace stockwatch::alert {
namespace {

using event::ConditionType;

// On one item: what mutes what, strongest first.
constexpr std::array kMuteOrder{ConditionType::kOutOfStock, ConditionType::kCriticalStock,
                                ConditionType::kLowStock, ConditionType::kProjectedStockout};

}  // namespace

std::optional<EpisodeIndex> EpisodeBook::MutedBy(const Episode& episode) const {
  if (episode.subject.kind != Subject::Kind::kItem) return std::nullopt;
  const auto place = std::find(kMuteOrder.begin(), kMuteOrder.end(), episode.type);
  if (place != kMuteOrder.end()) {
    for (auto stronger = kMuteOrder.begin(); stronger != place; ++stronger) {
      if (auto active = Active(episode.subject, *stronger)) return active;
    }
  }
  const stock::Item& item = ledger_.at(episode.subject.index);
  if (episode.type != ConditionType::kOutOfStock || item.group == stock::kNoSlab) {
    return SilentSource();
  }
  const stock::Node& group = rollups_.at(item.group);
  for (const stock::NodeIndex category : {group.parent, rollups_.at(group.twin).parent}) {
    const auto out = Active(Subject::OfNode(category), ConditionType::kCategoryOut);
    if (out && episodes_[*out].reopened_at < episode.reopened_at &&
        episodes_[*out].severity >= episode.severity) {
      return out;
    }
  }
  return SilentSource();
}

// An engine has one source, which feeds all items: there is no other component of that kind.
std::optional<EpisodeIndex> EpisodeBook::SilentSource() const {
  for (ComponentIndex i = 0; i < watched_components_.size(); ++i) {
    if (const auto silent = Active(Subject::OfComponent(i), ConditionType::kSourceSilent)) {
      return silent;
    }
  }
  return std::nullopt;
}

const Notes* EpisodeBook::FindNotes(EpisodeIndex index) const {
  const auto found = notes_.find(index);
  return found == notes_.end() ? nullptr : &found->second;
}

HeldBack EpisodeBook::HeldBackBy(EpisodeIndex index) const {
  const Episode& episode = episodes_[index];
  HeldBack held;
  held.muted_by = MutedBy(episode);
  if (const Notes* notes = FindNotes(index);
      notes != nullptr && notes->snoozed_until && *notes->snoozed_until > engine_now_) {
    held.snoozed_until = notes->snoozed_until;
  }
  if (!silences_.all().empty()) {
    const auto subject = NamesOf(episode.subject, ledger_, rollups_, directory_, names_);
    held.silenced_by = silences_.Covering(episode.type, subject, engine_now_);
  }
  return held;
}

void EpisodeBook::TellOpening(EpisodeIndex index, base::Instant now, Outcome& outcome) {
  Episode& episode = episodes_[index];
  if (const HeldBack held = HeldBackBy(index); held.any()) {
    // Said once, with the opening that it holds back.
    const bool opened_now = std::any_of(
        outcome.transitions.begin(), outcome.transitions.end(), [&](const Transition& transition) {
          return transition.episode == index &&
                 (transition.edge == Edge::kOpened || transition.edge == Edge::kReopened);
        });
    if (opened_now) outcome.held.push_back({index, now, held});
    return;
  }
  untold_.erase(index);
  episode.told = true;
  const NoticeKind kind = episode.flapping        ? NoticeKind::kFlapping
                          : episode.reopened == 0 ? NoticeKind::kOpened
                                                  : NoticeKind::kReopened;
  outcome.notices.push_back({index, kind, episode.transitions - 1, TimeOf(episode, now), 0});
}

void EpisodeBook::FinishSubject(Subject subject, base::Instant now, Outcome& outcome) {
  const stock::Watched* watched = FindWatched(subject);
  if (watched == nullptr) return;
  bool category_out_ended = false;
  bool silence_ended = false;
  for (const Transition& transition : outcome.transitions) {
    if (transition.edge != Edge::kResolved) continue;
    const ConditionType type = episodes_[transition.episode].type;
    category_out_ended |= type == ConditionType::kCategoryOut;
    silence_ended |= type == ConditionType::kSourceSilent;
  }
  const stock::SlabIndex first = untold_.empty() ? stock::kNoSlab : watched->first;
  for (stock::SlabIndex i = first; i != stock::kNoSlab; i = watches_[i].next) {
    const auto& episode = watches_[i].episode;
    const bool waits = episode && !episodes_[*episode].told && untold_.contains(*episode);
    if (waits) TellOpening(*episode, now, outcome);
  }
  if (!category_out_ended && !silence_ended) return;
  std::vector<EpisodeIndex> below;
  for (const EpisodeIndex index : untold_) {
    if (silence_ended || episodes_[index].type == ConditionType::kOutOfStock) {
      below.push_back(index);
    }
  }
  TellWaiting(std::move(below), now, outcome);
}

// Numbers of episodes differ after a restart: what opened first is told first.
void EpisodeBook::TellWaiting(std::vector<EpisodeIndex> waiting, base::Instant now,
                              Outcome& outcome) {
  std::sort(waiting.begin(), waiting.end(), [&](EpisodeIndex a, EpisodeIndex b) {
    const Episode& first = episodes_[a];
    const Episode& second = episodes_[b];
    return std::tie(first.opened_at, first.id) < std::tie(second.opened_at, second.id);
  });
  for (const EpisodeIndex index : waiting) TellOpening(index, now, outcome);
}

// What a snooze held back goes on: an opening that nobody was told of with the others that wait,
// one that was told as a reminder.
void EpisodeBook::TellUnsnoozed(base::Instant now, Outcome& outcome) {
  std::vector<EpisodeIndex> over;
  for (auto& [index, notes] : notes_) {
    if (!notes.snoozed_until || *notes.snoozed_until > engine_now_) continue;
    notes.snoozed_until.reset();
    outcome.noted.push_back(index);
    const Episode& episode = episodes_[index];
    if (episode.state == State::kOpen && episode.told && !episode.flapping) over.push_back(index);
  }
  std::sort(over.begin(), over.end(),
            [&](EpisodeIndex a, EpisodeIndex b) { return episodes_[a].id < episodes_[b].id; });
  for (const EpisodeIndex index : over) {
    if (HeldBackBy(index).any()) continue;
    outcome.notices.push_back({index, NoticeKind::kReminder, episodes_[index].transitions - 1,
                               TimeOf(episodes_[index], now), ++notes_[index].reminders});
  }
}

void EpisodeBook::SetNextTurn() {
  next_turn_ = silences_.NextTurn(engine_now_);
  for (const auto& [index, notes] : notes_) {
    if (notes.snoozed_until && (!next_turn_ || *notes.snoozed_until < *next_turn_)) {
      next_turn_ = notes.snoozed_until;
    }
  }
}

void EpisodeBook::StartEngineTime(base::Instant engine_now) {
  engine_now_ = engine_now;
  SetNextTurn();
}

void EpisodeBook::MoveEngineTime(base::Instant engine_now, base::Instant now, Outcome& outcome) {
  engine_now_ = engine_now;
  if (!next_turn_ || engine_now < *next_turn_) return;
  SilencesChanged(now, outcome);
}

void EpisodeBook::SilencesChanged(base::Instant now, Outcome& outcome) {
  TellUnsnoozed(now, outcome);
  TellWaiting({untold_.begin(), untold_.end()}, now, outcome);
  SetNextTurn();
}

}  // namespace stockwatch::alert
