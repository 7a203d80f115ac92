#include "app/api/why.h"

#include "app/api/list.h"
#include "app/look/listings.h"
#include "app/look/why.h"
#include "flow/why.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;

// Closed alerts that are looked through for the last one of an item, while the engine waits.
constexpr std::size_t kEndedScanMax = 10'000;

base::Result<Response> Why(Engine& engine, const Call& call) {
  const flow::State& state = engine.state();
  SW_TRY(std::string answer,
         look::WhyJson(state, engine.store, call.named[0], state.options.alerts.reopen_window));
  return JsonAnswer(std::move(answer));
}

base::Result<Response> WhyNot(Engine& engine, const Call& call) {
  // A retired item too: that it is retired is the answer.
  const key::ItemIndex item = engine.state().directory.Find(
      {event::WarehouseIdView::Trusted(call.named[0]), event::SkuView::Trusted(call.named[1])});
  if (item == key::kNoItem) {
    return Error{Code::kNotFound, "there is no item " + call.named[0] + "/" + call.named[1]};
  }
  const std::string* name = call.Parameter("type");
  const auto type = name == nullptr ? std::nullopt : event::ConditionTypeFromName(*name);
  if (!type) {
    std::string known;
    for (const event::ConditionTraits& condition : event::kConditions) {
      known.append(" ").append(condition.name);
    }
    return Error{Code::kInvalidArgument, "type: one of" + known};
  }
  SW_TRY(const auto ended,
         look::FindLastEnded(engine.state(), engine.store, item, *type, kEndedScanMax));
  Response response;
  base::JsonWriter json(response.body);
  BeginAnswer(json, engine);
  flow::WriteWhyNot(engine.state(), item, *type, ended, json);
  json.EndObject();
  response.body += '\n';
  return response;
}

}  // namespace

std::vector<Route> WhyRoutes() {
  return {{"GET", "/api/v1/alerts/{id}/why", {}, Why},
          {"GET", "/api/v1/stock/{warehouse}/{sku}/why-not", {"type"}, WhyNot}};
}

}  // namespace stockwatch::api
