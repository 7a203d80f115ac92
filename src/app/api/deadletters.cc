#include "app/api/deadletters.h"

#include "app/api/list.h"
#include "app/look/listings.h"
#include "flow/listing.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;

constexpr std::string_view kList = "deadletters";

// In the order in which they came; a place is the key of the next one.
base::Result<Response> List(Engine& engine, const Call& call) {
  SW_TRY(const Page page, PageOf(engine, call, kList));
  ListAnswer answer(engine);
  std::size_t taken = 0;
  std::optional<std::string> next;
  SW_TRY_STATUS(look::ReadDeadLetters(engine.store, page.place.value_or(""),
                                      [&](std::string_view key, const event::DeadLetter& letter) {
                                        if (taken == page.limit) {
                                          next = MakeCursor(kList, key);
                                          return false;
                                        }
                                        answer.AddLine(flow::DeadLetterLine(letter));
                                        ++taken;
                                        return true;
                                      }));
  return answer.Finish(next);
}

base::Result<Response> Show(Engine& engine, const Call& call) {
  SW_TRY(const event::DeadLetter letter, look::FindDeadLetter(engine.store, call.named[0]));
  return JsonAnswer(look::DeadLetterJson(letter));
}

base::Result<Response> Retry(Engine& engine, const Call& call) {
  SW_TRY(const auto refused, engine.pipeline.Retry(call.named[0], engine.parse_line, call.actor));
  if (!refused) return JsonAnswer("{\"status\":\"ok\"}\n");
  return Error{Code::kFailedPrecondition, "refused again: " + refused->message};
}

base::Result<Response> Drop(Engine& engine, const Call& call) {
  SW_TRY_STATUS(engine.pipeline.Drop(call.named[0], call.actor));
  return JsonAnswer("{\"status\":\"ok\"}\n");
}

}  // namespace

std::vector<Route> DeadLetterRoutes() {
  return {{"GET", "/api/v1/deadletters", {"limit", "cursor"}, List},
          {"GET", "/api/v1/deadletters/{id}", {}, Show},
          {"POST", "/api/v1/deadletters/{id}/replay", {"why"}, Retry},
          {"DELETE", "/api/v1/deadletters/{id}", {"why"}, Drop}};
}

}  // namespace stockwatch::api
