#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/threshold/rule_book.h"

namespace stockwatch::threshold {

// Why a field has the value it has: "Why 12?" in full.
struct FieldExplanation {
  struct Beaten {
    VersionIndex version = kNoVersion;
    std::string value;
    // "less specific", "lower priority", "earlier place", "later id", or "loosens the locked rule
    // <id>"
    std::string why;
  };
  std::string field;
  std::string value;  // as in force
  VersionIndex winner = kNoVersion;
  std::optional<std::string> before_clamping;  // as its rule gave it
  std::vector<Beaten> beaten;                  // the one that came nearest first
};

// Fields that some matching rule gives, in the order of Field.
std::vector<FieldExplanation> Explain(const RuleBook& rules, const Subject& subject,
                                      base::Instant at);

}  // namespace stockwatch::threshold
