#pragma once

#include <cstdint>
#include <vector>

#include "domain/stock/book.h"

namespace stockwatch::stock {

// Puts few rows in the place of all those up to the cluster second `until`. With whatever comes
// above it, now or later, they give the same Fold, first and last of the LivingSales, sums of each
// week's as far as rings of demand reach, and the same shadow, whose base moves up to there. The
// last of them `begins` the history: moments before it can't be told any more.
// False: nothing was changed. The item is retired at that moment, or fewer rows would not say the
// same.
// REQUIRES: `rows` sorted by position; nothing at or below `until` will be added, and no document
// that waits for its grace looks back behind it. `shadow` is the item's, nullptr: it has none. New
// rows' views lead to where those of the old ones do.
bool CarryOver(std::vector<HistoryRow>& rows, std::uint32_t until, const WarehouseRules& rules,
               std::uint32_t keep_seconds, Shadow* shadow);

}  // namespace stockwatch::stock
