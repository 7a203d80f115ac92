#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/event/condition_type.h"
#include "domain/event/rule.h"

namespace stockwatch::event {

// Holds back the notices of what it covers, for a time; the alerts themselves go on.
struct Silence {
  std::string id;
  RuleScope scope;                   // empty: everything
  std::vector<ConditionType> types;  // empty: all of them
  base::Instant from;                // first instant, engine time
  base::Instant until;               // first instant after it
  std::string author;
  std::string reason;

  bool operator==(const Silence&) const = default;
  bool InForceAt(base::Instant engine_now) const {
    return engine_now >= from && engine_now < until;
  }
};

}  // namespace stockwatch::event
