#include "ask.h"

#include <cctype>
#include <cstdio>

#include "net/http_client.h"
#include "secret.h"

namespace stockwatch::cmd {

using base::Code;
using base::Error;
using base::Status;

void Print(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
}

Status Ask(const Server& server, const std::string& method, const std::string& path,
           const std::string& body) {
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
  SW_TRY(const net::HttpAnswer answer, net::Send(request, [](std::string_view piece) {
           Print(piece);
           return Status();
         }));
  if (answer.status < 300) return {};
  return Error{Code::kFailedPrecondition,
               "the engine answers " + std::to_string(answer.status) + ": " + answer.body};
}

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    if (plain) {
      escaped.push_back(c);
      continue;
    }
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    escaped += code;
  }
  return escaped;
}

}  // namespace stockwatch::cmd
