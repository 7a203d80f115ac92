#pragma once

#include <cstdint>

#include "domain/event/rule.h"

namespace stockwatch::demand {

// Millionths of a standard deviation.
using Deviations = std::int64_t;

// z with Φ(z) = p. At or above 1 the figure of 0.999 and at or below 0 that of 0.001 stand: no
// finite stock serves everybody.
Deviations NormalQuantile(event::Thousandths probability);

// k with G(k) = loss, G(k) = φ(k) − k (1 − Φ(k)): the units short per cycle in standard deviations.
// `loss` in thousand-millionths. From 0 (a loss of 0.3989 and more: no safety stock) to 4, between
// the entries of a table of hundredths along the straight line.
Deviations LossQuantile(std::int64_t loss);

}  // namespace stockwatch::demand
