#include "flow/publish.h"

namespace stockwatch::flow {

std::string SubjectKey(const State& state, alert::Subject subject) {
  std::string key = subject.kind == alert::Subject::Kind::kItem
                        ? alert::SubjectText(state.directory.Key(subject.index))
                        : alert::SubjectText(state.rollups, subject.index);
  return key += "\n";
}

void Publish(State& state, alert::Outcome& outcome) {
  for (const alert::Transition& transition : outcome.transitions) {
    const std::size_t type = event::Index(state.episodes.at(transition.episode).type);
    if (transition.edge == alert::Edge::kOpened) ++state.alerts.opened[type];
    if (transition.edge == alert::Edge::kReopened) ++state.alerts.reopened[type];
    if (transition.edge == alert::Edge::kResolved) ++state.alerts.resolved[type];
    state.touched_episodes.push_back(transition.episode);
  }
  for (const alert::TimerRequest& request : outcome.timers) {
    std::string key = SubjectKey(state, request.subject);
    key.append(event::Name(request.type));
    state.timers.Add({request.due,
                      request.kind,
                      std::move(key),
                      request.subject,
                      request.type,
                      request.episode,
                      {}});
  }
  for (const alert::Notice& notice : outcome.notices) {
    outbox::Plan(notice, state.episodes, state.rollups, state.rules, state.options.destinations,
                 state.outbox);
  }
  outcome.Clear();
}

}  // namespace stockwatch::flow
