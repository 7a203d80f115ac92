#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace stockwatch::net {

// Which addresses may be connected to. kPublic: those of the internet alone, judged by the address
// itself when it is connected, not by the name; then no proxy is used.
enum class Addresses : std::uint8_t { kAny, kPublic };

struct HttpRequest {
  std::string method = "GET";
  // NOLINTBEGIN(readability-redundant-member-init): for -Wmissing-field-initializers
  std::string url = {};  // http://host/path or https://, without a user in it
  std::string body = {};
  std::string content_type = {};                                  // of the body
  std::vector<std::pair<std::string, std::string>> headers = {};  // others
  std::string ca_file = {};  // certificates to trust instead of the system's; PEM
  // NOLINTEND(readability-redundant-member-init)
  base::Duration timeout = base::Duration::Seconds(10);       // of the whole exchange
  std::uint64_t response_bytes_max = std::uint64_t{1} << 20;  // of the answer's body
  // A status is the answer, whatever becomes of what follows it: it is longer than that, does not
  // come in time, breaks off, or cannot be read.
  bool cut_body = false;
  Addresses addresses = Addresses::kAny;
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;  // as sent, empty where there is none
  std::string retry_after;   // the same
  std::string body;
};

// kInvalidArgument: Send would refuse this URL. The message shows no user or password.
base::Status CheckUrl(const std::string& url);

// Takes a piece of the body; what it fails with ends the exchange.
using BodySink = std::function<base::Status(std::string_view)>;

// One exchange on a connection of its own. An answer of any status is a good result; redirects are
// not followed. Any thread. Proxies are those of the environment, and none for loopback addresses.
//
// Errors: kInvalidArgument for a URL, a method or a header that cannot be sent, or a timeout
// below 1 ms; kFailedPrecondition for an address that is not allowed; kUnavailable where there is
// no whole answer in time; kFailedPrecondition where the server's certificate is not trusted;
// kResourceExhausted for a body of more than response_bytes_max.
base::Result<HttpAnswer> Send(const HttpRequest& request);

// The same, but the body of an answer of status 200 to 299 goes to `sink` as it comes, and not into
// the answer. Then also: the error of `sink`. Pieces of an answer that ends in an error were given
// to `sink` before.
base::Result<HttpAnswer> Send(const HttpRequest& request, const BodySink& sink);

}  // namespace stockwatch::net
