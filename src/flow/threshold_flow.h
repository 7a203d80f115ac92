#pragma once

#include "flow/item_flow.h"

namespace stockwatch::flow {

// Rule versions that come, go, begin and end: every item and node in their scope is judged as it
// stands at that place.
class ThresholdFlow {
 public:
  ThresholdFlow(State& state, ItemFlow& items) : state_(state), items_(items) {}

  // Rules of the settings file, before any change.
  void Start();
  // Source time has begun: intervals turn from here on.
  void ScheduleFirstTurn() { ScheduleTimers(); }

  threshold::Accepted Put(const event::Rule& rule, base::Position place);
  threshold::Accepted Remove(std::string_view rule_id, base::Position place);
  // Some rule's interval begins or ends at the timer's due time.
  void OnIntervalTimer(const Timer& timer);

  // A day has begun: items that nothing was sold of become stale by time alone.
  void OnDayTimer(const Timer& timer);

  // Rises whenever nodes may resolve to something else.
  std::uint64_t epoch() const { return epoch_; }

 private:
  void Sweep(const std::vector<event::RuleScope>& scopes, const alert::Moment& moment);
  void ScheduleTimers();

  State& state_;
  ItemFlow& items_;
  std::uint64_t epoch_ = 0;
};

}  // namespace stockwatch::flow
