#pragma once

#include <string>
#include <string_view>

namespace stockwatch::config {

// What is said of a rule: `rule "a": field "low" is not a number: "x"` is "is not a number: "x"" of
// the field "low"; no field if the rule as a whole is meant.
struct RuleMistake {
  std::string field;
  std::string what;
};
RuleMistake SplitRuleMistake(std::string_view message, std::string_view rule_id);

}  // namespace stockwatch::config
