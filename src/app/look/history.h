#pragma once

#include <optional>
#include <string>
#include <vector>

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

// One row, or the figures at an instant, as a line. `rows`: those up to then.
std::string HistoryRowLine(const stock::HistoryRow& row);
std::string FiguresLine(flow::State& state, key::ItemIndex item, const HistoryQuestion& question,
                        std::vector<stock::HistoryRow>& rows);
// Every row of the item, in order of their positions. kNotFound: no such item, whose number is
// `item` else; or the instant lies before the history.
base::Result<std::vector<stock::HistoryRow>> ReadHistory(flow::State& state,
                                                         const HistoryQuestion& question,
                                                         key::ItemIndex& item);

// The rows of an item in order of their positions, a line each; or one line with its figures after
// every change of cluster seconds up to an instant. docs/formats.md, History. Errors as
// ReadHistory.
base::Status WriteHistory(flow::State& state, const HistoryQuestion& question,
                          const flow::LineSink& sink);

}  // namespace stockwatch::look
