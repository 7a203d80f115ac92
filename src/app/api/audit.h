#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// What people did, newest first, and whether the log is as it was written.
std::vector<Route> AuditRoutes();

}  // namespace stockwatch::api
