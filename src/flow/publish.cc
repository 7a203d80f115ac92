#include "flow/publish.h"

#include <algorithm>
#include <span>

#include "flow/notice_context.h"
#include "flow/timeline.h"

namespace stockwatch::flow {
namespace {

// Everybody; of a channel's own trouble everybody else.
std::vector<std::string> ReceiversOf(const State& state, const alert::Component& component) {
  std::vector<std::string> receivers = state.options.destinations;
  if (component.kind == alert::Component::Kind::kChannel) std::erase(receivers, component.name);
  return receivers;
}

// Those that the rules of the alert's subject name; everybody where no rule says who is told.
std::vector<std::string> ReceiversOf(State& state, alert::Subject subject) {
  if (subject.kind == alert::Subject::Kind::kComponent) {
    return ReceiversOf(state, state.components.at(subject.index));
  }
  const threshold::ResolvedId id = subject.kind == alert::Subject::Kind::kItem
                                       ? state.ledger.at(subject.index).thresholds
                                       : state.rules.Resolve(NamesOf(state, subject), state.now());
  const threshold::Resolved& thresholds = state.rules.at(id);
  const std::size_t field = threshold::Index(threshold::Field::kChannels);
  std::vector<std::string> receivers = state.options.destinations;
  if (thresholds.origin[field] == threshold::kNoVersion) return receivers;
  std::erase_if(receivers, [&](const std::string& receiver) {
    return std::find(thresholds.channels.begin(), thresholds.channels.end(), receiver) ==
           thresholds.channels.end();
  });
  return receivers;
}

// The figure of the item that the condition compares; nullopt: none of stock.
std::optional<event::Compare> CompareOf(const State& state, const alert::Episode& episode) {
  if (episode.subject.kind != alert::Subject::Kind::kItem) return std::nullopt;
  switch (episode.type) {
    case event::ConditionType::kOutOfStock:
    case event::ConditionType::kCriticalStock:
      return event::Compare::kAvailable;
    case event::ConditionType::kLowStock:
      return state.rules.at(state.ledger.at(episode.subject.index).thresholds).compare;
    case event::ConditionType::kNegativeStock:
    case event::ConditionType::kOverstock:
      return event::Compare::kOnHand;
    default:
      return std::nullopt;
  }
}

// What ended it, where its figures did; nullptr: nothing that was compared.
const alert::Comparison* EndedBy(const State& state, const alert::Outcome& outcome,
                                 const alert::Notice& notice) {
  if (notice.kind != alert::NoticeKind::kResolved) return nullptr;
  for (const alert::Transition& transition : outcome.transitions) {
    if (transition.episode != notice.episode || transition.number != notice.transition) continue;
    // Without a forecast there is no rate to be above.
    const bool of_none =
        transition.compared.threshold == 0 &&
        state.episodes.at(notice.episode).type == event::ConditionType::kVelocitySpike;
    if (transition.cause == alert::Cause::kCleared && !of_none) return &transition.compared;
  }
  return nullptr;
}

}  // namespace

std::string SubjectKey(const State& state, alert::Subject subject) {
  std::string key = subject.kind == alert::Subject::Kind::kItem
                        ? alert::SubjectText(state.directory.Key(subject.index))
                        : alert::SubjectText(state.rollups, subject.index);
  return key += "\n";
}

void AddTimer(State& state, const alert::TimerRequest& request) {
  // Timers fire on source time; ComponentFlow looks after these.
  if (request.subject.kind == alert::Subject::Kind::kComponent) return;
  std::string key = SubjectKey(state, request.subject);
  key.append(event::Name(request.type));
  state.timers.Add({request.due, request.kind, std::move(key), request.subject, request.type, {}});
}

void Publish(State& state, alert::Outcome& outcome) {
  for (const alert::Transition& transition : outcome.transitions) {
    const std::size_t type = event::Index(state.episodes.at(transition.episode).type);
    if (transition.edge == alert::Edge::kOpened) ++state.alerts.opened[type];
    if (transition.edge == alert::Edge::kReopened) ++state.alerts.reopened[type];
    if (transition.edge == alert::Edge::kResolved) ++state.alerts.resolved[type];
    state.touched_episodes.push_back(transition.episode);
  }
  for (const alert::EpisodeIndex episode : outcome.noted) state.touched_episodes.push_back(episode);
  for (const alert::TimerRequest& request : outcome.timers) AddTimer(state, request);
  NoteFacts(state, outcome);
  for (const alert::Notice& notice : outcome.notices) {
    state.touched_episodes.push_back(notice.episode);
    if (state.options.destinations.empty()) break;
    const alert::Subject subject = state.episodes.at(notice.episode).subject;
    const std::size_t before = state.outbox.size();
    outbox::Plan(notice, {state.episodes, state.rollups, state.components, state.rules},
                 ReceiversOf(state, subject), state.outbox);
    if (state.outbox.size() == before) continue;  // the rules name nobody
    NoteTold(state, notice, std::span(state.outbox).subspan(before));
    const outbox::Context context = ContextOf(state, subject);
    const auto compare = CompareOf(state, state.episodes.at(notice.episode));
    const alert::Comparison* ended_by = EndedBy(state, outcome, notice);
    for (std::size_t i = before; i < state.outbox.size(); ++i) {
      outbox::Message& message = state.outbox[i].message;
      message.context = context;
      message.compare = compare;
      if (ended_by == nullptr) continue;
      message.value = ended_by->value;
      message.threshold = ended_by->threshold;
    }
  }
  outcome.Clear();
}

}  // namespace stockwatch::flow
