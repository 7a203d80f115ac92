#pragma once

#include "adapters/http_server/message.h"
#include "app/api/route.h"
#include "app/desk.h"
#include "domain/access/key.h"

namespace stockwatch::app {

// What a running engine answers by HTTP, but for its health: by the table of routes what people and
// commands ask. All that touches the engine is done at the desk, so each answer is of one batch
// boundary. docs/api.md.
class Api {
 public:
  // `admin`: whoever proves it may change something. The others and what `engine` refers to must
  // outlive it.
  Api(Desk& desk, access::Key admin, api::Engine engine)
      : desk_(desk),
        admin_(std::move(admin)),
        engine_(std::move(engine)),
        router_(api::AllRoutes()) {}

  // From any thread, many at once.
  http_server::Response Answer(const http_server::Request& request);

 private:
  using Response = http_server::Response;
  using Request = http_server::Request;

  // The problem of a request that may not change anything; nullopt: it may.
  std::optional<Response> Refusal(const Request& request) const;
  // Does it between two steps; 503 where the engine is busy for too long, or gone.
  Response AtDesk(const Request& request, const std::function<Response()>& work);

  Desk& desk_;
  access::Key admin_;
  api::Engine engine_;
  api::Router router_;
};

}  // namespace stockwatch::app
