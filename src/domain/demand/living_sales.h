#pragma once

#include <vector>

#include "domain/stock/history_row.h"

namespace stockwatch::demand {

// The sales among the rows that are demand: those of the time in which the item was not retired; of
// an item that was forgotten `keep_seconds` after its delete and came back, those since. Sorts
// `rows` by position; the pointers lead into them.
std::vector<const stock::HistoryRow*> LivingSales(std::vector<stock::HistoryRow>& rows,
                                                  std::uint32_t keep_seconds);

}  // namespace stockwatch::demand
