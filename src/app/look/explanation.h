#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/json_writer.h"
#include "domain/alert/basis.h"
#include "domain/event/rule.h"
#include "flow/state.h"

namespace stockwatch::look {

// Why the thresholds of one item are what they are.
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
  std::string value;                           // in force
  std::optional<std::string> before_clamping;  // as its rule, or the item's demand, gave it
  std::optional<std::string> inputs;           // of a dynamic `low`: what it was worked out from
  std::optional<alert::Basis> basis;           // the same as figures
  bool dynamic = false;                        // by the item's demand, not as a rule gave it
  ExplainedRule rule;
  std::vector<ExplainedRule> beaten;
};
struct Explanation {
  event::RuleScope levels;
  base::Instant at;
  std::vector<ExplainedField> fields;
};

// Of the levels as they are given.
Explanation ExplainLevels(const threshold::RuleBook& rules, const event::RuleScope& levels,
                          base::Instant at);
// Of an item that is there, with what its demand makes of them as it is judged now. `at`: of the
// rules.
Explanation ExplainItem(const flow::State& state, key::ItemIndex item, base::Instant at);

std::string ExplanationText(const Explanation& explanation);
// Members of the open object. docs/formats.md, Thresholds.
void WriteExplanation(const Explanation& explanation, base::JsonWriter& json);
// One object and a line break.
std::string ExplanationJson(const Explanation& explanation);

}  // namespace stockwatch::look
