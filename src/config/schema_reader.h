#pragma once

#include "config/mistakes.h"
#include "config/settings_reader.h"
#include "domain/decode/schema.h"

namespace stockwatch::config {

// A JSON Schema as it stands in the settings. What is wrong with it, and every keyword that we do
// not check, is a mistake: a schema that seems to hold what it doesn't is worse than none.
decode::Schema ReadSchema(const Spot& spot, Mistakes& mistakes);

}  // namespace stockwatch::config
