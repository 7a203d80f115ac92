#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "flow/canonical.h"
#include "flow/state.h"

namespace stockwatch::look {

struct HistoryQuestion {
  std::string warehouse_id;
  std::string sku;
  std::optional<base::Instant> at;  // the stock as of then, instead of the rows
};

// The rows of an item in order of their positions, a line each; or one line with its figures after
// every change of cluster seconds up to an instant. docs/formats.md, History. kNotFound: no such
// item.
base::Status WriteHistory(flow::State& state, const HistoryQuestion& question,
                          const flow::LineSink& sink);

}  // namespace stockwatch::look
