#pragma once

#include <cstdio>
#include <string>

#include "base/result.h"
#include "flow/canonical.h"
#include "flow/state.h"
#include "ports/state_store.h"

namespace stockwatch::app {

// Every record of a store as lines of text, which another version or another engine can read:
// docs/formats.md, Records file.
base::Status WriteRecords(flow::State& state, ports::StateStore& store, const flow::LineSink& sink);

struct Imported {
  std::uint64_t records = 0;
  std::uint64_t history_rows = 0;
};
// Reads such lines from a file ("-": standard input) into an empty store. kInvalidArgument naming
// the line that cannot be read; what came before it is in the store then: see ImportRecords.
base::Result<Imported> ReadRecords(const std::string& path, ports::StateStore& store);

}  // namespace stockwatch::app
