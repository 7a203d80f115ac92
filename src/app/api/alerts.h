#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// Alerts, newest first, and one by its id.
std::vector<Route> AlertRoutes();

}  // namespace stockwatch::api
