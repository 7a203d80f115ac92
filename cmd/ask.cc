#include "ask.h"

#include <cstdio>

#include "base/percent.h"
#include "json_document.h"
#include "net/http_client.h"
#include "secret.h"

namespace stockwatch::cmd {

using base::Code;
using base::Error;
using base::Status;

void Print(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
}

namespace {

// What the engine says of a problem (RFC 9457); of other answers all of it.
Error Refused(const net::HttpAnswer& answer) {
  constexpr std::string_view kProblem = "application/problem+json";
  if (answer.content_type.starts_with(kProblem)) {
    const auto problem = JsonDocument::Read(answer.body);
    for (const std::string_view member : {"detail", "title"}) {
      const std::string said = problem.ok() ? problem.value().root()[member].text() : "";
      if (!said.empty()) return {Code::kFailedPrecondition, said};
    }
  }
  return {Code::kFailedPrecondition,
          "the engine answers " + std::to_string(answer.status) + ": " + answer.body};
}

// The engine would name the header, which whoever gives a command cannot set.
constexpr int kUnauthorized = 401;
Error NeedsKey() {
  return {Code::kFailedPrecondition,
          "what changes something needs the admin key: --key-file FILE, or STOCKWATCH_KEY in the "
          "environment; the first start of the store showed it"};
}

Status Exchange(const Server& server, const std::string& method, const std::string& path,
                const std::string& body, const net::BodySink& sink) {
  net::HttpRequest request;
  request.method = method;
  request.url = server.url + path;
  request.timeout = base::Duration::Seconds(3600);
  request.response_bytes_max = std::uint64_t{1} << 40;
  if (method != "GET") {
    request.content_type = "application/json";
    request.body = body;
    SW_TRY(const std::string secret, GivenSecret(server.key_file));
    if (!secret.empty()) request.headers.emplace_back("Authorization", "Bearer " + secret);
  }
  SW_TRY(const net::HttpAnswer answer, net::Send(request, sink));
  if (answer.status < 300) return {};
  if (answer.status == kUnauthorized) return NeedsKey();
  return Refused(answer);
}

}  // namespace

Status Ask(const Server& server, const std::string& method, const std::string& path,
           const std::string& body) {
  return Exchange(server, method, path, body, [](std::string_view piece) {
    Print(piece);
    return Status();
  });
}

base::Result<std::string> Fetch(const Server& server, const std::string& path) {
  std::string text;
  SW_TRY_STATUS(Exchange(server, "GET", path, "", [&](std::string_view piece) {
    text.append(piece);
    return Status();
  }));
  return text;
}

std::string WhyQuery(const std::string& why) {
  return why.empty() ? std::string() : "?why=" + base::PercentEncoded(why);
}

}  // namespace stockwatch::cmd
