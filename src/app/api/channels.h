#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// The ways to receivers, as they stand.
std::vector<Route> ChannelRoutes();

}  // namespace stockwatch::api
