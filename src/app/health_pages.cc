#include "app/health_pages.h"

namespace stockwatch::app {
namespace {

using http_server::Request;
using http_server::Response;

// A page of a browser that believes another name to be this host must not reach it.
bool IsForThisHost(const Request& request) {
  std::string_view host = request.Header("host");
  if (const auto colon = host.rfind(':');
      colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    host = host.substr(0, colon);
  }
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

Response Of(const Health::Answer& answer) {
  Response response;
  response.body = answer.json;
  response.status = answer.good ? 200 : 503;
  return response;
}

}  // namespace

std::optional<Response> AnswerHealth(const Health& health, const Request& request) {
  if (!IsForThisHost(request)) {
    return http_server::Problem(403, "this server is for its own host alone", request.target);
  }
  const bool known =
      request.path == "/health" || request.path == "/readiness" || request.path == "/metrics";
  if (!known) return std::nullopt;
  if (request.method != "GET") return http_server::MethodNotAllowed(request, "GET");
  const auto now = Health::Clock::now();
  if (request.path == "/health") return Of(health.Alive(now));
  if (request.path == "/readiness") return Of(health.Ready(now));
  Response page;
  page.content_type = "text/plain; version=0.0.4";
  page.body = health.metrics();
  return page;
}

}  // namespace stockwatch::app
