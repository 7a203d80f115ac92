#include "app/api/channels.h"

#include "app/api/list.h"

namespace stockwatch::api {
namespace {

using http_server::Response;

// By name; there are as many as the settings have.
base::Result<Response> List(Engine& engine, const Call&) {
  ListAnswer answer(engine);
  const flow::Delivery* delivery = engine.pipeline.delivery();
  if (delivery == nullptr) return answer.Finish(std::nullopt);
  for (const auto& [name, channel] : delivery->channels()) {
    base::JsonWriter& json = answer.json();
    json.BeginObject().Key("name").String(name);
    json.Key("breaker").String(outbox::Name(channel.breaker().state()));
    json.Key("in_flight").Unsigned(channel.in_flight());
    json.Key("paused");
    if (const auto* pause = channel.PausedAt(engine.state().engine_time)) {
      json.BeginObject().Key("until").Time(pause->until);
      json.Key("reason")
          .String("the receiver answered " + std::to_string(pause->status) + " with Retry-After")
          .EndObject();
    } else {
      json.Null();
    }
    json.Key("disabled");
    if (channel.disabled) {
      json.BeginObject().Key("at").Time(channel.disabled->at);
      json.Key("reason").String(channel.disabled->reason).EndObject();
    } else {
      json.Null();
    }
    json.EndObject();
  }
  return answer.Finish(std::nullopt);
}

}  // namespace

std::vector<Route> ChannelRoutes() {
  return {{"GET", "/api/v1/channels", {}, List}};
}

}  // namespace stockwatch::api
