#pragma once

#include <optional>
#include <string>

#include "app/look/explanation.h"
#include "base/instant.h"
#include "base/result.h"
#include "config/load.h"
#include "domain/event/rule.h"

namespace stockwatch::app {

struct ExplainOptions {
  event::RuleScope levels;  // of the item; levels may be left empty where `changes` has the item
  std::optional<std::string>
      changes;  // a file of changes: its rules count, its item gives the levels
  std::optional<base::Instant>
      at;  // default: the source time at the end of `changes`; REQUIRED without
};

// The thresholds in force for one item and where each comes from. kInvalidArgument: no warehouse or
// SKU; kNotFound: no such item in `changes`.
base::Result<look::Explanation> Explain(config::Settings settings, const ExplainOptions& options);

}  // namespace stockwatch::app
