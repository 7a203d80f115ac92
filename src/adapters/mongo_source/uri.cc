#include "adapters/mongo_source/uri.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "adapters/mongo_source/connection.h"
#include "adapters/mongo_source/hello.h"

namespace stockwatch::mongo_source {
namespace {

constexpr std::size_t kPemBytesMax = std::size_t{4} << 20;  // the authorities of a system: 0.3 MB

std::int32_t Millis(base::Duration duration) {
  return static_cast<std::int32_t>(duration.micros() / 1'000);
}

// What the URI sets itself stays as it is.
void SetUnlessSet(mongoc_uri_t* uri, const char* option, std::int32_t value) {
  if (!TheDriver().uri_has_option(uri, option))
    TheDriver().uri_set_option_as_int32(uri, option, value);
}

std::string TextOf(const mongoc_uri_t* uri, const char* option) {
  return TheDriver().uri_get_option_as_utf8(uri, option, "");
}

// A file that the URI names, and what must stand in it. The driver says only that it cannot
// connect.
std::optional<UriProblem> ProblemOfFile(const mongoc_uri_t* uri, const char* option,
                                        std::initializer_list<const char*> parts) {
  const std::string path = TextOf(uri, option);
  if (path.empty()) return std::nullopt;
  const std::string name = std::string(option) + " of the mongodb URI";
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text(kPemBytesMax, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (!in.is_open() || in.bad() || (text.empty() && errno != 0)) {
    return UriProblem{name + ": cannot read " + path + ": " + std::strerror(errno),
                      "name a file that is there and that this user may read"};
  }
  for (const char* part : parts) {
    if (text.find(part) != std::string::npos) continue;
    return UriProblem{
        std::string(name).append(": ").append(path).append(" holds no ").append(part) + "…-----",
        "name a file in PEM format that holds one"};
  }
  return std::nullopt;
}

std::optional<UriProblem> ProblemOfTimeout(const mongoc_uri_t* uri, const Options& options) {
  const std::int32_t given =
      TheDriver().uri_get_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS, 0);
  if (given == 0 || given > Millis(options.await)) return std::nullopt;
  return UriProblem{"socketTimeoutMS of the mongodb URI, " + std::to_string(given) +
                        " ms, is not more than source.mongo.await, " +
                        base::FormatDuration(options.await) + ": a quiet server counts as gone",
                    "leave it out of the URI, or set it to more than that"};
}

// One host of a URI, as if it stood alone: the same TLS, no user, and of whatever replica set.
UriHandle Alone(const mongoc_uri_t* uri, const mongoc_host_list_t& host) {
  UriHandle alone(TheDriver().uri_new_for_host_port(host.host, host.port));
  if (!alone) return alone;
  bson_iter_t option;
  if (!bson_iter_init(&option, TheDriver().uri_get_options(uri))) return alone;
  while (bson_iter_next(&option)) {
    const std::string key = bson_iter_key(&option);
    if (!key.starts_with("tls") && key.find("timeoutms") == std::string::npos) continue;
    if (BSON_ITER_HOLDS_UTF8(&option)) {
      TheDriver().uri_set_option_as_utf8(alone.get(), key.c_str(),
                                         bson_iter_utf8(&option, nullptr));
    } else if (BSON_ITER_HOLDS_BOOL(&option)) {
      TheDriver().uri_set_option_as_bool(alone.get(), key.c_str(), bson_iter_bool(&option));
    } else if (BSON_ITER_HOLDS_INT32(&option)) {
      TheDriver().uri_set_option_as_int32(alone.get(), key.c_str(), bson_iter_int32(&option));
    }
  }
  TheDriver().uri_set_option_as_bool(alone.get(), MONGOC_URI_DIRECTCONNECTION, true);
  return alone;
}

// nullopt: it does not answer.
std::optional<Server> Hello(const UriHandle& alone) {
  bson_error_t error{};
  if (!alone) return std::nullopt;
  const ClientHandle client(TheDriver().client_new_from_uri_with_error(alone.get(), &error));
  if (!client) return std::nullopt;
  const ServerHandle server(TheDriver().client_select_server(client.get(), false, nullptr, &error));
  if (!server) return std::nullopt;
  return ServerOf(BytesOf(*TheDriver().server_description_hello_response(server.get())));
}

bool Says(const Failure& failure, const char* words) {
  return failure.message.find(words) != std::string::npos;
}

}  // namespace

base::Result<UriHandle> ReadUri(const Options& options) {
  bson_error_t error{};
  UriHandle uri(TheDriver().uri_new_with_error(options.uri.c_str(), &error));
  // The driver's message may show a part of the URI.
  if (!uri) {
    return base::Error{base::Code::kInvalidArgument,
                       "cannot read the mongodb URI; it has the shape mongodb://host:port/"
                       "?replicaSet=name, with % escapes in user and password"};
  }
  SetUnlessSet(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, Millis(options.socket_timeout));
  SetUnlessSet(uri.get(), MONGOC_URI_CONNECTTIMEOUTMS, Millis(options.connect_timeout));
  SetUnlessSet(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, Millis(options.connect_timeout));
  return uri;
}

base::Duration TimeoutIn(const mongoc_uri_t* uri) {
  return base::Duration::Micros(
      std::int64_t{1'000} * TheDriver().uri_get_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS,
                                                                MONGOC_DEFAULT_SOCKETTIMEOUTMS));
}

void SetTimeout(mongoc_uri_t* uri, base::Duration timeout) {
  TheDriver().uri_set_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS, Millis(timeout));
}

std::string HostsOf(const mongoc_uri_t* uri) {
  std::string hosts;
  for (const mongoc_host_list_t* host = TheDriver().uri_get_hosts(uri); host != nullptr;
       host = host->next) {
    if (!hosts.empty()) hosts += ",";
    hosts += host->host_and_port;
  }
  if (hosts.empty()) {
    if (const char* name = TheDriver().uri_get_srv_hostname(uri)) hosts = name;
  }
  return hosts;
}

Failure Explained(Failure failure, const mongoc_uri_t* uri) {
  if (failure.kind != FailureKind::kNetwork) return failure;
  const char* const asked = TheDriver().uri_get_replica_set(uri);
  for (const mongoc_host_list_t* host = TheDriver().uri_get_hosts(uri);
       asked != nullptr && host != nullptr; host = host->next) {
    if (Says(failure, host->host_and_port)) continue;  // it does not answer, and is not waited for
    const auto server = Hello(Alone(uri, *host));
    if (!server || server->replica_set == asked) continue;
    const std::string where = std::string(host->host_and_port);
    failure.hint = server->replica_set.empty() ? Hint::kNoSet : Hint::kOtherSet;
    failure.message = "the URI asks for the replica set \"" + std::string(asked) + "\", and " +
                      where + " is in " +
                      (server->replica_set.empty() ? "none" : "\"" + server->replica_set + "\"");
    return failure;
  }
  if (TheDriver().uri_get_tls(uri)) {
    if (Says(failure, "connection error calling hello")) failure.hint = Hint::kTlsFiles;
    if (Says(failure, "socket timeout calling hello")) failure.hint = Hint::kMayBePlain;
  } else if (Says(failure, "connection closed calling hello") ||
             Says(failure, "Server closed connection. calling hello")) {
    failure.hint = Hint::kMayAskForTls;
  }
  if (failure.message.empty()) failure.message = "no server can be used";
  if (!Says(failure, "'")) failure.message += ": " + HostsOf(uri);  // it names no host
  return failure;
}

base::Result<std::optional<UriProblem>> ProblemOfUri(const Options& options) {
  SW_TRY_STATUS(LoadDriver());
  SW_TRY(const UriHandle uri, ReadUri(options));
  constexpr const char* kCertificate = "-----BEGIN CERTIFICATE";
  auto problem = ProblemOfFile(uri.get(), "tlsCAFile", {kCertificate});
  if (!problem) {
    problem = ProblemOfFile(uri.get(), "tlsCertificateKeyFile", {kCertificate, "PRIVATE KEY-"});
  }
  if (!problem) problem = ProblemOfTimeout(uri.get(), options);
  return problem;
}

base::Result<Password> PasswordIn(const std::string& text) {
  SW_TRY_STATUS(LoadDriver());
  bson_error_t ignored{};
  const UriHandle uri(TheDriver().uri_new_with_error(text.c_str(), &ignored));
  if (!uri || TheDriver().uri_get_password(uri.get()) != nullptr) return Password::kHeld;
  return Password::kNone;
}

}  // namespace stockwatch::mongo_source
