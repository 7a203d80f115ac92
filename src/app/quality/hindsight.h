#pragma once

#include <vector>

#include "app/quality/report.h"
#include "app/quality/trail.h"
#include "base/instant.h"

namespace stockwatch::quality {

// Levels, in pieces, at which a rule that knows nothing of demand could alert.
inline constexpr int kLevels[] = {1,  2,  3,  4,  5,  6,  8,   10,  12,  15,
                                  20, 25, 30, 40, 50, 75, 100, 150, 200, 300};

// When an alert opens that holds while something is available and at most so many pieces are: the
// simplest way of foreseeing, by which others are bounded (ADR 10).
std::vector<base::Instant> OpeningsAt(const ItemTrail& trail, int pieces);

// Of each item the level, or none at all, with which the items together have the best recall that
// precision at or above `precision_min` allows. Chosen by what became of them, so nobody can do it
// beforehand. `items`: of each item what each of kLevels would have come to.
Foresight BestLevels(const std::vector<std::vector<Level>>& items, double precision_min);

}  // namespace stockwatch::quality
