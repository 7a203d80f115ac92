#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/threshold/resolved.h"

namespace stockwatch::threshold {

// Appends the record to `out`; docs/formats.md, Records.
void EncodeRuleVersion(const RuleVersion& version, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version of the format. The rule is
// not validated again: it was when it was accepted.
base::Result<RuleVersion> DecodeRuleVersion(std::string_view record);

// What was done to a rule, where and by whom: the log from which a rule book is built again.
struct RuleEdit {
  enum class Origin : std::uint8_t { kStream, kSettings };
  Origin origin = Origin::kStream;
  bool removal = false;  // of the rule of that id; the rest of the rule says nothing then
  RuleVersion version;   // its number is not used

  bool operator==(const RuleEdit&) const = default;
};
void EncodeRuleEdit(const RuleEdit& edit, std::string& out);
base::Result<RuleEdit> DecodeRuleEdit(std::string_view record);

}  // namespace stockwatch::threshold
