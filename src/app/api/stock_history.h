#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// Every change of an item in order of position, or its figures at an instant.
std::vector<Route> StockHistoryRoutes();

}  // namespace stockwatch::api
