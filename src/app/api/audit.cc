#include "app/api/audit.h"

#include "app/api/list.h"
#include "flow/audit_log.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;

constexpr std::string_view kList = "audit";

// A place is the number of an entry: what stands before it follows.
base::Result<Response> List(Engine& engine, const Call& call) {
  SW_TRY(const Page page, PageOf(engine, call, kList));
  std::uint64_t below = std::uint64_t{1} << 62;  // sorts behind all entries, before the head
  if (page.place) {
    SW_TRY(below, NumberOfPlace(*page.place));
  }
  ListAnswer answer(engine);
  std::size_t taken = 0;
  std::optional<std::string> next;
  std::uint64_t last = 0;
  SW_TRY_STATUS(flow::ReadAuditBelow(engine.store, below, [&](const audit::SealedEntry& sealed) {
    if (taken++ == page.limit) {
      next = MakeCursor(kList, std::to_string(last));
      return false;
    }
    last = sealed.entry.number;
    answer.AddLine(flow::AuditLine(sealed));
    return true;
  }));
  return answer.Finish(next);
}

base::Result<Response> Verify(Engine& engine, const Call& call) {
  std::optional<audit::Head> noted;
  if (const std::string* given = call.Parameter("noted")) {
    SW_TRY(noted, flow::ParseAuditHead(*given));
  }
  SW_TRY(const flow::AuditVerified verified, flow::VerifyAudit(engine.store, noted));
  if (verified.violation) {
    return Error{Code::kDataLoss, "the audit log is not what was written: " + *verified.violation};
  }
  Response response;
  base::JsonWriter json(response.body);
  json.BeginObject().Key("status").String("ok");
  json.Key("entries").Unsigned(verified.entries);
  json.Key("head").String(flow::AuditHeadText(verified.head));
  json.Key("summary").String(verified.Summary()).EndObject();
  response.body += '\n';
  return response;
}

}  // namespace

std::vector<Route> AuditRoutes() {
  return {{"GET", "/api/v1/audit", {"limit", "cursor"}, List},
          {"GET", "/api/v1/audit/verify", {"noted"}, Verify}};
}

}  // namespace stockwatch::api
