#include "app/api/openapi.h"

#include "app/api/list.h"

namespace stockwatch::api {
namespace {

base::Result<http_server::Response> Document(Engine&, const Call&) {
  return JsonAnswer(std::string(OpenApiJson()));
}

}  // namespace

std::vector<Route> OpenApiRoutes() {
  return {{"GET", "/api/v1/openapi.json", {}, Document, Where::kBeside},
          {"GET", "/openapi.json", {}, Document, Where::kBeside}};
}

}  // namespace stockwatch::api
