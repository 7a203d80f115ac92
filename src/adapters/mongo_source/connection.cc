#include "adapters/mongo_source/connection.h"

#include <mongoc/mongoc.h>

#include <memory>

#include "base/assertion.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

template <auto kDestroy>
struct Destroy {
  template <typename T>
  void operator()(T* thing) const {
    kDestroy(thing);
  }
};

using Uri = std::unique_ptr<mongoc_uri_t, Destroy<mongoc_uri_destroy>>;
using Client = std::unique_ptr<mongoc_client_t, Destroy<mongoc_client_destroy>>;
using Session = std::unique_ptr<mongoc_client_session_t, Destroy<mongoc_client_session_destroy>>;
using SessionOptions = std::unique_ptr<mongoc_session_opt_t, Destroy<mongoc_session_opts_destroy>>;
using ServerDescription =
    std::unique_ptr<mongoc_server_description_t, Destroy<mongoc_server_description_destroy>>;

class Document {
 public:
  Document() { bson_init(&document_); }
  ~Document() { bson_destroy(&document_); }
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  bson_t* get() { return &document_; }
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bson_get_data(&document_)), document_.len};
  }

 private:
  bson_t document_{};
};

// The driver writes to standard error otherwise; what matters of it stands in its errors.
void Ignore(mongoc_log_level_t, const char*, const char*, void*) {}

void StartDriver() {
  static const bool kStarted = [] {
    mongoc_log_set_handler(&Ignore, nullptr);
    mongoc_init();
    return true;
  }();
  static_cast<void>(kStarted);
}

FailureKind KindOf(const bson_error_t& error) {
  switch (error.domain) {
    case MONGOC_ERROR_SERVER:
    case MONGOC_ERROR_WRITE_CONCERN:
      return FailureKind::kServer;
    case MONGOC_ERROR_CLIENT:
      return error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? FailureKind::kAuthentication
                                                            : FailureKind::kNetwork;
    case MONGOC_ERROR_SASL:
    case MONGOC_ERROR_SCRAM:
      return FailureKind::kAuthentication;
    case MONGOC_ERROR_COMMAND:
    case MONGOC_ERROR_BSON:
      return FailureKind::kReply;
    default:
      return FailureKind::kNetwork;
  }
}

Failure FailureOf(const bson_error_t& error, std::string_view reply) {
  const FailureKind kind = KindOf(error);
  const bool coded = kind == FailureKind::kServer;
  return ReadFailure(reply, kind, coded ? static_cast<std::int32_t>(error.code) : 0, error.message);
}

std::int32_t Millis(base::Duration duration) {
  return static_cast<std::int32_t>(duration.micros() / 1'000);
}

// What the URI sets itself stays as it is.
void SetUnlessSet(mongoc_uri_t* uri, const char* option, std::int32_t value) {
  if (!mongoc_uri_has_option(uri, option)) mongoc_uri_set_option_as_int32(uri, option, value);
}

std::string HostsOf(const mongoc_uri_t* uri) {
  std::string hosts;
  for (const mongoc_host_list_t* host = mongoc_uri_get_hosts(uri); host != nullptr;
       host = host->next) {
    if (!hosts.empty()) hosts += ",";
    hosts += host->host_and_port;
  }
  if (hosts.empty()) {
    if (const char* name = mongoc_uri_get_srv_hostname(uri)) hosts = name;
  }
  return hosts;
}

Server ServerOf(const mongoc_server_description_t* description) {
  Server server;
  const std::string_view hello(reinterpret_cast<const char*>(bson_get_data(
                                   mongoc_server_description_hello_response(description))),
                               mongoc_server_description_hello_response(description)->len);
  if (const auto version = bson::Find(hello, "maxWireVersion")) {
    server.wire_version = static_cast<std::int32_t>(version->Whole().value_or(0));
  }
  if (const auto name = bson::Find(hello, "setName")) {
    server.replica_set = name->Text().value_or(std::string_view());
  }
  return server;
}

}  // namespace

struct Connection::State {
  Options options;
  std::string hosts;
  Client client;
  Session session;
  std::uint32_t server = 0;

  std::variant<Server, Failure> Select();
  Answer Send(std::string_view command);
};

std::variant<Server, Failure> Connection::State::Select() {
  session.reset();
  bson_error_t error{};
  const ServerDescription description(
      mongoc_client_select_server(client.get(), false, nullptr, &error));
  if (!description) return FailureOf(error, {});
  server = mongoc_server_description_id(description.get());
  const SessionOptions session_options(mongoc_session_opts_new());
  // Reads of this session wait for nothing: the place in the stream says what was seen.
  mongoc_session_opts_set_causal_consistency(session_options.get(), false);
  session.reset(mongoc_client_start_session(client.get(), session_options.get(), &error));
  if (!session) return FailureOf(error, {});
  return ServerOf(description.get());
}

Answer Connection::State::Send(std::string_view command) {
  SW_ASSERT(session != nullptr, "a command without a server");
  bson_t document{};
  bson_error_t error{};
  Document extra;
  if (!bson_init_static(&document, reinterpret_cast<const std::uint8_t*>(command.data()),
                        command.size()) ||
      !bson_append_int32(extra.get(), "serverId", -1, static_cast<std::int32_t>(server)) ||
      !mongoc_client_session_append(session.get(), extra.get(), &error)) {
    return {{}, Failure{FailureKind::kReply, 0, "cannot make a command", {}}};
  }
  bson_t reply{};
  const bool good = mongoc_client_command_with_opts(
      client.get(), options.database.c_str(), &document, mongoc_client_get_read_prefs(client.get()),
      extra.get(), &reply, &error);
  Answer answer;
  answer.bytes.assign(reinterpret_cast<const char*>(bson_get_data(&reply)), reply.len);
  if (!good) answer.failure = FailureOf(error, answer.bytes);
  bson_destroy(&reply);
  return answer;
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}

Connection::~Connection() = default;

base::Result<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  StartDriver();
  bson_error_t error{};
  const Uri uri(mongoc_uri_new_with_error(options.uri.c_str(), &error));
  // The driver's message may show a part of the URI.
  if (!uri) {
    return base::Error{base::Code::kInvalidArgument,
                       "cannot read the mongodb URI; it has the shape mongodb://host:port/"
                       "?replicaSet=name, with % escapes in user and password"};
  }
  SetUnlessSet(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, Millis(options.socket_timeout));
  SetUnlessSet(uri.get(), MONGOC_URI_CONNECTTIMEOUTMS, Millis(options.connect_timeout));
  SetUnlessSet(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, Millis(options.connect_timeout));
  auto state = std::make_unique<State>();
  state->options = options;
  state->hosts = HostsOf(uri.get());
  state->client.reset(mongoc_client_new_from_uri_with_error(uri.get(), &error));
  if (!state->client) {
    return base::Error{base::Code::kInvalidArgument,
                       "cannot use the mongodb URI: " + std::string(error.message)};
  }
  mongoc_client_set_error_api(state->client.get(), MONGOC_ERROR_API_VERSION_2);
  mongoc_client_set_appname(state->client.get(), "stockwatch");
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

Link Connection::link() {
  State* state = state_.get();
  return {[state] { return state->Select(); },
          [state](std::string_view command) { return state->Send(command); }};
}

const std::string& Connection::hosts() const {
  return state_->hosts;
}

Password PasswordIn(const std::string& text) {
  StartDriver();
  const Uri uri(mongoc_uri_new(text.c_str()));
  if (!uri || mongoc_uri_get_password(uri.get()) != nullptr) return Password::kHeld;
  return Password::kNone;
}

}  // namespace stockwatch::mongo_source
