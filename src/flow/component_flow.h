#pragma once

#include <cstdint>
#include <vector>

#include "flow/delivery.h"
#include "flow/state.h"
#include "ports/change_source.h"

namespace stockwatch::flow {

// Conditions of the system itself: a source that is silent or has lost history, a channel that
// could not be told. They go by engine time and have no timers: who has news of a component brings
// it here, and alerts that are over are closed when engine time has passed.
//
//   source_silent   no progress for longer than the source allows; ends with progress, or a pause
//   oplog_headroom  history will soon be lost, by a forecast; ends when it will not, with a margin
//   source_gap      history was lost; ends when all was read anew, or by hand
//   undeliverable   notices were given up; ends when the channel takes one, or by hand
//   clock           the wall is ahead of engine time and not believed; ends when it is, or goes
//   back
class ComponentFlow {
 public:
  explicit ComponentFlow(State& state) : state_(state) {}

  // After a restart: alerts of channels that are no more end.
  void Start();
  void OnEngineTime();

  void JudgeSource(const ports::ChangeSource::Health& health);
  void EndGap();
  void JudgeChannels(const std::vector<DeliveryEnd>& ends);
  // `ahead`: as EngineTime has it.
  void JudgeClock(base::Duration ahead);

  // What holds as things stand and is not only told of: nobody can end it by hand.
  alert::ConditionMask HoldsNow() const {
    alert::ConditionMask holds = 0;
    if (runs_out_) holds |= alert::Bit(event::ConditionType::kOplogHeadroom);
    if (silent_) holds |= alert::Bit(event::ConditionType::kSourceSilent);
    if (clock_ahead_) holds |= alert::Bit(event::ConditionType::kClock);
    return holds;
  }

 private:
  alert::Subject Source();
  bool IsActive(alert::Subject subject, event::ConditionType type) const {
    return state_.episodes.Active(subject, type).has_value();
  }
  void JudgeReach(const ports::ChangeSource::Health& health);
  // By the rules' severity, or the next.
  enum class Raised : std::uint8_t { kNo, kByOne };
  void Judge(alert::Subject subject, event::ConditionType type, alert::Finding finding,
             Raised raised = Raised::kNo);

  State& state_;
  alert::Outcome outcome_;
  bool silent_ = false;
  bool runs_out_ = false;
  bool clock_ahead_ = false;
  std::uint64_t gaps_ = 0;  // that were judged
};

}  // namespace stockwatch::flow
