#pragma once

#include <vector>

#include "app/api/route.h"

namespace stockwatch::api {

// What people do to alerts and silences: POST /api/v1/alerts/{id}/acknowledge, …; each is answered
// when it is stored. `Idempotency-Key` names the command: the same one is done once. `If-Match` on
// an alert holds the number of transitions that the client has seen; another is 412.
std::vector<Route> CommandRoutes();

}  // namespace stockwatch::api
