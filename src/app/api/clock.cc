#include "app/api/clock.h"

#include "app/api/list.h"

namespace stockwatch::api {
namespace {

using http_server::Response;

std::string ClockJson(const flow::Pipeline& pipeline, const flow::EngineTime& time) {
  constexpr std::int64_t kMicrosPerSecond = 1'000'000;
  const base::Instant now = pipeline.state().engine_time;
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject().Key("engine_time").Time(now);
  json.Key("wall").Time(time.wall());
  json.Key("ahead_seconds").Integer(time.ahead().micros() / kMicrosPerSecond);
  json.Key("adopts_at");
  time.ahead() > base::Duration() ? json.Time(now + time.adopted_in()) : json.Null();
  json.EndObject();
  out += '\n';
  return out;
}

base::Result<Response> Show(Engine& engine, const Call&) {
  const flow::EngineTime* time = engine.pipeline.engine_time();
  if (time == nullptr) {
    return base::Error{base::Code::kFailedPrecondition, "this engine has no clock"};
  }
  return JsonAnswer(ClockJson(engine.pipeline, *time));
}

base::Result<Response> Adopt(Engine& engine, const Call& call) {
  SW_TRY_STATUS(engine.pipeline.AdoptWall(call.actor));
  return Show(engine, call);
}

}  // namespace

std::vector<Route> ClockRoutes() {
  return {{"GET", "/api/v1/clock", {}, Show}, {"POST", "/api/v1/clock/adopt", {"why"}, Adopt}};
}

}  // namespace stockwatch::api
