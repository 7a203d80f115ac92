#pragma once

#include <string>

#include "base/result.h"
#include "domain/event/dead_letter.h"
#include "flow/state.h"
#include "ports/state_store.h"

namespace stockwatch::app {

// Makes a folder and those above it. kFailedPrecondition: it cannot be made or is no folder.
base::Status MakeFolder(const std::string& path);

// items, rollups, demand, alerts and deadletters (.ndjson) in `folder`, each written beside
// its place and then moved there. kUnavailable: the disk refused.
base::Status WriteExport(const flow::State& state, ports::StateStore& store,
                         const std::string& folder);

}  // namespace stockwatch::app
