#pragma once

#include <string>
#include <vector>

#include "adapters/mongo_source/checkup.h"
#include "base/result.h"
#include "config/settings.h"

namespace stockwatch::app {

enum class Mapping : std::uint8_t { kLeft, kSuggested };

struct DoctorReport {
  std::vector<mongo_source::Finding> findings;
  std::string mapping;  // settings to read and use, YAML; empty: none
};

// Connects to the server of `source` ("mongo" or a URI, as `run` takes it), looks and leaves.
// Errors (kInvalidArgument): settings that name no server, a URI with a password.
base::Result<DoctorReport> Examine(const config::Settings& settings, const std::string& source,
                                   Mapping mapping);

}  // namespace stockwatch::app
