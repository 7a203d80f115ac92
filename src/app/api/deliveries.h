#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// What became of notices; dead letters of delivery are tried again, channels are used again.
std::vector<Route> DeliveryRoutes();

}  // namespace stockwatch::api
