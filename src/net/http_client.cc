#include "net/http_client.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <system_error>

#include "net/public_address.h"

namespace stockwatch::net {
namespace {

using base::Code;
using base::Error;

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct HeadersCleanup {
  void operator()(curl_slist* headers) const { curl_slist_free_all(headers); }
};
struct TextCleanup {
  void operator()(char* text) const { curl_free(text); }
};
using Headers = std::unique_ptr<curl_slist, HeadersCleanup>;

// libcurl asks for this once a process; its own first call is not safe among threads.
bool Ready() {
  static const CURLcode kDone = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kDone == CURLE_OK;
}

struct Origin {
  std::string shown;  // scheme://host:port, for messages: a path may hold a secret
  bool loopback = false;
};

std::string Part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, TextCleanup> owned(text);
  return text;
}

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

base::Result<Origin> OriginOf(const std::string& text) {
  const std::unique_ptr<CURLU, UrlCleanup> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK ||
      text.find('\0') != std::string::npos) {
    // Behind these two there may be a secret.
    const bool plain = text.find_first_of("@?") == std::string::npos;
    return Error{Code::kInvalidArgument, plain
                                             ? "cannot read URL: \"" + text + "\""
                                             : "cannot read URL: not shown, it may hold a secret"};
  }
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME);
  const std::string host = Part(url.get(), CURLUPART_HOST);
  if (scheme != "http" && scheme != "https") {
    return Error{Code::kInvalidArgument, "a URL begins with http:// or https://, not " + scheme};
  }
  if (!Part(url.get(), CURLUPART_USER).empty() || !Part(url.get(), CURLUPART_PASSWORD).empty()) {
    return Error{Code::kInvalidArgument, "a URL may not hold a user or a password: " + host};
  }
  const std::string port = Part(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return Origin{.shown = scheme + "://" + host + ":" + port, .loopback = IsLoopback(host)};
}

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

base::Status CheckRequest(const HttpRequest& request) {
  const bool letters =
      !request.method.empty() && std::all_of(request.method.begin(), request.method.end(),
                                             [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!letters) return Error{Code::kInvalidArgument, "no HTTP method: \"" + request.method + "\""};
  if (!IsVisible(request.content_type)) {
    return Error{Code::kInvalidArgument, "content type with a control character"};
  }
  for (const auto& [name, value] : request.headers) {
    if (IsVisible(name) && IsVisible(value)) continue;
    return Error{Code::kInvalidArgument, "header with a control character"};
  }
  if (request.timeout < base::Duration::Micros(1000)) {
    return Error{Code::kInvalidArgument, "timeout below 1 ms"};
  }
  return {};
}

// What the callback of libcurl, which must not throw, leaves behind.
struct Receipt {
  CURL* handle = nullptr;
  const HttpRequest* request = nullptr;
  const BodySink* sink = nullptr;  // nullptr: into `body`
  std::string body;
  std::uint64_t bytes = 0;
  bool cut = false;       // the rest of the body is not wanted
  std::string forbidden;  // the address that was not connected
  std::optional<Error> error;
  std::exception_ptr thrown;
};

int StatusOf(CURL* handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

base::Status Take(Receipt& receipt, std::string_view piece) {
  receipt.bytes += piece.size();
  const std::uint64_t bytes_max = receipt.request->response_bytes_max;
  if (receipt.bytes > bytes_max && receipt.request->cut_body) {
    receipt.body.append(piece.substr(0, piece.size() - (receipt.bytes - bytes_max)));
    receipt.cut = true;
    return {};
  }
  if (receipt.bytes > bytes_max) {
    return Error{Code::kResourceExhausted,
                 "the answer is longer than " + std::to_string(bytes_max) + " bytes"};
  }
  if (receipt.sink != nullptr && StatusOf(receipt.handle) / 100 == 2) {
    return (*receipt.sink)(piece);
  }
  receipt.body.append(piece);
  return {};
}

std::size_t OnBody(const char* bytes, std::size_t /*one*/, std::size_t size, void* user) {
  auto& receipt = *static_cast<Receipt*>(user);
  try {
    if (auto taken = Take(receipt, {bytes, size}); !taken.ok()) {
      receipt.error = std::move(taken).error();
      return 0;
    }
    return receipt.cut ? 0 : size;
  } catch (...) {
    receipt.thrown = std::current_exception();
    return 0;
  }
}

// Instead of socket(2): libcurl asks for one for each address that it is about to connect to.
curl_socket_t OnSocket(void* user, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& receipt = *static_cast<Receipt*>(user);
  if (!IsPublic(address->addr)) {
    receipt.forbidden = ShowAddress(address->addr);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Headers HeadersOf(const HttpRequest& request) {
  // Without a value libcurl leaves a header away that it would send by itself.
  const std::string type =
      "Content-Type:" + (request.content_type.empty() ? std::string() : " " + request.content_type);
  Headers headers(curl_slist_append(nullptr, type.c_str()));
  curl_slist_append(headers.get(), "Expect:");
  std::string line;
  for (const auto& [name, value] : request.headers) {
    line.assign(name).append(": ").append(value);
    curl_slist_append(headers.get(), line.c_str());
  }
  return headers;
}

void Prepare(CURL* handle, const HttpRequest& request, const Origin& origin,
             const Headers& headers) {
  const long timeout_ms = request.timeout.micros() / 1000;
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
  const bool direct = origin.loopback || request.addresses == Addresses::kPublic;
  if (direct) curl_easy_setopt(handle, CURLOPT_PROXY, "");
  if (!request.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, request.ca_file.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool bare = request.body.empty() && (request.method == "GET" || request.method == "DELETE");
  if (!bare) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

std::string LowerFirst(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

Error ErrorOf(CURL* handle, CURLcode code, const HttpRequest& request, const Origin& origin,
              const Receipt& receipt) {
  const std::string what = "cannot reach " + origin.shown + ": ";
  if (!receipt.forbidden.empty()) {
    return {Code::kFailedPrecondition,
            what + "its address is not one of the internet: " + receipt.forbidden};
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Code::kUnavailable, what + "no such host"};
    case CURLE_COULDNT_CONNECT: {
      long os_error = 0;
      curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &os_error);
      return {
          Code::kUnavailable,
          what + (os_error == 0
                      ? "no connection"
                      : LowerFirst(std::generic_category().message(static_cast<int>(os_error))))};
    }
    case CURLE_OPERATION_TIMEDOUT:
      return {Code::kUnavailable,
              what + "no whole answer within " + base::FormatDuration(request.timeout)};
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
      return {Code::kUnavailable, what + "the connection broke off"};
    case CURLE_SSL_CACERT_BADFILE:
      return {Code::kFailedPrecondition, what + "cannot read " + request.ca_file};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Code::kFailedPrecondition, what + "its certificate is not trusted"};
    case CURLE_UNSUPPORTED_PROTOCOL: {
      // Of an answer too that does not begin as HTTP does.
      long sent = 0;
      curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
      if (sent > 0) return {Code::kUnavailable, what + "its answer is no HTTP"};
      return {Code::kInvalidArgument, "cannot use URL at " + origin.shown};
    }
    case CURLE_URL_MALFORMAT:
      return {Code::kInvalidArgument, "cannot use URL at " + origin.shown};
    default:
      return {Code::kUnavailable, what + LowerFirst(curl_easy_strerror(code))};
  }
}

base::Result<HttpAnswer> Exchange(const HttpRequest& request, const BodySink* sink) {
  SW_TRY_STATUS(CheckRequest(request));
  if (!Ready()) return Error{Code::kUnavailable, "cannot start libcurl"};
  SW_TRY(const Origin origin, OriginOf(request.url));
  const std::unique_ptr<CURL, EasyCleanup> handle(curl_easy_init());
  if (handle == nullptr) return Error{Code::kUnavailable, "cannot start an exchange by libcurl"};
  const Headers headers = HeadersOf(request);
  Prepare(handle.get(), request, origin, headers);
  Receipt receipt;
  receipt.handle = handle.get();
  receipt.request = &request;
  receipt.sink = sink;
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &receipt);
  if (request.addresses == Addresses::kPublic) {
    curl_easy_setopt(handle.get(), CURLOPT_OPENSOCKETFUNCTION, &OnSocket);
    curl_easy_setopt(handle.get(), CURLOPT_OPENSOCKETDATA, &receipt);
  }

  const CURLcode code = curl_easy_perform(handle.get());
  if (receipt.thrown) std::rethrow_exception(receipt.thrown);
  if (receipt.error) return std::move(*receipt.error);
  const int status = StatusOf(handle.get());
  const bool cut = request.cut_body && status >= 200;
  if (code != CURLE_OK && !cut) return ErrorOf(handle.get(), code, request, origin, receipt);
  HttpAnswer answer{.status = status, .content_type = {}, .retry_after = {}, .body = {}};
  const char* type = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) answer.content_type = type;
  curl_header* header = nullptr;
  if (curl_easy_header(handle.get(), "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
    answer.retry_after = header->value;
  }
  answer.body = std::move(receipt.body);
  return answer;
}

}  // namespace

base::Status CheckUrl(const std::string& url) {
  SW_TRY(const Origin origin, OriginOf(url));
  return {};
}

base::Result<HttpAnswer> Send(const HttpRequest& request) {
  return Exchange(request, nullptr);
}

base::Result<HttpAnswer> Send(const HttpRequest& request, const BodySink& sink) {
  return Exchange(request, &sink);
}

}  // namespace stockwatch::net
