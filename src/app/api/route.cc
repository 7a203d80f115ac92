#include "app/api/route.h"

#include <algorithm>

namespace stockwatch::api {
namespace {

using http_server::Problem;
using http_server::Request;
using http_server::Response;

bool IsName(std::string_view segment) {
  return segment.starts_with('{');
}

// "/a/{b}" → "a", "{b}".
std::vector<std::string_view> Split(std::string_view pattern) {
  std::vector<std::string_view> segments;
  for (std::size_t begin = 1; begin <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
    segments.push_back(pattern.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

// nullopt: another path. A name stands for anything but nothing.
std::optional<std::vector<std::string>> Match(const std::vector<std::string_view>& pattern,
                                              const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return std::nullopt;
  std::vector<std::string> named;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (IsName(pattern[i]) && !segments[i].empty()) {
      named.push_back(segments[i]);
    } else if (pattern[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return named;
}

std::optional<Response> UnknownParameter(const Route& route, const Request& request) {
  for (const auto& [name, value] : request.query) {
    const auto& known = route.parameters;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string detail = "unknown parameter \"" + name + "\"; ";
    detail += known.empty() ? "there is none here" : "known are";
    for (const std::string_view other : known) detail.append(" ").append(other);
    return Problem(400, detail, request.target);
  }
  return std::nullopt;
}

std::string TagOf(const Engine& engine) {
  return "\"" + std::to_string(engine.store.epoch()) + "-" +
         std::to_string(engine.store.last_batch()) + "\"";
}

// If-None-Match: a list of tags, weak or strong, or "*".
bool Knows(std::string_view known, std::string_view tag) {
  while (!known.empty()) {
    const std::size_t end = std::min(known.find(','), known.size());
    std::string_view one = known.substr(0, end);
    known.remove_prefix(std::min(known.size(), end + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag || one == "*") return true;
  }
  return false;
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (const Route& route : routes_) patterns_.push_back({Split(route.pattern)});
}

std::variant<Router::Found, Response> Router::Find(const Request& request) const {
  std::string allowed;
  std::optional<Found> found;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    auto named = Match(patterns_[i].segments, request.segments);
    if (!named) continue;
    // "/thresholds/effective" is no rule of that id: the pattern with fewer names is meant.
    if (found && found->named.size() <= named->size()) continue;
    if (routes_[i].method == request.method) {
      found = Found{&routes_[i], *std::move(named)};
    } else {
      allowed.append(allowed.empty() ? "" : ", ").append(routes_[i].method);
    }
  }
  if (found) {
    if (auto refused = UnknownParameter(*found->route, request)) return *std::move(refused);
    return *std::move(found);
  }
  if (allowed.empty()) return Problem(404, "there is nothing at " + request.path, request.target);
  return http_server::MethodNotAllowed(request, allowed);
}

int StatusOf(base::Code code) {
  switch (code) {
    case base::Code::kInvalidArgument:
      return 400;
    case base::Code::kNotFound:
      return 404;
    case base::Code::kAlreadyExists:
    case base::Code::kAborted:
    case base::Code::kFailedPrecondition:
      return 409;
    case base::Code::kUnimplemented:
      return 501;
    case base::Code::kResourceExhausted:
    case base::Code::kUnavailable:
      return 503;
    case base::Code::kDataLoss:
      return 500;
  }
  return 500;
}

Response Failed(const base::Error& error, const Request& request) {
  return Problem(StatusOf(error.code), error.message, request.target);
}

Response Run(Engine& engine, const Route& route, const Call& call) {
  auto answered = route.handler(engine, call);
  if (!answered.ok()) return Failed(answered.error(), call.request);
  Response response = std::move(answered).value();
  if (route.method != "GET" || route.where != Where::kAtDesk || response.status != 200) {
    return response;
  }
  const std::string tag = TagOf(engine);
  if (Knows(call.request.Header("if-none-match"), tag)) response = Response{.status = 304};
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

}  // namespace stockwatch::api
