#pragma once

#include <string>

#include "base/result.h"
#include "flow/commit_counts.h"
#include "flow/delivery.h"
#include "flow/engine_time.h"
#include "flow/state.h"

namespace stockwatch::app {

// The run's metrics in the Prometheus text format, written to a file (for a textfile collector).
base::Status WriteMetrics(const flow::State& state, const std::string& path);
// `delivery`: nullptr where nobody is told.
std::string MetricsText(const flow::State& state, const flow::Delivery* delivery = nullptr);

std::string ClockMetricsText(const flow::EngineTime& time);
std::string CommitMetricsText(const flow::CommitCounts& commits);
// Of an engine, or of one that waits for another.
std::string StandbyMetricsText(bool waits);

// Markdown of docs/metrics.md, from the same table.
std::string MetricsPage();

}  // namespace stockwatch::app
