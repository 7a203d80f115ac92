#pragma once

#include <optional>

#include "adapters/http_server/message.h"
#include "app/health.h"

namespace stockwatch::app {

// What each process of ours answers, whether it works or waits: /health, /readiness, /metrics (405
// to what is no GET), and 403 to what was not meant for this host. nullopt: it is about something
// else. Any thread.
std::optional<http_server::Response> AnswerHealth(const Health& health,
                                                  const http_server::Request& request);

}  // namespace stockwatch::app
