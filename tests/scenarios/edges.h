#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "flow/state.h"

namespace stockwatch::scenario {

// Which edges of the life of an alert (domain page, section 9) the engine has taken, pending
// included: "none to pending", "open to acknowledged". Looks at the state after each step.
class Edges {
 public:
  // None to open or pending; pending to open or none; and what follows of an open one.
  static const std::set<std::string>& OfTheTable();

  void Look(const flow::State& state);
  const std::set<std::string>& taken() const { return taken_; }

 private:
  using Watch = std::pair<std::pair<int, std::uint32_t>, event::ConditionType>;
  static Watch WatchOf(alert::Subject subject, event::ConditionType type) {
    return {{static_cast<int>(subject.kind), subject.index}, type};
  }

  std::set<Watch> pending_;
  std::map<Watch, std::string> states_;  // of the latest episode; none: there is none
  std::set<std::string> taken_;
};

}  // namespace stockwatch::scenario
