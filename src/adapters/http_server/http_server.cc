#include "adapters/http_server/http_server.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace stockwatch::http_server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using beast::error_code;

constexpr std::size_t kReadBytes = 64 * 1024;  // what Beast reads at once
constexpr std::size_t kFirstReadBytes = 4096;
constexpr std::uint32_t kRefusalsMax = 64;  // connections that are told 503 at the same time
constexpr std::chrono::seconds kLinger{2};
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::chrono::microseconds Micros(base::Duration duration) {
  return std::chrono::microseconds(duration.micros());
}

// Takes the body out of `message`.
base::Result<Request> RequestFrom(http::request<http::string_body>& message) {
  Request request;
  request.method = message.method() == http::verb::head ? "GET" : message.method_string();
  SW_TRY_STATUS(ParseTarget(message.target(), request));
  for (const auto& field : message) AddHeader(request, field.name_string(), field.value());
  if (message.version() >= 11 && request.Header("host").empty()) {
    return base::Error{base::Code::kInvalidArgument, "request has no header \"Host\""};
  }
  request.body = std::move(message.body());
  return request;
}

struct Settings {
  Options options;
  Handler handler;
  Quick quick;
  std::optional<asio::thread_pool> workers = std::nullopt;  // of Run()
  std::uint32_t connections = 0;
  std::uint32_t refusals = 0;
};

// One connection. The operation that it waits for owns it: where there is none, it is gone, and
// the socket closed.
class Session : public std::enable_shared_from_this<Session> {
 public:
  // `count` is of the connections of this kind.
  Session(tcp::socket&& socket, Settings& settings, std::uint32_t& count)
      : settings_(settings),
        count_(count),
        stream_(std::move(socket)),
        pause_(stream_.get_executor()),
        buffer_(settings.options.header_bytes_max + kReadBytes) {
    ++count_;
  }
  ~Session() { --count_; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Serve() { AwaitRequest(); }
  void Refuse() { AnswerLast(Problem(503, "there are too many connections")); }

 private:
  template <typename Method>
  auto Then(Method method) {
    return beast::bind_front_handler(method, shared_from_this());
  }

  void AwaitRequest();
  void OnFirstBytes(error_code ec, std::size_t bytes);
  void ReadHeader();
  void OnHeader(error_code ec, std::size_t bytes);
  void OnContinued(error_code ec, std::size_t bytes);
  void OnRequest(error_code ec, std::size_t bytes);
  void OnBadRequest(error_code ec);
  void AskHandler(Request request);
  void Answer(Response response);
  void AnswerLast(Response response);
  void OnAnswered(error_code ec, std::size_t bytes);
  void NextChunk();
  void Finish();
  void Linger();
  void OnDiscarded(error_code ec, std::size_t bytes);

  Settings& settings_;
  std::uint32_t& count_;
  beast::tcp_stream stream_;
  asio::steady_timer pause_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;

  // Of the request at hand.
  unsigned version_ = 11;
  bool head_ = false;
  bool keep_alive_ = false;
  Response response_;
  http::response<http::string_body> message_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  bool streams_ = false;  // more chunks are to come
  std::string chunk_;
};

void Session::AwaitRequest() {
  parser_.emplace();
  parser_->header_limit(settings_.options.header_bytes_max);
  parser_->body_limit(settings_.options.body_bytes_max);
  if (buffer_.size() > 0) return ReadHeader();
  stream_.expires_after(Micros(settings_.options.idle_timeout));
  stream_.async_read_some(buffer_.prepare(kFirstReadBytes), Then(&Session::OnFirstBytes));
}

void Session::OnFirstBytes(error_code ec, std::size_t bytes) {
  if (ec) return;
  buffer_.commit(bytes);
  ReadHeader();
}

// The deadline that is set here holds for the body too.
void Session::ReadHeader() {
  stream_.expires_after(Micros(settings_.options.request_timeout));
  http::async_read_header(stream_, buffer_, *parser_, Then(&Session::OnHeader));
}

void Session::OnHeader(error_code ec, std::size_t /*bytes*/) {
  if (ec) return OnBadRequest(ec);
  if (parser_->get().version() >= 11 &&
      beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
    asio::async_write(stream_, asio::buffer(kContinue), Then(&Session::OnContinued));
  } else {
    http::async_read(stream_, buffer_, *parser_, Then(&Session::OnRequest));
  }
}

void Session::OnContinued(error_code ec, std::size_t /*bytes*/) {
  if (ec) return;
  http::async_read(stream_, buffer_, *parser_, Then(&Session::OnRequest));
}

void Session::OnRequest(error_code ec, std::size_t /*bytes*/) {
  if (ec) return OnBadRequest(ec);
  auto message = parser_->release();
  version_ = message.version();
  head_ = message.method() == http::verb::head;
  keep_alive_ = message.keep_alive();
  auto parsed = RequestFrom(message);
  if (!parsed.ok()) return Answer(Problem(400, parsed.error().message));
  Request request = std::move(parsed).value();
  error_code failure;
  const auto peer = stream_.socket().remote_endpoint(failure);
  if (!failure) request.peer = peer.address().to_string();
  if (settings_.quick) {
    if (auto response = settings_.quick(request)) return Answer(*std::move(response));
  }
  AskHandler(std::move(request));
}

// The session goes with the work and comes back with the answer: it is touched, and ends, on the
// thread of Run() alone.
void Session::AskHandler(Request request) {
  asio::post(
      *settings_.workers, [self = shared_from_this(), request = std::move(request)]() mutable {
        Response response = Ask(self->settings_.handler, request);
        const auto executor = self->stream_.get_executor();
        asio::post(executor, [self = std::move(self), response = std::move(response)]() mutable {
          self->Answer(std::move(response));
        });
      });
}

void Session::OnBadRequest(error_code ec) {
  const Options& options = settings_.options;
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    AnswerLast(Problem(431, "the request line and headers are longer than " +
                                std::to_string(options.header_bytes_max) + " bytes"));
  } else if (ec == http::error::body_limit) {
    AnswerLast(Problem(
        413, "the body is longer than " + std::to_string(options.body_bytes_max) + " bytes"));
  } else if (ec.category() == error_code(http::error::bad_method).category() &&
             ec != http::error::end_of_stream && ec != http::error::partial_message) {
    AnswerLast(Problem(400, "cannot read the request: " + ec.message()));
  }
}

void Session::AnswerLast(Response response) {
  version_ = 11;
  head_ = false;
  keep_alive_ = false;
  Answer(std::move(response));
}

void Session::Answer(Response response) {
  response_ = std::move(response);
  const bool has_body = response_.status != 204 && response_.status != 304;
  message_ = {};
  message_.version(version_);
  message_.result(static_cast<unsigned>(response_.status));
  for (const auto& [name, value] : response_.headers) message_.insert(name, value);
  if (has_body) message_.set(http::field::content_type, response_.content_type);
  const bool chunked = has_body && response_.next_chunk;
  if (chunked && version_ >= 11) {
    message_.chunked(true);
  } else if (chunked) {
    keep_alive_ = false;  // the end of the connection is the end of the body
  } else if (has_body) {
    message_.body() = std::move(response_.body);
    message_.content_length(message_.body().size());
  }
  message_.keep_alive(keep_alive_);

  streams_ = chunked && !head_;
  serializer_.emplace(message_);
  stream_.expires_after(Micros(settings_.options.request_timeout));
  if (chunked || head_) {
    http::async_write_header(stream_, *serializer_, Then(&Session::OnAnswered));
  } else {
    http::async_write(stream_, *serializer_, Then(&Session::OnAnswered));
  }
}

void Session::OnAnswered(error_code ec, std::size_t /*bytes*/) {
  if (ec) return;
  if (streams_) return NextChunk();
  Finish();
}

void Session::NextChunk() {
  chunk_.clear();
  bool more = false;
  try {
    more = response_.next_chunk(chunk_);
  } catch (...) {
    return;  // the client misses the last chunk, and so knows
  }
  stream_.expires_after(Micros(settings_.options.request_timeout));
  streams_ = more;
  const asio::const_buffer bytes(chunk_.data(), chunk_.size());
  if (!more && version_ < 11) {
    Finish();
  } else if (!more) {
    asio::async_write(stream_, http::make_chunk_last(), Then(&Session::OnAnswered));
  } else if (chunk_.empty()) {
    pause_.expires_after(Micros(settings_.options.chunk_pause));
    pause_.async_wait([self = shared_from_this()](error_code ec) { self->OnAnswered(ec, 0); });
  } else if (version_ < 11) {
    asio::async_write(stream_, bytes, Then(&Session::OnAnswered));
  } else {
    asio::async_write(stream_, http::make_chunk(bytes), Then(&Session::OnAnswered));
  }
}

void Session::Finish() {
  response_ = {};
  serializer_.reset();
  message_ = {};
  if (keep_alive_) {
    AwaitRequest();
  } else {
    Linger();
  }
}

// A socket that is closed with bytes unread resets the connection, and the answer may be lost on
// its way; so what still comes is read for a while.
void Session::Linger() {
  error_code ec;
  if (stream_.socket().shutdown(tcp::socket::shutdown_send, ec)) return;
  stream_.expires_after(kLinger);
  OnDiscarded({}, 0);
}

void Session::OnDiscarded(error_code ec, std::size_t /*bytes*/) {
  if (ec) return;
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kFirstReadBytes), Then(&Session::OnDiscarded));
}

}  // namespace

// Sessions end with `context`, and count themselves out of `settings` then.
struct HttpServer::State {
  State(Options options, Handler handler, Quick quick)
      : settings{.options = std::move(options),
                 .handler = std::move(handler),
                 .quick = std::move(quick)} {}

  base::Status Listen();
  void Accept();
  void Admit(tcp::socket socket);

  Settings settings;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer accept_pause{context};
};

base::Status HttpServer::State::Listen() {
  const Options& options = settings.options;
  const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
  try {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
    return {};
  } catch (const boost::system::system_error& e) {
    return base::Error{base::Code::kFailedPrecondition,
                       "cannot listen at " + options.address + " port " +
                           std::to_string(options.port) + ": " + e.code().message() +
                           "; take another port with --port, 0 for any that is free"};
  }
}

void HttpServer::State::Accept() {
  acceptor.async_accept([this](error_code ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (!ec) {
      Admit(std::move(socket));
      return Accept();
    }
    accept_pause.expires_after(kAcceptPause);  // most likely there are no more file descriptors
    accept_pause.async_wait([this](error_code pause_ec) {
      if (!pause_ec) Accept();
    });
  });
}

void HttpServer::State::Admit(tcp::socket socket) {
  error_code ec;
  if (socket.set_option(tcp::no_delay(true), ec)) return;
  if (settings.connections < settings.options.connections_max) {
    std::make_shared<Session>(std::move(socket), settings, settings.connections)->Serve();
  } else if (settings.refusals < kRefusalsMax) {
    std::make_shared<Session>(std::move(socket), settings, settings.refusals)->Refuse();
  }
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;

base::Result<std::unique_ptr<HttpServer>> HttpServer::Open(Options options, Handler handler,
                                                           Quick quick) {
  if (auto errors = options.Validate(); !errors.empty()) return errors.front();
  auto state = std::make_unique<State>(std::move(options), std::move(handler), std::move(quick));
  SW_TRY_STATUS(state->Listen());
  state->Accept();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

std::uint16_t HttpServer::port() const {
  return state_->acceptor.local_endpoint().port();
}

void HttpServer::Run() {
  Settings& settings = state_->settings;
  settings.workers.emplace(settings.options.workers);
  state_->context.run();
  settings.workers->stop();  // what waits for a worker gets no answer any more
  settings.workers->join();
}

void HttpServer::Stop() {
  state_->context.stop();
}

}  // namespace stockwatch::http_server
