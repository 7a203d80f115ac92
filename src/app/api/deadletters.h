#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// Changes that could not be taken: the list, one with its bytes, taken again, forgotten.
std::vector<Route> DeadLetterRoutes();

}  // namespace stockwatch::api
