#pragma once

#include <optional>
#include <vector>

#include "app/quality/report.h"
#include "app/quality/trail.h"
#include "base/instant.h"

namespace stockwatch::quality {

// What an item sells while there is some, learnt from the whole recording: more than any forecast
// can know.
struct KnownDemand {
  double daily = 0;       // pieces a day
  double dispersion = 1;  // variance of the demand of any time ÷ its mean
};

// nullopt: never sold, or never there.
std::optional<KnownDemand> KnownDemandOf(const ItemTrail& trail);

// The chance that at least so many pieces are asked for within so many days, where customers come
// at random (a Poisson process) with baskets whose mean square ÷ mean is the dispersion: negative
// binomial above a dispersion of 1, Poisson at it (Johnson, Kemp, Kotz, Univariate Discrete
// Distributions, 5.2 and 9.5).
double ChanceOfDemand(const KnownDemand& demand, double days, int pieces);

// Of each item the highest level whose chance is at least one and the same for all items: that with
// which they together have the best recall that precision at or above `precision_min` allows. No
// other choice by what is known beforehand does better (Neyman and Pearson), but for hours,
// weekdays and seasons, which it does not know.
Foresight InformedLevels(const std::vector<std::vector<Level>>& items, double precision_min);

}  // namespace stockwatch::quality
