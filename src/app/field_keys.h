#pragma once

#include "base/result.h"
#include "config/settings.h"
#include "domain/decode/protection.h"

namespace stockwatch::app {

// Reads the keys of sensitive values and makes of them what seals values for a decoder; nullptr
// where the settings name no key. kFailedPrecondition: a file cannot be read; kInvalidArgument: it
// holds no key. Messages name the setting and never what a file holds.
base::Result<decode::Seal> FieldSeal(const config::Settings& settings);

}  // namespace stockwatch::app
