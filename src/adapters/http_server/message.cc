#include "adapters/http_server/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <optional>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace stockwatch::http_server {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kHeaderValueBytesMax = 8192;

// The phrases of RFC 9110, 15, and RFC 6585: the title of a problem of type about:blank.
std::string_view Phrase(int status) {
  struct Row {
    int status;
    std::string_view phrase;
  };
  constexpr std::array kRows{
      Row{400, "Bad Request"},
      Row{401, "Unauthorized"},
      Row{403, "Forbidden"},
      Row{404, "Not Found"},
      Row{405, "Method Not Allowed"},
      Row{406, "Not Acceptable"},
      Row{409, "Conflict"},
      Row{410, "Gone"},
      Row{412, "Precondition Failed"},
      Row{413, "Content Too Large"},
      Row{415, "Unsupported Media Type"},
      Row{422, "Unprocessable Content"},
      Row{428, "Precondition Required"},
      Row{429, "Too Many Requests"},
      Row{431, "Request Header Fields Too Large"},
      Row{500, "Internal Server Error"},
      Row{501, "Not Implemented"},
      Row{503, "Service Unavailable"},
  };
  const auto* row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.status == status; });
  if (row != kRows.end()) return row->phrase;
  return status < 500 ? "Client Error" : "Server Error";
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { kStays, kIsBlank };

std::optional<std::string> Decode(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus == Plus::kIsBlank ? ' ' : text[i]);
    }
  }
  if (!base::IsUtf8WithoutControls(out)) return std::nullopt;
  return out;
}

Error BadTarget(std::string_view why) {
  return {Code::kInvalidArgument, "cannot read target: " + std::string(why)};
}

base::Status ParseQuery(std::string_view text, Request& request) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = Decode(pair.substr(0, equals), Plus::kIsBlank);
    auto value = Decode(pair.substr(std::min(equals + 1, pair.size())), Plus::kIsBlank);
    if (!name || !value) return BadTarget("query is no percent-encoded text");
    if (!request.query.try_emplace(*name, std::move(*value)).second) {
      return BadTarget("query has twice the parameter \"" + *name + "\"");
    }
  }
  return {};
}

bool IsToken(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

bool IsValue(std::string_view text) {
  return text.size() <= kHeaderValueBytesMax && base::IsUtf8WithoutControls(text);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

bool IsFraming(std::string_view name) {
  constexpr std::array<std::string_view, 5> kFraming{"connection", "content-length", "content-type",
                                                     "transfer-encoding", "upgrade"};
  return std::find(kFraming.begin(), kFraming.end(), LowerCase(name)) != kFraming.end();
}

base::Status Check(const Response& response) {
  if (response.status < 200 || response.status > 599) {
    return Error{Code::kInvalidArgument,
                 "response with a status out of 200 to 599: " + std::to_string(response.status)};
  }
  if (!IsValue(response.content_type)) {
    return Error{Code::kInvalidArgument, "response with a content type that is no header value"};
  }
  for (const auto& [name, value] : response.headers) {
    if (!IsToken(name) || IsFraming(name) || !IsValue(value)) {
      return Error{Code::kInvalidArgument, "response with a header that may not stand there"};
    }
  }
  return {};
}

Response Failed(std::string_view why) {
  return Problem(500, base::IsUtf8(why) ? why : std::string_view("the handler failed"));
}

}  // namespace

std::string_view Request::Header(std::string_view name_in_lower_case) const {
  const auto found = headers.find(name_in_lower_case);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Response Ask(const Handler& handler, const Request& request) {
  try {
    Response response = handler(request);
    if (auto checked = Check(response); !checked.ok()) return Failed(checked.error().message);
    return response;
  } catch (const std::exception& e) {
    return Failed(e.what());
  } catch (...) {
    return Failed("the handler failed");
  }
}

Response Problem(int status, std::string_view detail, std::string_view instance) {
  Response response{.status = status, .content_type = "application/problem+json"};
  base::JsonWriter json(response.body);
  json.BeginObject().Key("type").String("about:blank").Key("title").String(Phrase(status));
  json.Key("status").Integer(status).Key("detail").String(detail);
  if (!instance.empty()) json.Key("instance").String(instance);
  json.EndObject();
  return response;
}

Response MethodNotAllowed(const Request& request, const std::string& allowed) {
  Response refused =
      Problem(405, request.method + " is not for " + request.path + ": " + allowed, request.target);
  refused.headers.emplace_back("Allow", allowed);
  return refused;
}

base::Status ParseTarget(std::string_view target, Request& request) {
  if (target.empty() || target.front() != '/') return BadTarget("it does not begin with \"/\"");
  const std::size_t question = std::min(target.find('?'), target.size());
  auto path = Decode(target.substr(0, question), Plus::kStays);
  if (!path) return BadTarget("path is no percent-encoded text");
  request.path = std::move(*path);
  request.target = target;
  for (std::size_t begin = 1; begin <= question;) {
    const std::size_t end = std::min(target.find('/', begin), question);
    // A part of what was decoded whole.
    request.segments.push_back(*Decode(target.substr(begin, end - begin), Plus::kStays));
    begin = end + 1;
  }
  return ParseQuery(target.substr(std::min(question + 1, target.size())), request);
}

void AddHeader(Request& request, std::string_view name, std::string_view value) {
  std::string& joined = request.headers[LowerCase(name)];
  if (!joined.empty()) joined += ", ";
  joined += value;
}

}  // namespace stockwatch::http_server
