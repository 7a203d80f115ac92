#include "app/api/state.h"

#include "app/api/list.h"
#include "app/look/alert_filter.h"
#include "app/look/history.h"
#include "app/look/listings.h"
#include "app/look/stopped_store.h"
#include "base/json_writer.h"
#include "flow/audit_log.h"
#include "flow/canonical.h"
#include "flow/delivery_listing.h"
#include "flow/listing.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using base::Status;
using http_server::Response;

base::Result<Response> Lines(const std::function<Status(const flow::LineSink&)>& write) {
  Response response;
  response.content_type = "application/x-ndjson";
  SW_TRY_STATUS(write([&](std::string_view line) { response.body.append(line); }));
  return response;
}

base::Result<Response> Inspect(Engine& engine, const Call&) {
  return JsonAnswer(look::InspectJson(engine.state(), engine.store, engine.folder) + "\n");
}

base::Result<Response> Items(Engine& engine, const Call&) {
  return Lines([&](const flow::LineSink& sink) {
    flow::WriteItems(engine.state(), sink);
    return Status();
  });
}

base::Result<Response> RollUps(Engine& engine, const Call&) {
  return Lines([&](const flow::LineSink& sink) {
    flow::WriteRollUps(engine.state(), sink);
    return Status();
  });
}

base::Result<Response> Demand(Engine& engine, const Call&) {
  return Lines([&](const flow::LineSink& sink) {
    flow::WriteDemand(engine.state(), sink);
    return Status();
  });
}

base::Result<Response> History(Engine& engine, const Call& call) {
  look::HistoryQuestion question;
  if (const std::string* given = call.Parameter("warehouse_id")) question.warehouse_id = *given;
  if (const std::string* given = call.Parameter("sku")) question.sku = *given;
  if (const std::string* at = call.Parameter("at"); at != nullptr && !at->empty()) {
    SW_TRY(question.at, base::ParseInstant(*at));
  }
  return Lines([&](const flow::LineSink& sink) {
    return look::WriteHistory(engine.state(), question, sink);
  });
}

// All that are kept; with any filter those that it takes.
base::Result<Response> Alerts(Engine& engine, const Call& call) {
  if (call.request.query.empty()) {
    return Lines([&](const flow::LineSink& sink) {
      return flow::WriteAlerts(engine.state(), engine.store, sink);
    });
  }
  SW_TRY(const look::AlertFilter filter,
         look::AlertFilter::From([&](std::string_view name) { return call.Parameter(name); }));
  return Lines([&](const flow::LineSink& sink) {
    return look::WriteAlerts(filter, engine.state(), engine.store, sink);
  });
}

base::Result<Response> DeadLetters(Engine& engine, const Call&) {
  return Lines(
      [&](const flow::LineSink& sink) { return look::WriteDeadLetters(engine.store, sink); });
}

base::Result<Response> Deliveries(Engine& engine, const Call&) {
  return Lines(
      [&](const flow::LineSink& sink) { return flow::WriteDeliveries(engine.store, sink); });
}

base::Result<Response> Audit(Engine& engine, const Call&) {
  return Lines([&](const flow::LineSink& sink) {
    return flow::ReadAudit(engine.store, [&](const audit::SealedEntry& sealed) {
      sink(flow::AuditLine(sealed));
      return true;
    });
  });
}

base::Result<Response> Verify(Engine& engine, const Call&) {
  SW_TRY(const look::Verified verified, look::Verify(engine.state(), engine.store));
  Response response;
  base::JsonWriter json(response.body);
  const bool good = verified.violations.empty();
  json.BeginObject().Key("status").String(good ? "ok" : "damaged");
  json.Key("summary").String(verified.Summary());
  json.Key("violations").BeginArray();
  for (const std::string& violation : verified.violations) json.String(violation);
  json.EndArray().EndObject();
  response.body += '\n';
  if (!good) response.status = 500;
  return response;
}

// The store copies itself beside the engine.
base::Result<Response> Backup(Engine& engine, const Call& call) {
  const std::string* folder = call.Parameter("folder");
  if (folder == nullptr || !folder->starts_with('/')) {
    return Error{Code::kInvalidArgument, "folder: an absolute path is wanted"};
  }
  SW_TRY_STATUS(engine.store.Backup(*folder));
  return JsonAnswer("{\"status\":\"ok\"}\n");
}

}  // namespace

std::vector<Route> StateRoutes() {
  const auto& filters = look::AlertFilter::kNames;
  return {{"GET", "/api/v1/state", {}, Inspect},
          {"GET", "/api/v1/state/items", {}, Items},
          {"GET", "/api/v1/state/rollups", {}, RollUps},
          {"GET", "/api/v1/state/demand", {}, Demand},
          {"GET", "/api/v1/state/history", {"warehouse_id", "sku", "at"}, History},
          {"GET", "/api/v1/state/alerts", {filters.begin(), filters.end()}, Alerts},
          {"GET", "/api/v1/state/deadletters", {}, DeadLetters},
          {"GET", "/api/v1/state/deliveries", {}, Deliveries},
          {"GET", "/api/v1/state/audit", {}, Audit},
          {"POST", "/api/v1/state/verify", {}, Verify},
          {"POST", "/api/v1/state/backup", {"folder"}, Backup, Where::kBeside}};
}

}  // namespace stockwatch::api
