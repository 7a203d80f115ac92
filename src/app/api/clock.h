#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// What snoozes, silences and retries run on, beside the wall clock.
std::vector<Route> ClockRoutes();

}  // namespace stockwatch::api
