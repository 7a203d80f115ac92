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

}  // namespace stockwatch::threshold
