#pragma once

#include <functional>

#include "adapters/file_source/file_source.h"
#include "app/log.h"
#include "config/settings.h"
#include "domain/decode/options.h"
#include "flow/pipeline.h"
#include "ports/telling.h"

namespace stockwatch::app {

// What the roots make of the settings.

// `path`: "-" is standard input.
file_source::Options FileOptionsFrom(const config::SourceOptions& settings, std::string path);

// Of what happens to a source. `log` must outlive it.
ports::Tell TellerTo(Log& log);

// A dead letter's bytes as a line of Extended JSON, redacted where that is configured: for sources
// whose own bytes are no text.
flow::Pipeline::WriteChange EjsonWriter();
// How a dead letter's bytes are written; nullptr where nothing is redacted.
flow::Pipeline::WriteChange RedactingWriter(const decode::Options& options);

// Makes a change of a dead letter's bytes, as files' lines are read.
std::function<void(ports::RawInput&)> LineParser(const config::SourceOptions& settings);

}  // namespace stockwatch::app
