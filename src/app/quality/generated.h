#pragma once

#include "app/quality/measure.h"
#include "shop/options.h"

namespace stockwatch::quality {

// Of a generated shop: `authority: ledger`, classes from its labels, and for each category an alert
// at a cover of half of its mean lead time.
Options OptionsOf(const shop::Options& shop);
// The same rule for recorded changes whose settings have no `days_of_cover`: half of the lead time
// of the settings. True if it was needed.
bool AddCoverRule(flow::Options& flow);

}  // namespace stockwatch::quality
