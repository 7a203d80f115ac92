#include "adapters/mongo_source/client.h"

#include <chrono>
#include <utility>

#include "adapters/mongo_source/hello.h"
#include "adapters/mongo_source/reply.h"
#include "adapters/mongo_source/uri.h"
#include "base/assertion.h"

namespace stockwatch::mongo_source {
namespace {

class Document {
 public:
  Document() { bson_init(&document_); }
  ~Document() { bson_destroy(&document_); }
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  bson_t* get() { return &document_; }

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

// The driver counts a timeout in whole milliseconds, from its own look at the clock: it may end a
// little early by ours.
constexpr std::chrono::milliseconds kTimeoutGrain{10};

Failure FailureOf(const bson_error_t& error, std::string_view reply) {
  const FailureKind kind = KindOf(error);
  const bool coded = kind == FailureKind::kServer;
  return ReadFailure(reply, kind, coded ? static_cast<std::int32_t>(error.code) : 0, error.message);
}

}  // namespace

Client::Client(Options options, UriHandle uri)
    : options_(std::move(options)),
      uri_(std::move(uri)),
      hosts_(HostsOf(uri_.get())),
      timeout_(TimeoutIn(uri_.get())) {}

base::Result<std::unique_ptr<Client>> Client::Open(const Options& options) {
  SW_TRY_STATUS(LoadDriver());
  SW_TRY(UriHandle uri, ReadUri(options));
  std::unique_ptr<Client> client(new Client(options, std::move(uri)));
  // With mongodb+srv the driver asks the DNS as it makes a client, for as long as that takes: where
  // a stop can leave it, and tried again like a host that is not there.
  const bool asks_dns = TheDriver().uri_get_srv_hostname(client->uri_.get()) != nullptr;
  if (!asks_dns) SW_TRY_STATUS(client->Begin());
  return client;
}

base::Status Client::Begin() {
  bson_error_t error{};
  client_.reset(TheDriver().client_new_from_uri_with_error(uri_.get(), &error));
  if (!client_) {
    return base::Error{base::Code::kInvalidArgument,
                       "cannot use the mongodb URI: " + std::string(error.message)};
  }
  TheDriver().client_set_error_api(client_.get(), MONGOC_ERROR_API_VERSION_2);
  TheDriver().client_set_appname(client_.get(), "stockwatch");
  return {};
}

// A client that found nobody is given up. The driver would not ask a host again for five seconds
// after one broken hello, however soon it is asked to, and forgets hosts that are of another
// replica set.
std::variant<Server, Failure> Client::Select(base::Duration timeout) {
  session_.reset();
  if (timeout != timeout_) {
    client_.reset();
    SetTimeout(uri_.get(), timeout);
    timeout_ = timeout;
  }
  if (!client_) {
    if (const base::Status begun = Begin(); !begun.ok()) {
      return Failure{FailureKind::kNetwork, 0, begun.error().message, {}};
    }
  }
  bson_error_t error{};
  const ServerHandle description(
      TheDriver().client_select_server(client_.get(), options_.primary, nullptr, &error));
  if (!description) {
    client_.reset();
    return Explained(FailureOf(error, {}), uri_.get());
  }
  server_ = TheDriver().server_description_id(description.get());
  const SessionOptionsHandle session_options(TheDriver().session_opts_new());
  // Reads of this session wait for nothing: the place in the stream says what was seen.
  TheDriver().session_opts_set_causal_consistency(session_options.get(), false);
  session_.reset(TheDriver().client_start_session(client_.get(), session_options.get(), &error));
  if (!session_) return FailureOf(error, {});
  return ServerOf(BytesOf(*TheDriver().server_description_hello_response(description.get())));
}

Answer Client::Send(std::string_view command) {
  SW_ASSERT(session_ != nullptr, "a command without a server");
  bson_t document{};
  bson_error_t error{};
  Document extra;
  if (!bson_init_static(&document, reinterpret_cast<const std::uint8_t*>(command.data()),
                        command.size()) ||
      !bson_append_int32(extra.get(), "serverId", -1, static_cast<std::int32_t>(server_)) ||
      !TheDriver().client_session_append(session_.get(), extra.get(), &error)) {
    return {{}, Failure{FailureKind::kReply, 0, "cannot make a command", {}}};
  }
  bson_t reply{};
  const auto asked = std::chrono::steady_clock::now();
  const bool good = TheDriver().client_command_with_opts(
      client_.get(), options_.database.c_str(), &document,
      options_.primary ? nullptr : TheDriver().client_get_read_prefs(client_.get()), extra.get(),
      &reply, &error);
  Answer answer;
  answer.bytes = BytesOf(reply);
  bson_destroy(&reply);
  if (good) return answer;
  answer.failure = FailureOf(error, answer.bytes);
  const bool in_time = std::chrono::steady_clock::now() - asked <
                       std::chrono::microseconds(timeout_.micros()) - kTimeoutGrain;
  if (answer.failure->kind == FailureKind::kNetwork && !in_time) {
    answer.failure->hint = Hint::kTimeout;
  }
  return answer;
}

}  // namespace stockwatch::mongo_source
