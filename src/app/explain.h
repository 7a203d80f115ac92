#pragma once

#include <optional>
#include <string>
#include <vector>

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

struct ExplainedRule {
  std::string id;
  std::uint32_t version = 0;
  std::string author;
  std::string reason;
  std::string value;
  std::string why;  // of a beaten rule
};
struct ExplainedField {
  std::string field;
  std::string value;
  std::optional<std::string> before_clamping;
  std::optional<std::string> inputs;  // of a dynamic `low`: what it was worked out from
  ExplainedRule rule;
  std::vector<ExplainedRule> beaten;
};
struct Explanation {
  event::RuleScope levels;
  base::Instant at;
  std::vector<ExplainedField> fields;
};

// The thresholds in force for one item and where each comes from. kInvalidArgument: no warehouse or
// SKU; kNotFound: no such item in `changes`.
base::Result<Explanation> Explain(config::Settings settings, const ExplainOptions& options);

std::string ExplanationText(const Explanation& explanation);
// One object and a line break.
std::string ExplanationJson(const Explanation& explanation);

}  // namespace stockwatch::app
