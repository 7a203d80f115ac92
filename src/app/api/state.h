#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// What the commands `state …` and the whole lists ask of a running engine: lines of JSON of
// everything, made while the engine waits, for people and scripts and not for screens.
std::vector<Route> StateRoutes();

}  // namespace stockwatch::api
