#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// Why there is an alert, and why there is none.
std::vector<Route> WhyRoutes();

}  // namespace stockwatch::api
