#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/threshold/rule_record.h"
#include "flow/item_flow.h"

namespace stockwatch::flow {

// Rule versions that come, go, begin and end: every item and node in their scope is judged as it
// stands at that place.
class ThresholdFlow {
 public:
  ThresholdFlow(State& state, ItemFlow& items) : state_(state), items_(items) {}

  // Takes the rules of the settings: before any change, or behind the last one applied. What stands
  // there as it stood is left alone; a rule that the settings gave and give no more ends.
  void TakeSettings(const std::vector<event::Rule>& rules);
  // After a restart: does again what a stored edit did. REQUIRES: there are no items yet
  base::Status Restore(std::string_view record);
  // Source time has begun: intervals turn from here on.
  void ScheduleFirstTurn() { ScheduleTimers(); }

  threshold::Accepted Put(const event::Rule& rule, base::Position place);
  threshold::Accepted Remove(std::string_view rule_id, base::Position place);
  // Rules of the source that nothing has shown since that place are gone as of it.
  void RemoveUnseen(base::Position since);
  // Some rule's interval begins or ends at the timer's due time.
  void OnIntervalTimer(const Timer& timer);

  // A day has begun: items become stale by time alone, and teach what they will sell.
  void OnDayTimer(const Timer& timer);

  // Rises whenever nodes may resolve to something else.
  std::uint64_t epoch() const { return epoch_; }

 private:
  base::Position NextPlace();
  void Keep(threshold::RuleEdit::Origin origin, const event::Rule& rule, base::Position place);
  void KeepRemoval(threshold::RuleEdit::Origin origin, std::string_view rule_id,
                   base::Position place);
  void Note(const threshold::RuleEdit& edit);
  void Audit(const event::Rule* before, const event::Rule* after);
  void Sweep(const std::vector<event::RuleScope>& scopes, const alert::Moment& moment);
  void ScheduleTimers();

  State& state_;
  ItemFlow& items_;
  std::uint64_t epoch_ = 0;
  std::map<std::string, event::Rule, std::less<>> of_settings_;  // as the settings gave them last
};

}  // namespace stockwatch::flow
