#include "app/api/sources.h"

#include "app/api/body.h"
#include "app/api/list.h"
#include "base/digest.h"

namespace stockwatch::api {
namespace {

using http_server::Response;

// The first byte of a position: docs/formats.md, Positions of sources.
std::string_view KindOf(std::string_view position) {
  switch (position.empty() ? 0 : position[0]) {
    case 1:
      return "file";
    case 2:  // of the shop before it had classes of demand
    case 4:
      return "shop";
    case 3:
      return "mongo";
    default:
      return "unknown";
  }
}

base::Result<Response> List(Engine& engine, const Call&) {
  const flow::State& state = engine.state();
  const std::string& position = engine.pipeline.position();
  ListAnswer answer(engine);
  base::JsonWriter& json = answer.json();
  json.BeginObject().Key("id").String(engine.source_id);
  json.Key("kind").String(KindOf(position));
  json.Key("position");
  position.empty() ? json.Null() : json.String(base::Hex(position));
  json.Key("changes").BeginObject();
  json.Key("read").Unsigned(state.changes.read);
  json.Key("applied").Unsigned(state.changes.applied);
  json.Key("duplicate").Unsigned(state.changes.duplicate);
  json.Key("stale").Unsigned(state.changes.stale);
  json.Key("dead_lettered").Unsigned(state.changes.dead_lettered);
  json.Key("control").Unsigned(state.changes.control);
  json.EndObject().Key("reader");
  engine.source ? engine.source->describe(json) : static_cast<void>(json.Null());
  json.EndObject();
  return answer.Finish(std::nullopt);
}

// kNotFound: no source has that id; kFailedPrecondition: nothing can be wanted of this one.
base::Result<const SourceControl*> ControlOf(const Engine& engine, const Call& call) {
  if (call.named[0] != engine.source_id) {
    return base::Error{base::Code::kNotFound, "there is no source " + call.named[0]};
  }
  if (!engine.source) {
    return base::Error{base::Code::kFailedPrecondition,
                       "only a source of MongoDB can be paused, moved or read anew"};
  }
  return &*engine.source;
}

// Audited and stored with the place where the source stood.
base::Result<Response> Done(Engine& engine, const Call& call, std::string kind, std::string what) {
  engine.state().audit.Append(engine.state().engine_time, call.actor, std::move(kind),
                              engine.source_id, base::Hex(engine.pipeline.position()),
                              std::move(what));
  SW_TRY_STATUS(engine.pipeline.Stop());
  return JsonAnswer("{\"status\":\"ok\"}\n");
}

// A wish that says nothing more than its name.
base::Result<Response> Wish(Engine& engine, const Call& call,
                            std::function<void()> SourceControl::* wish, std::string kind) {
  SW_TRY(const SourceControl* control, ControlOf(engine, call));
  (control->*wish)();
  return Done(engine, call, std::move(kind), {});
}

base::Result<Response> Pause(Engine& engine, const Call& call) {
  return Wish(engine, call, &SourceControl::pause, "source.pause");
}

base::Result<Response> GoOn(Engine& engine, const Call& call) {
  return Wish(engine, call, &SourceControl::go_on, "source.resume");
}

base::Result<Response> Snapshot(Engine& engine, const Call& call) {
  SW_TRY(const SourceControl* control, ControlOf(engine, call));
  SW_TRY(const Body body, Body::Read(call, {"filter"}));
  SW_TRY(const auto filter, body.Node("filter"));
  SW_TRY_STATUS(control->snapshot(body.document(), filter));
  return Done(engine, call, "source.snapshot", std::string(filter ? call.request.body : ""));
}

base::Result<Response> Seek(Engine& engine, const Call& call) {
  SW_TRY(const SourceControl* control, ControlOf(engine, call));
  SW_TRY(const Body body, Body::Read(call, {"token", "at"}));
  SW_TRY(const std::string token, body.Text("token"));
  SW_TRY(const std::optional<base::Instant> at, body.Time("at"));
  SW_TRY_STATUS(control->seek(token, at));
  std::string what = token;
  if (at) base::AppendInstant(what, *at);
  return Done(engine, call, "source.seek", std::move(what));
}

}  // namespace

std::vector<Route> SourceRoutes() {
  return {{"GET", "/api/v1/sources", {}, List},
          {"POST", "/api/v1/sources/{id}/pause", {"why"}, Pause},
          {"POST", "/api/v1/sources/{id}/resume", {"why"}, GoOn},
          {"POST", "/api/v1/sources/{id}/snapshot", {"why"}, Snapshot},
          {"POST", "/api/v1/sources/{id}/seek", {"why"}, Seek}};
}

}  // namespace stockwatch::api
