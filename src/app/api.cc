#include "app/api.h"

namespace stockwatch::app {
namespace {

using http_server::Problem;
using http_server::Request;
using http_server::Response;

constexpr std::chrono::seconds kPatience{10};

}  // namespace

Response Api::Answer(const Request& request) {
  auto found = router_.Find(request);
  if (auto* problem = std::get_if<Response>(&found)) return std::move(*problem);
  const api::Route& route = *std::get<api::Router::Found>(found).route;
  if (route.method != "GET") {
    if (auto refused = Refusal(request)) return *std::move(refused);
  }
  api::Call call{request,
                 std::move(std::get<api::Router::Found>(found).named),
                 {admin_.name, request.peer, {}}};
  if (const std::string* why = call.Parameter("why")) call.actor.why = *why;
  const auto work = [&] { return api::Run(engine_, route, call); };
  return route.where == api::Where::kAtDesk ? AtDesk(request, work) : work();
}

std::optional<Response> Api::Refusal(const Request& request) const {
  // Plain forms of other sites cannot send this type without asking first.
  if (request.Header("content-type") != "application/json") {
    return Problem(415, "a request that changes something is of type application/json",
                   request.target);
  }
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.Header("authorization");
  if (!given.starts_with(kScheme)) {
    Response refused = Problem(401,
                               "a request that changes something needs the admin key: "
                               "Authorization: Bearer swk_...",
                               request.target);
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
  }
  if (!admin_.IsProvedBy(given.substr(kScheme.size()))) {
    return Problem(403, "this is not the admin key of this engine", request.target);
  }
  return std::nullopt;
}

Response Api::AtDesk(const Request& request, const std::function<Response()>& work) {
  Response response;
  switch (desk_.Ask([&] { response = work(); }, kPatience)) {
    case Desk::Asked::kDone:
      return response;
    case Desk::Asked::kBusy:
      return Problem(503, "the engine is busy", request.target);
    case Desk::Asked::kClosed:
      return Problem(503, "the engine has stopped", request.target);
  }
  return response;
}

}  // namespace stockwatch::app
