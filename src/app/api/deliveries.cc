#include "app/api/deliveries.h"

#include <algorithm>

#include "app/api/list.h"
#include "flow/delivery_listing.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;
using outbox::DeliveryState;

constexpr std::string_view kList = "deliveries";

base::Result<std::optional<DeliveryState>> StateOf(const Call& call) {
  const std::string* name = call.Parameter("state");
  if (name == nullptr) return std::optional<DeliveryState>();
  for (auto state = DeliveryState::kQueued; state <= DeliveryState::kFolded;
       state = static_cast<DeliveryState>(static_cast<int>(state) + 1)) {
    if (!name->empty() && outbox::Name(state) == *name) return std::optional(state);
  }
  return Error{Code::kInvalidArgument, "state: there is no state " + *name};
}

// In order of when they were queued; a place is the line's time and key.
std::string PlaceOf(const outbox::Delivery& delivery) {
  std::string place = std::to_string(delivery.queued_at.value_or(base::Instant()).micros());
  constexpr std::size_t kDigits = 20;
  place.insert(0, kDigits - std::min(kDigits, place.size()), '0');
  return place + " " + delivery.row.key;
}

base::Result<Response> List(Engine& engine, const Call& call) {
  SW_TRY(const Page page, PageOf(engine, call, kList));
  flow::DeliveryFilter filter;
  SW_TRY(filter.state, StateOf(call));
  if (const std::string* by = call.Parameter("by")) filter.by = *by;
  SW_TRY(const std::vector<outbox::Delivery> deliveries,
         flow::ReadDeliveries(engine.store, filter));
  ListAnswer answer(engine);
  std::size_t taken = 0;
  std::optional<std::string> next;
  for (const outbox::Delivery& delivery : deliveries) {
    const std::string place = PlaceOf(delivery);
    if (page.place && place < *page.place) continue;
    if (taken++ == page.limit) {
      next = MakeCursor(kList, place);
      break;
    }
    answer.AddLine(flow::DeliveryLine(delivery));
  }
  return answer.Finish(next);
}

base::Result<Response> Show(Engine& engine, const Call& call) {
  SW_TRY(const outbox::Delivery delivery, flow::FindDelivery(engine.store, call.named[0]));
  return JsonAnswer(flow::DeliveryLine(delivery));
}

base::Result<Response> Retry(Engine& engine, const Call& call) {
  SW_TRY(const outbox::Delivery delivery, flow::FindDelivery(engine.store, call.named[0]));
  SW_TRY_STATUS(engine.pipeline.RetryDelivery(delivery.row.key, call.actor));
  return JsonAnswer("{\"status\":\"ok\"}\n");
}

base::Result<Response> Enable(Engine& engine, const Call& call) {
  SW_TRY_STATUS(engine.pipeline.EnableChannel(call.named[0], call.actor));
  return JsonAnswer("{\"status\":\"ok\"}\n");
}

}  // namespace

std::vector<Route> DeliveryRoutes() {
  return {{"GET", "/api/v1/deliveries", {"limit", "cursor", "state", "by"}, List},
          {"GET", "/api/v1/deliveries/{id}", {}, Show},
          {"POST", "/api/v1/deliveries/{id}/replay", {"why"}, Retry},
          {"POST", "/api/v1/channels/{name}/enable", {"why"}, Enable}};
}

}  // namespace stockwatch::api
