#pragma once

#include "adapters/http_server/message.h"
#include "app/api/route.h"
#include "app/desk.h"
#include "app/health.h"

namespace stockwatch::app {

// What a running engine answers by HTTP: its health, and by the table of routes what people and
// commands ask. All that touches the engine is done at the desk, so each answer is of one batch
// boundary. docs/api.md.
class Api {
 public:
  // Both and what `engine` refers to must outlive it.
  Api(Desk& desk, Health& health, api::Engine engine)
      : desk_(desk), health_(health), engine_(std::move(engine)), router_(api::AllRoutes()) {}

  // On the server's thread.
  http_server::Response Answer(const http_server::Request& request);

 private:
  using Response = http_server::Response;
  using Request = http_server::Request;

  Response AnswerRoute(const Request& request);
  // Does it between two steps; 503 where the engine is busy for too long, or gone.
  Response AtDesk(const Request& request, const std::function<Response()>& work);

  Desk& desk_;
  Health& health_;
  api::Engine engine_;
  api::Router router_;
};

}  // namespace stockwatch::app
