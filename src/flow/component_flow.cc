#include "flow/component_flow.h"

#include <algorithm>

#include "flow/engine_time.h"
#include "flow/publish.h"

namespace stockwatch::flow {
namespace {

using event::ConditionType;

constexpr std::array kTypes{ConditionType::kSourceSilent, ConditionType::kSourceGap,
                            ConditionType::kUndeliverable, ConditionType::kClock,
                            ConditionType::kOplogHeadroom};

// Seconds, as alerts show them.
std::int64_t Thousandths(base::Duration duration) {
  return std::max<std::int64_t>(duration.micros(), 0) / 1000;
}

alert::Finding Holds(std::int64_t value, std::int64_t threshold) {
  alert::Finding finding;
  finding.holds = true;
  finding.compared = alert::Comparison{value, threshold};
  return finding;
}

alert::Finding Clears(std::int64_t value, std::int64_t threshold) {
  alert::Finding finding;
  finding.clears = true;
  finding.compared = alert::Comparison{value, threshold};
  return finding;
}

}  // namespace

alert::Subject ComponentFlow::Source() {
  const alert::Component source{alert::Component::Kind::kSource, std::string(kSourceKey)};
  return alert::Subject::OfComponent(state_.components.Of(source));
}

void ComponentFlow::Start() {
  const auto& channels = state_.options.destinations;
  for (alert::ComponentIndex i = 0; i < state_.components.size(); ++i) {
    const alert::Component& component = state_.components.at(i);
    const bool gone = component.kind == alert::Component::Kind::kChannel &&
                      std::find(channels.begin(), channels.end(), component.name) == channels.end();
    if (!gone) continue;
    const base::Instant now = state_.engine_time;
    state_.episodes.ResolveAll(alert::Subject::OfComponent(i), alert::Cause::kRetired,
                               {now, alert::Place::OfLook(now), false}, outcome_);
  }
  Publish(state_, outcome_);
}

void ComponentFlow::OnEngineTime() {
  for (alert::ComponentIndex i = 0; i < state_.components.size(); ++i) {
    for (const ConditionType type : kTypes) {
      state_.episodes.OnCloseTimer(alert::Subject::OfComponent(i), type, state_.engine_time,
                                   outcome_);
    }
  }
  Publish(state_, outcome_);
}

void ComponentFlow::JudgeSource(const ports::ChangeSource::Health& health) {
  const std::int64_t allowed = Thousandths(health.still_max);
  silent_ = !health.paused && health.still > health.still_max;
  const auto open = state_.episodes.Active(Source(), ConditionType::kSourceSilent);
  if (silent_ && !open) {
    Judge(Source(), ConditionType::kSourceSilent, Holds(Thousandths(health.still), allowed));
  } else if (!silent_ && open && (health.has_moved || health.paused)) {
    const base::Instant since = state_.episodes.at(*open).reopened_at;
    Judge(Source(), ConditionType::kSourceSilent,
          Clears(Thousandths(state_.engine_time - since) + allowed, allowed));
  }
  JudgeReach(health);
  if (health.gaps == gaps_) return;
  gaps_ = health.gaps;
  // At most: what the source said last may have been the latest there was.
  Judge(Source(), ConditionType::kSourceGap,
        Holds(Thousandths(state_.engine_time - state_.now()), 0));
}

// A forecast is only as good as the last minutes: it is over when the loss is twice as far away as
// it may be. In between each half that is gone is noted, and below a quarter it is more severe.
void ComponentFlow::JudgeReach(const ports::ChangeSource::Health& health) {
  if (!health.reach_known) return;
  const std::int64_t allowed = Thousandths(health.lost_in_min);
  const auto open = state_.episodes.Active(Source(), ConditionType::kOplogHeadroom);
  const bool was_open = open.has_value();
  const std::int64_t known = was_open ? state_.episodes.at(*open).now : allowed;
  const std::int64_t left = health.lost_in ? Thousandths(*health.lost_in) : 2 * allowed;
  runs_out_ = left < allowed;
  if (runs_out_ && (!was_open || left <= known / 2)) {
    Judge(Source(), ConditionType::kOplogHeadroom, Holds(left, allowed),
          left < allowed / 4 ? Raised::kByOne : Raised::kNo);
  } else if (was_open && left >= 2 * allowed) {
    Judge(Source(), ConditionType::kOplogHeadroom, Clears(left, allowed));
  }
}

void ComponentFlow::EndGap() {
  if (IsActive(Source(), ConditionType::kSourceGap)) {
    Judge(Source(), ConditionType::kSourceGap, Clears(0, 0));
  }
}

void ComponentFlow::JudgeChannels(const std::vector<DeliveryEnd>& ends) {
  for (const DeliveryEnd& end : ends) {
    const alert::Component channel{alert::Component::Kind::kChannel, end.destination};
    const auto subject = alert::Subject::OfComponent(state_.components.Of(channel));
    const auto open = state_.episodes.Active(subject, ConditionType::kUndeliverable);
    const std::int64_t before = open ? state_.episodes.at(*open).now : 0;
    if (!end.delivered) {
      const auto rows = static_cast<std::int64_t>(end.rows) * 1000;
      Judge(subject, ConditionType::kUndeliverable, Holds(before + rows, 1000));
    } else if (open) {
      Judge(subject, ConditionType::kUndeliverable, Clears(before, 1000));
    }
  }
}

void ComponentFlow::JudgeClock(base::Duration ahead) {
  clock_ahead_ = ahead > base::Duration();
  const alert::Component clock{alert::Component::Kind::kClock, std::string(kClockKey)};
  const auto subject = alert::Subject::OfComponent(state_.components.Of(clock));
  const std::int64_t allowed = Thousandths(EngineTime::kBelieved);
  const bool open = IsActive(subject, ConditionType::kClock);
  if (clock_ahead_ && !open) {
    Judge(subject, ConditionType::kClock, Holds(Thousandths(ahead), allowed));
  } else if (!clock_ahead_ && open) {
    Judge(subject, ConditionType::kClock, Clears(0, allowed));
  }
}

void ComponentFlow::Judge(alert::Subject subject, ConditionType type, alert::Finding finding,
                          Raised raised) {
  const base::Instant now = state_.engine_time;
  const threshold::ResolvedId thresholds = state_.rules.Resolve(NamesOf(state_, subject), now);
  finding.severity = state_.rules.at(thresholds).severity[event::Index(type)];
  if (raised == Raised::kByOne && finding.severity < event::Severity::kPage) {
    finding.severity = static_cast<event::Severity>(static_cast<int>(finding.severity) + 1);
  }
  state_.episodes.Judge(subject, type, finding, {now, alert::Place::OfLook(now), false}, outcome_);
  // Its record is all that there is of it.
  if (const auto open = state_.episodes.Active(subject, type)) outcome_.noted.push_back(*open);
  state_.episodes.FinishSubject(subject, now, outcome_);
  Publish(state_, outcome_);
}

}  // namespace stockwatch::flow
