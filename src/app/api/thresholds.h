#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// The living rules, and what holds for one item with the rule that gave each field.
std::vector<Route> ThresholdRoutes();

}  // namespace stockwatch::api
