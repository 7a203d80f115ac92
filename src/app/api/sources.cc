#include "app/api/sources.h"

#include "app/api/list.h"
#include "base/digest.h"

namespace stockwatch::api {
namespace {

using http_server::Response;

// The first byte of a position: docs/formats.md, Positions of sources.
std::string_view KindOf(std::string_view position) {
  if (position.empty()) return "unknown";
  if (position[0] == 1) return "file";
  if (position[0] == 2) return "shop";
  return position[0] == 3 ? "mongo" : "unknown";
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
  json.EndObject().EndObject();
  return answer.Finish(std::nullopt);
}

}  // namespace

std::vector<Route> SourceRoutes() {
  return {{"GET", "/api/v1/sources", {}, List}};
}

}  // namespace stockwatch::api
