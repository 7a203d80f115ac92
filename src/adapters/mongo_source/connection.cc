#include "adapters/mongo_source/connection.h"

#include <memory>

#include "adapters/mongo_source/driver.h"
#include "base/assertion.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

template <auto kDestroy>
struct Destroy {
  template <typename T>
  void operator()(T* thing) const {
    (TheDriver().*kDestroy)(thing);
  }
};

using Uri = std::unique_ptr<mongoc_uri_t, Destroy<&Driver::uri_destroy>>;
using Client = std::unique_ptr<mongoc_client_t, Destroy<&Driver::client_destroy>>;
using Session = std::unique_ptr<mongoc_client_session_t, Destroy<&Driver::client_session_destroy>>;
using SessionOptions =
    std::unique_ptr<mongoc_session_opt_t, Destroy<&Driver::session_opts_destroy>>;
using ServerDescription =
    std::unique_ptr<mongoc_server_description_t, Destroy<&Driver::server_description_destroy>>;

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
  if (!TheDriver().uri_has_option(uri, option))
    TheDriver().uri_set_option_as_int32(uri, option, value);
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

Server ServerOf(const mongoc_server_description_t* description) {
  Server server;
  const std::string_view hello(reinterpret_cast<const char*>(bson_get_data(
                                   TheDriver().server_description_hello_response(description))),
                               TheDriver().server_description_hello_response(description)->len);
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
      TheDriver().client_select_server(client.get(), options.primary, nullptr, &error));
  if (!description) return FailureOf(error, {});
  server = TheDriver().server_description_id(description.get());
  const SessionOptions session_options(TheDriver().session_opts_new());
  // Reads of this session wait for nothing: the place in the stream says what was seen.
  TheDriver().session_opts_set_causal_consistency(session_options.get(), false);
  session.reset(TheDriver().client_start_session(client.get(), session_options.get(), &error));
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
      !TheDriver().client_session_append(session.get(), extra.get(), &error)) {
    return {{}, Failure{FailureKind::kReply, 0, "cannot make a command", {}}};
  }
  bson_t reply{};
  const bool good = TheDriver().client_command_with_opts(
      client.get(), options.database.c_str(), &document,
      options.primary ? nullptr : TheDriver().client_get_read_prefs(client.get()), extra.get(),
      &reply, &error);
  Answer answer;
  answer.bytes.assign(reinterpret_cast<const char*>(bson_get_data(&reply)), reply.len);
  if (!good) answer.failure = FailureOf(error, answer.bytes);
  bson_destroy(&reply);
  return answer;
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}

Connection::~Connection() = default;

base::Result<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  SW_TRY_STATUS(LoadDriver());
  bson_error_t error{};
  const Uri uri(TheDriver().uri_new_with_error(options.uri.c_str(), &error));
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
  state->client.reset(TheDriver().client_new_from_uri_with_error(uri.get(), &error));
  if (!state->client) {
    return base::Error{base::Code::kInvalidArgument,
                       "cannot use the mongodb URI: " + std::string(error.message)};
  }
  TheDriver().client_set_error_api(state->client.get(), MONGOC_ERROR_API_VERSION_2);
  TheDriver().client_set_appname(state->client.get(), "stockwatch");
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

base::Result<Password> PasswordIn(const std::string& text) {
  SW_TRY_STATUS(LoadDriver());
  bson_error_t ignored{};
  const Uri uri(TheDriver().uri_new_with_error(text.c_str(), &ignored));
  if (!uri || TheDriver().uri_get_password(uri.get()) != nullptr) return Password::kHeld;
  return Password::kNone;
}

}  // namespace stockwatch::mongo_source
