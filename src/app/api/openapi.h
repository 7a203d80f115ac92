#pragma once

#include <string_view>
#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// The contract of the API, OpenAPI 3.1: api/openapi/*.yaml as one JSON document, bundled by the
// build.
std::string_view OpenApiJson();

std::vector<Route> OpenApiRoutes();

}  // namespace stockwatch::api
