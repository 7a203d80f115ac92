#include "app/api/commands.h"

#include "app/api/body.h"
#include "app/api/list.h"
#include "app/look/listings.h"
#include "base/digest.h"
#include "flow/listing.h"
#include "flow/why.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using event::Command;
using http_server::Response;

// A command that its sender has not named is one of its own.
std::string KeyOf(const Engine& engine, const Call& call) {
  if (const std::string_view key = call.request.Header("idempotency-key"); !key.empty()) {
    return std::string(key);
  }
  return "batch-" + std::to_string(engine.store.epoch()) + "-" +
         std::to_string(engine.store.last_batch());
}

base::Result<Command> CommandOf(const Engine& engine, const Call& call, const Body& body) {
  Command command;
  command.key = KeyOf(engine, call);
  command.principal = call.actor.who;
  command.origin = call.actor.from;
  SW_TRY(command.author, body.Text("author"));
  if (command.author.empty()) command.author = call.actor.who;
  SW_TRY(command.reason, body.Text("reason"));
  return command;
}

// nullopt: the client's tag is the alert's, or it has none.
base::Result<std::optional<Response>> Stale(const Engine& engine, const Call& call,
                                            const event::AlertId& id) {
  std::string_view tag = call.request.Header("if-match");
  if (tag.empty() || tag == "*") return std::optional<Response>();
  const auto episode = engine.state().episodes.Find(id);
  if (!episode) return Error{Code::kNotFound, "no such alert, or it is closed"};
  const std::string present =
      "\"" + std::to_string(engine.state().episodes.at(*episode).transitions) + "\"";
  if (tag == present) return std::optional<Response>();
  return std::optional(http_server::Problem(
      412, "the alert has moved on since you looked: its tag is " + present, call.request.target));
}

Response Answer(const Engine& engine, flow::Commanded commanded, const event::AlertId& id) {
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine);
  json.Key("repeated").Bool(commanded == flow::Commanded::kRepeated);
  const flow::State& state = engine.state();
  json.Key("alert");
  const auto episode = state.episodes.Find(id);
  if (episode) {
    std::string line = flow::AlertLine(flow::EpisodeRecordOf(state, *episode));
    line.pop_back();
    json.Raw(line);
  } else {
    json.Null();
  }
  json.Key("notes");
  flow::WriteNotes(episode ? state.episodes.FindNotes(*episode) : nullptr, json);
  json.EndObject();
  response.body += '\n';
  return response;
}

// The body of a command out of what the request says.
using MakeBody = base::Result<event::CommandBody> (*)(const event::AlertId& id, const Body& body);

base::Result<Response> DoToAlert(Engine& engine, const Call& call,
                                 std::initializer_list<std::string_view> fields, MakeBody make) {
  SW_TRY(const event::AlertId id, look::WholeAlertId(engine.state(), call.named[0]));
  SW_TRY(const Body body, Body::Read(call, fields));
  SW_TRY(auto stale, Stale(engine, call, id));
  if (stale) return *std::move(stale);
  SW_TRY(Command command, CommandOf(engine, call, body));
  SW_TRY(command.seen, body.Number("seen"));
  SW_TRY(command.body, make(id, body));
  SW_TRY(const flow::Commanded commanded, engine.pipeline.Take(command));
  return Answer(engine, commanded, id);
}

template <typename Plain>
base::Result<Response> DoPlain(Engine& engine, const Call& call) {
  return DoToAlert(engine, call, {"author", "reason", "seen"},
                   [](const event::AlertId& id, const Body&) -> base::Result<event::CommandBody> {
                     return event::CommandBody(Plain{id});
                   });
}

base::Result<Response> Snooze(Engine& engine, const Call& call) {
  return DoToAlert(
      engine, call, {"author", "reason", "seen", "until"},
      [](const event::AlertId& id, const Body& body) -> base::Result<event::CommandBody> {
        SW_TRY(const auto until, body.Time("until"));
        if (!until) return Error{Code::kInvalidArgument, "field \"until\" is missing"};
        return event::CommandBody(event::Snooze{id, *until});
      });
}

base::Result<Response> Comment(Engine& engine, const Call& call) {
  return DoToAlert(
      engine, call, {"author", "reason", "seen", "text"},
      [](const event::AlertId& id, const Body& body) -> base::Result<event::CommandBody> {
        SW_TRY(std::string text, body.Text("text"));
        return event::CommandBody(event::Comment{id, std::move(text)});
      });
}

base::Result<Response> Assign(Engine& engine, const Call& call) {
  return DoToAlert(
      engine, call, {"author", "reason", "seen", "assignee"},
      [](const event::AlertId& id, const Body& body) -> base::Result<event::CommandBody> {
        SW_TRY(std::string assignee, body.Text("assignee"));
        return event::CommandBody(event::Assign{id, std::move(assignee)});
      });
}

base::Result<event::RuleScope> ScopeOf(const Body& body) {
  SW_TRY(const Body given, body.Object("scope", {"warehouse_id", "department", "category", "brand",
                                                 "product_id", "sku"}));
  event::RuleScope scope;
  SW_TRY(scope.warehouse_id, given.Text("warehouse_id"));
  SW_TRY(scope.department, given.Text("department"));
  SW_TRY(scope.category, given.Text("category"));
  SW_TRY(scope.brand, given.Text("brand"));
  SW_TRY(scope.product_id, given.Text("product_id"));
  SW_TRY(scope.sku, given.Text("sku"));
  return scope;
}

base::Result<Response> AddSilence(Engine& engine, const Call& call) {
  SW_TRY(const Body body,
         Body::Read(call, {"author", "reason", "id", "scope", "types", "from", "until"}));
  SW_TRY(Command command, CommandOf(engine, call, body));
  event::Silence silence;
  SW_TRY(silence.id, body.Text("id"));
  if (silence.id.empty()) {
    silence.id = base::Hex(base::Sha256Of("silence\n" + command.key)).substr(0, 16);
  }
  SW_TRY(silence.scope, ScopeOf(body));
  SW_TRY(const std::vector<std::string> types, body.Texts("types"));
  for (const std::string& name : types) {
    const auto type = event::ConditionTypeFromName(name);
    if (!type) return Error{Code::kInvalidArgument, "field \"types\" names no type: " + name};
    silence.types.push_back(*type);
  }
  SW_TRY(const auto from, body.Time("from"));
  SW_TRY(const auto until, body.Time("until"));
  if (!until) return Error{Code::kInvalidArgument, "field \"until\" is missing"};
  silence.from = from.value_or(engine.state().engine_time);
  silence.until = *until;
  const std::string id = silence.id;
  command.body = event::AddSilence{std::move(silence)};
  SW_TRY(const flow::Commanded commanded, engine.pipeline.Take(command));
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine);
  json.Key("repeated").Bool(commanded == flow::Commanded::kRepeated);
  json.Key("id").String(id).EndObject();
  response.body += '\n';
  return response;
}

base::Result<Response> EndSilence(Engine& engine, const Call& call) {
  SW_TRY(const Body body, Body::Read(call, {"author", "reason"}));
  SW_TRY(Command command, CommandOf(engine, call, body));
  command.body = event::EndSilence{call.named[0]};
  SW_TRY([[maybe_unused]] const flow::Commanded commanded, engine.pipeline.Take(command));
  return JsonAnswer("{\"status\":\"ok\"}\n");
}

// Few: one answer has them all.
base::Result<Response> ListSilences(Engine& engine, const Call&) {
  ListAnswer answer(engine);
  for (const event::Silence& silence : engine.state().silences.all()) {
    answer.AddLine(flow::SilenceLine(silence, engine.state().engine_time));
  }
  return answer.Finish(std::nullopt);
}

}  // namespace

std::vector<Route> CommandRoutes() {
  return {{"POST", "/api/v1/alerts/{id}/acknowledge", {}, DoPlain<event::Acknowledge>},
          {"POST", "/api/v1/alerts/{id}/unacknowledge", {}, DoPlain<event::Unacknowledge>},
          {"POST", "/api/v1/alerts/{id}/snooze", {}, Snooze},
          {"POST", "/api/v1/alerts/{id}/unsnooze", {}, DoPlain<event::Unsnooze>},
          {"POST", "/api/v1/alerts/{id}/resolve", {}, DoPlain<event::Resolve>},
          {"POST", "/api/v1/alerts/{id}/comment", {}, Comment},
          {"POST", "/api/v1/alerts/{id}/assign", {}, Assign},
          {"GET", "/api/v1/silences", {}, ListSilences},
          {"POST", "/api/v1/silences", {}, AddSilence},
          {"DELETE", "/api/v1/silences/{id}", {}, EndSilence}};
}

}  // namespace stockwatch::api
