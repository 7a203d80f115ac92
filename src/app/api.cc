#include "app/api.h"

#include "app/history.h"
#include "app/listings.h"
#include "app/stopped_store.h"
#include "base/json_writer.h"
#include "flow/listing.h"

namespace stockwatch::app {
namespace {

using http_server::Problem;
using http_server::Request;
using http_server::Response;

constexpr std::chrono::seconds kPatience{10};
constexpr std::string_view kLetters = "/api/v1/deadletters/";

Response Json(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
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

Response Failed(const base::Error& error) {
  return Problem(StatusOf(error.code), error.message);
}

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
  Response response = Json(answer.json);
  response.status = answer.good ? 200 : 503;
  return response;
}

}  // namespace

Response Api::Answer(const Request& request) {
  if (!IsForThisHost(request)) return Problem(403, "this server is for its own host alone");
  const auto now = Health::Clock::now();
  if (request.method == "GET" && request.path == "/health") return Of(parts_.health.Alive(now));
  if (request.method == "GET" && request.path == "/readiness") return Of(parts_.health.Ready(now));
  if (request.method == "GET" && request.path == "/metrics") {
    Response page;
    page.content_type = "text/plain; version=0.0.4";
    page.body = parts_.health.metrics();
    return page;
  }
  if (request.method == "GET") return Get(request);
  // Plain forms of other sites cannot send this type without asking first.
  if (request.Header("content-type") != "application/json") {
    return Problem(415, "a request that changes something is of type application/json");
  }
  return Change(request);
}

Response Api::AtDesk(const std::function<Response()>& work) {
  Response response;
  switch (parts_.desk.Ask([&] { response = work(); }, kPatience)) {
    case Desk::Asked::kDone:
      return response;
    case Desk::Asked::kBusy:
      return Problem(503, "the engine is busy");
    case Desk::Asked::kClosed:
      return Problem(503, "the engine has stopped");
  }
  return response;
}

Response Api::Lines(const std::function<base::Status(const flow::LineSink&)>& write) {
  return AtDesk([&] {
    Response response;
    response.content_type = "application/x-ndjson";
    const auto written = write([&](std::string_view line) { response.body.append(line); });
    return written.ok() ? response : Failed(written.error());
  });
}

Response Api::Get(const Request& request) {
  const flow::State& state = parts_.pipeline.state();
  const std::string_view path = request.path;
  if (path == "/api/v1/state") {
    return AtDesk([&] { return Json(InspectJson(state, parts_.store, parts_.folder) + "\n"); });
  }
  if (path == "/api/v1/state/items") {
    return Lines([&](const flow::LineSink& sink) {
      flow::WriteItems(state, sink);
      return base::Status();
    });
  }
  if (path == "/api/v1/state/rollups") {
    return Lines([&](const flow::LineSink& sink) {
      flow::WriteRollUps(state, sink);
      return base::Status();
    });
  }
  if (path == "/api/v1/state/history") return History(request);
  if (path == "/api/v1/alerts") {
    return Lines([&](const auto& sink) { return flow::WriteAlerts(state, parts_.store, sink); });
  }
  if (path == "/api/v1/deadletters") {
    return Lines([&](const auto& sink) { return WriteDeadLetters(parts_.store, sink); });
  }
  if (path.starts_with(kLetters)) {
    return AtDesk([&] {
      const auto letter = FindDeadLetter(parts_.store, path.substr(kLetters.size()));
      return letter.ok() ? Json(DeadLetterJson(letter.value())) : Failed(letter.error());
    });
  }
  return Problem(404, "there is nothing at " + request.path);
}

Response Api::History(const Request& request) {
  const auto given = [&](const char* name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
  };
  HistoryQuestion question{given("warehouse_id"), given("sku"), std::nullopt};
  if (const std::string at = given("at"); !at.empty()) {
    const auto parsed = base::ParseInstant(at);
    if (!parsed.ok()) return Failed(parsed.error());
    question.at = parsed.value();
  }
  return Lines([&](const flow::LineSink& sink) {
    return WriteHistory(parts_.pipeline.state(), question, sink);
  });
}

Response Api::Change(const Request& request) {
  const std::string_view path = request.path;
  if (request.method == "POST" && path == "/api/v1/state/verify") return Verify();
  if (request.method == "POST" && path == "/api/v1/state/backup") return Backup(request);
  if (path.starts_with(kLetters)) {
    std::string_view id = path.substr(kLetters.size());
    if (request.method == "DELETE") return Drop(id);
    if (request.method == "POST" && id.ends_with("/replay")) {
      id.remove_suffix(std::string_view("/replay").size());
      return Retry(id);
    }
  }
  return Problem(404, "there is nothing to " + request.method + " at " + request.path);
}

Response Api::Verify() {
  return AtDesk([&] {
    const auto verified = app::Verify(parts_.pipeline.state(), parts_.store);
    if (!verified.ok()) return Failed(verified.error());
    std::string out;
    base::JsonWriter json(out);
    const bool good = verified.value().violations.empty();
    json.BeginObject().Key("status").String(good ? "ok" : "damaged");
    json.Key("summary").String(verified.value().Summary());
    json.Key("violations").BeginArray();
    for (const std::string& violation : verified.value().violations) json.String(violation);
    json.EndArray().EndObject();
    Response response = Json(out + "\n");
    if (!good) response.status = 500;
    return response;
  });
}

// Not at the desk: the store copies itself beside the engine.
Response Api::Backup(const Request& request) {
  const auto folder = request.query.find("folder");
  if (folder == request.query.end() || !folder->second.starts_with('/')) {
    return Problem(400, "folder: an absolute path is wanted");
  }
  const base::Status copied = parts_.store.Backup(folder->second);
  return copied.ok() ? Json("{\"status\":\"ok\"}\n") : Failed(copied.error());
}

Response Api::Retry(std::string_view id) {
  return AtDesk([&] {
    const auto taken = parts_.pipeline.Retry(id, parts_.parse_line);
    if (!taken.ok()) return Failed(taken.error());
    if (taken.value()) return Problem(409, "refused again: " + taken.value()->message);
    return Json("{\"status\":\"ok\"}\n");
  });
}

Response Api::Drop(std::string_view id) {
  return AtDesk([&] {
    const base::Status dropped = parts_.pipeline.Drop(id);
    return dropped.ok() ? Json("{\"status\":\"ok\"}\n") : Failed(dropped.error());
  });
}

}  // namespace stockwatch::app
