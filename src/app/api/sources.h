#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// Where changes come from, and how far they were read.
std::vector<Route> SourceRoutes();

}  // namespace stockwatch::api
