#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace stockwatch::http_server {

struct Request {
  std::string method;                 // as sent; HEAD comes as GET
  std::string path;                   // begins with '/', percent-decoded: "%2F" is '/' here
  std::vector<std::string> segments;  // of the path, each decoded by itself: "%2F" divides nothing
  std::string target;                 // path and query as sent
  std::string peer;                   // address of the other end
  std::map<std::string, std::string, std::less<>> query;    // percent-decoded, '+' as a blank
  std::map<std::string, std::string, std::less<>> headers;  // by the name in lower case
  std::string body;

  // "authorization", "accept": empty where the request has no such header. Those of one name are
  // joined by ", ".
  std::string_view Header(std::string_view name_in_lower_case) const;
};

struct Response {
  int status = 200;  // 200 to 599
  std::string content_type = "application/json";
  // NOLINTBEGIN(readability-redundant-member-init): for -Wmissing-field-initializers
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // ETag, Allow, Retry-After
  // Where it is set, the body is what it gives, piece by piece, as fast as the client takes it, and
  // `body` is not read. It is called with an empty `chunk`; false ends the body, without what is in
  // `chunk`. True with an empty chunk: nothing yet, to be asked again after a pause. It throws to
  // break the body off so that the client sees it. It ends with its connection at any time, so it
  // owns what it needs.
  std::function<bool(std::string& chunk)> next_chunk = {};
  // NOLINTEND(readability-redundant-member-init)
};

// Called on the server's workers, so many at once; of one connection one after the other. An
// exception out of it is answered by 500 with its text.
using Handler = std::function<Response(const Request&)>;

// Asked before the handler, on the thread of Run() while everything else waits, so that it answers
// also when all workers are busy; nullopt: not its business. It is quick and does not throw.
using Quick = std::function<std::optional<Response>(const Request&)>;

// The handler's response. In place of one that may not be sent, or of an exception: a problem, 500.
// A status is 200 to 599; the name of a header is a token, and none of those that frame the message
// (Connection, Content-Length, Content-Type, Transfer-Encoding, Upgrade); values have no controls.
Response Ask(const Handler& handler, const Request& request);

// An RFC 9457 problem of type about:blank. `detail` says what was wrong with this one request,
// `instance` is its target; empty: it has none that could be read.
Response Problem(int status, std::string_view detail, std::string_view instance = {});

// 405 to a method that the path does not know; `allowed`: those that it does, "GET, POST".
Response MethodNotAllowed(const Request& request, const std::string& allowed);

// Path, segments and query of `target`, as it stands in the request line. kInvalidArgument: it does
// not begin with '/', a percent sign has no two hex digits behind it, what is decoded is no UTF-8
// or has control characters, or a name stands twice in the query.
base::Status ParseTarget(std::string_view target, Request& request);

void AddHeader(Request& request, std::string_view name, std::string_view value);

}  // namespace stockwatch::http_server
