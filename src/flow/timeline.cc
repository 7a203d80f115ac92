#include "flow/timeline.h"

#include "domain/event/alert_id.h"
#include "flow/basis.h"

namespace stockwatch::flow {
namespace {

using alert::Fact;
using alert::FactKind;

Fact MakeFact(const State& state, FactKind kind, std::uint8_t what, base::Instant at) {
  Fact fact;
  fact.kind = kind;
  fact.what = what;
  fact.at = at;
  fact.engine_at = state.engine_time;
  return fact;
}

void NoteHold(State& state, const alert::HeldOpening& opening, alert::HoldReason reason,
              std::string by, std::string text = {}) {
  Fact fact = MakeFact(state, FactKind::kHeldBack, static_cast<std::uint8_t>(reason), opening.at);
  fact.by = std::move(by);
  fact.text = std::move(text);
  state.episodes.AddFact(opening.episode, fact);
}

std::string TimeText(base::Instant at) {
  std::string text;
  base::AppendInstant(text, at);
  return text;
}

// What a command says beside its kind.
std::string TextOf(const event::Command& command) {
  if (const auto* comment = std::get_if<event::Comment>(&command.body)) return comment->text;
  if (const auto* assign = std::get_if<event::Assign>(&command.body)) return assign->assignee;
  if (const auto* snooze = std::get_if<event::Snooze>(&command.body)) {
    return TimeText(snooze->until);
  }
  return command.reason;
}

}  // namespace

void NoteFacts(State& state, const alert::Outcome& outcome) {
  for (const alert::Transition& transition : outcome.transitions) {
    Fact fact = MakeFact(state, FactKind::kTransition, static_cast<std::uint8_t>(transition.edge),
                         transition.at);
    fact.compared = transition.compared;
    if (transition.edge == alert::Edge::kResolved) fact.text = alert::Name(transition.cause);
    fact.place = alert::PlaceText(transition.place);
    if (transition.origin != threshold::kNoVersion) {
      const threshold::RuleVersion& version = state.rules.Version(transition.origin);
      fact.rule_id = version.rule.id;
      fact.rule_version = version.version;
    }
    const bool opens =
        transition.edge == alert::Edge::kOpened || transition.edge == alert::Edge::kReopened;
    if (opens) fact.basis = BasisOfOpening(state, state.episodes.at(transition.episode));
    state.episodes.AddFact(transition.episode, fact);
  }
  for (const alert::HeldOpening& opening : outcome.held) {
    if (opening.held.muted_by) {
      NoteHold(state, opening, alert::HoldReason::kMuted,
               event::AlertIdText(state.episodes.at(*opening.held.muted_by).id));
    }
    if (opening.held.snoozed_until) {
      NoteHold(state, opening, alert::HoldReason::kSnoozed,
               state.episodes.FindNotes(opening.episode)->snoozed_by,
               TimeText(*opening.held.snoozed_until));
    }
    if (opening.held.silenced_by != nullptr) {
      NoteHold(state, opening, alert::HoldReason::kSilenced, opening.held.silenced_by->id);
    }
  }
}

void NoteTold(State& state, const alert::Notice& notice, std::span<const outbox::Row> rows) {
  Fact fact = MakeFact(state, FactKind::kTold, static_cast<std::uint8_t>(notice.kind), notice.at);
  for (const outbox::Row& row : rows) {
    fact.text.append(fact.text.empty() ? "" : ", ").append(row.destination);
  }
  state.episodes.AddFact(notice.episode, fact);
  state.episodes.NoteReached(notice.episode);
}

void NoteDeed(State& state, alert::EpisodeIndex episode, const event::Command& command) {
  Fact fact = MakeFact(state, FactKind::kDone, static_cast<std::uint8_t>(command.body.index()),
                       state.now());
  fact.by = command.author;
  fact.text = TextOf(command);
  state.episodes.AddFact(episode, fact);
}

}  // namespace stockwatch::flow
