#include "adapters/http_server/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "testing/patience.h"

namespace stockwatch::http_server {
namespace {

using base::Duration;

// A client that sends what it is told, byte by byte. A read that takes kPatience has failed.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{.tv_sec = testing::kPatience.count(), .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawClient() { close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the server has gone.
  bool Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // All up to and with `end`, or up to the end of the connection.
  std::string ReadTo(std::string_view end) {
    while (unread_.find(end) == std::string::npos && ReadSome()) {
    }
    const std::size_t found = unread_.find(end);
    return Take(found == std::string::npos ? unread_.size() : found + end.size());
  }
  std::string ReadToEnd() {
    while (ReadSome()) {
    }
    return Take(unread_.size());
  }
  // Head and body of one response that says its length.
  std::string ReadResponse() {
    std::string response = ReadTo("\r\n\r\n");
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t at = response.find(kLength);
    if (at == std::string::npos) return response;
    const std::size_t length = std::stoul(response.substr(at + kLength.size()));
    while (unread_.size() < length && ReadSome()) {
    }
    return response + Take(std::min(length, unread_.size()));
  }
  // Something to read, or the end of the connection.
  bool HasNews(std::chrono::milliseconds wait) const {
    pollfd news{.fd = socket_, .events = POLLIN, .revents = 0};
    return poll(&news, 1, static_cast<int>(wait.count())) != 0;
  }

 private:
  bool ReadSome() {
    std::array<char, 4096> bytes{};
    const auto got = recv(socket_, bytes.data(), bytes.size(), 0);
    EXPECT_TRUE(got >= 0 || errno == ECONNRESET) << "read: " << errno;
    if (got > 0) unread_.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string Take(std::size_t bytes) {
    std::string taken = unread_.substr(0, bytes);
    unread_.erase(0, bytes);
    return taken;
  }

  int socket_;
  std::string unread_;
};

// A server on a thread of its own.
class Serving {
 public:
  explicit Serving(Handler handler, Options options = {}) {
    auto opened = HttpServer::Open(std::move(options), std::move(handler));
    EXPECT_TRUE(opened.ok());
    server_ = std::move(opened).value();
    thread_ = std::thread([this] { server_->Run(); });
  }
  ~Serving() {
    server_->Stop();
    thread_.join();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() const { return server_->port(); }

 private:
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// What the handler was asked.
Response Echo(const Request& request) {
  std::string body = request.method + " " + request.path;
  for (const auto& [name, value] : request.query)
    body.append(" ").append(name).append("=").append(value);
  if (!request.body.empty()) body += " body=" + request.body;
  if (!request.Header("accept").empty()) {
    body += " accept=" + std::string(request.Header("accept"));
  }
  return {.content_type = "text/plain", .body = body};
}

std::string Head(const std::string& status, const std::string& type, std::size_t length) {
  return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string Get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

bool StartsWith(const std::string& text, std::string_view start) {
  return std::string_view(text).substr(0, start.size()) == start;
}

TEST(HttpServer, HandlerSeesTheRequest) {
  const Serving serving(Echo);
  RawClient client(serving.port());
  client.Send(
      "POST /stock/a%20b?q=x%2By+z&empty&n=%C3%BC HTTP/1.1\r\nHOST: x\r\naCCept: a/b\r\n"
      "Accept: c/d\r\nContent-Length: 3\r\n\r\nabc");
  const std::string body = "POST /stock/a b empty= n=\xC3\xBC q=x+y z body=abc accept=a/b, c/d";
  EXPECT_EQ(client.ReadResponse(), Head("200 OK", "text/plain", body.size()) + body);
}

TEST(HttpServer, HeadIsGetWithoutTheBody) {
  const Serving serving(Echo);
  RawClient client(serving.port());
  client.Send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + Get("/b"));
  EXPECT_EQ(client.ReadTo("\r\n\r\n"), Head("200 OK", "text/plain", 6));
  EXPECT_EQ(client.ReadResponse(), Head("200 OK", "text/plain", 6) + "GET /b");
}

TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) {
  const Serving serving(Echo);
  RawClient client(serving.port());
  client.Send(Get("/a") + Get("/b") + Get("/c").substr(0, 9));
  EXPECT_TRUE(client.ReadResponse().ends_with("GET /a"));
  EXPECT_TRUE(client.ReadResponse().ends_with("GET /b"));
  client.Send(Get("/c").substr(9));
  EXPECT_TRUE(client.ReadResponse().ends_with("GET /c"));
}

TEST(HttpServer, ConnectionEndsWhenTheClientWantsIt) {
  const Serving serving(Echo);
  RawClient client(serving.port());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string response = client.ReadToEnd();
  EXPECT_NE(response.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(response.ends_with("GET /"));
  RawClient old(serving.port());
  old.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(StartsWith(old.ReadToEnd(), "HTTP/1.0 200 OK\r\n"));
}

TEST(HttpServer, StatusAndHeadersOfTheResponseAreSent) {
  const Serving serving([](const Request&) {
    return Response{.status = 204, .body = "not sent", .headers = {{"ETag", "\"7\""}}};
  });
  RawClient client(serving.port());
  client.Send(Get("/"));
  EXPECT_EQ(client.ReadResponse(), "HTTP/1.1 204 No Content\r\nETag: \"7\"\r\n\r\n");
}

TEST(HttpServer, ClientThatWaitsForContinueIsToldTo) {
  const Serving serving(Echo);
  RawClient client(serving.port());
  client.Send("PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadTo("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_TRUE(client.ReadResponse().ends_with("PUT /a body=ok"));
}

TEST(HttpServer, BadRequestsAreProblems) {
  const Serving serving(Echo, {.header_bytes_max = 1024, .body_bytes_max = 1024});
  struct Case {
    std::string request;
    std::string status;
    std::string detail;
  };
  const std::string host = " HTTP/1.1\r\nHost: x\r\n";
  const std::vector<Case> cases{
      {"\x16\x03\x01\x02\r\n\r\n", "400 Bad Request", "cannot read the request: bad method"},
      {"GET / HTTP/2.0\r\n\r\n", "400 Bad Request", "cannot read the request: bad version"},
      {"GET /\r\n\r\n", "400 Bad Request", "cannot read the request: bad target"},
      {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request", R"(request has no header \"Host\")"},
      {"GET x" + host + "\r\n", "400 Bad Request",
       R"(cannot read target: it does not begin with \"/\")"},
      {"GET /%4" + host + "\r\n", "400 Bad Request",
       "cannot read target: path is no percent-encoded text"},
      {"GET /?a=1&a=2" + host + "\r\n", "400 Bad Request",
       R"(cannot read target: query has twice the parameter \"a\")"},
      {"GET /" + std::string(1024, 'x'), "431 ",
       "the request line and headers are longer than 1024 bytes"},
      {"GET /" + host + "X: " + std::string(1024, 'x'), "431 ",
       "the request line and headers are longer than 1024 bytes"},
      {"PUT /" + host + "Content-Length: 1025\r\n\r\n", "413 ",
       "the body is longer than 1024 bytes"},
      {"PUT /" + host + "Transfer-Encoding: chunked\r\n\r\n401\r\n" + std::string(1025, 'x'),
       "413 ", "the body is longer than 1024 bytes"},
      {"PUT /" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "400 Bad Request", "cannot read the request: bad Transfer-Encoding"},
      {"PUT /" + host + "Content-Length: -1\r\n\r\n", "400 Bad Request",
       "cannot read the request: bad Content-Length"},
  };
  for (const Case& c : cases) {
    RawClient client(serving.port());
    client.Send(c.request);
    const std::string response = client.ReadResponse();
    EXPECT_TRUE(StartsWith(response, "HTTP/1.1 " + c.status)) << c.request << "\n" << response;
    EXPECT_NE(response.find("Content-Type: application/problem+json\r\n"), std::string::npos);
    EXPECT_TRUE(response.ends_with(R"(,"detail":")" + c.detail + "\"}")) << response;
  }
}

TEST(HttpServer, ProblemHasTheMembersOfTheRfc) {
  EXPECT_EQ(Problem(404, "no item \"a\"").body,
            R"({"type":"about:blank","title":"Not Found","status":404,)"
            R"("detail":"no item \"a\""})");
}

TEST(HttpServer, BodyOfTheLimitIsTaken) {
  const Serving serving(Echo, {.body_bytes_max = 1024});
  RawClient client(serving.port());
  client.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1024\r\n\r\n" + std::string(1024, 'x'));
  EXPECT_TRUE(client.ReadResponse().ends_with(" body=" + std::string(1024, 'x')));
}

TEST(HttpServer, FailureOfTheHandlerIsAProblem) {
  const Serving serving([](const Request& request) -> Response {
    if (request.path == "/throw") throw std::runtime_error("no luck");
    if (request.path == "/odd") throw 7;
    if (request.path == "/status") return {.status = 42};
    if (request.path == "/split") return {.headers = {{"ETag", "1\r\nSet-Cookie: x"}}};
    if (request.path == "/frame") return {.headers = {{"content-LENGTH", "1"}}};
    return {.body = "fine"};
  });
  RawClient client(serving.port());
  for (const std::string path : {"/throw", "/odd", "/status", "/split", "/frame"}) {
    client.Send(Get(path));
    const std::string response = client.ReadResponse();
    EXPECT_TRUE(StartsWith(response, "HTTP/1.1 500 ")) << path << "\n" << response;
    EXPECT_EQ(path == "/throw", response.find("no luck") != std::string::npos);
  }
  client.Send(Get("/"));
  EXPECT_TRUE(client.ReadResponse().ends_with("fine"));
}

TEST(HttpServer, DripIsCutAtTheDeadlineOfTheRequest) {
  const Serving serving(
      Echo, {.idle_timeout = Duration::Seconds(60), .request_timeout = Duration::Micros(100'000)});
  RawClient client(serving.port());
  client.Send("GET / HTTP/1.1\r\nHost: ");
  ASSERT_TRUE(testing::Comes([&] {  // no byte is late, but the whole is
    if (client.HasNews(std::chrono::milliseconds(5))) return true;
    client.Send("x");
    return false;
  }));
  EXPECT_EQ(client.ReadToEnd(), "");
  RawClient body(serving.port());
  body.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1");
  EXPECT_EQ(body.ReadToEnd(), "");
}

TEST(HttpServer, IdleConnectionIsClosed) {
  const Serving serving(Echo, {.idle_timeout = Duration::Micros(50'000)});
  EXPECT_TRUE(testing::Comes([&] {  // a client that was slow itself is cut before its request
    RawClient client(serving.port());
    client.Send(Get("/a"));
    return client.ReadToEnd().ends_with("GET /a");
  }));
}

TEST(HttpServer, ClientThatDoesNotReadIsCut) {
  const Serving serving(
      [](const Request&) {
        return Response{.next_chunk = [](std::string& chunk) {
          chunk.assign(1 << 20, 'x');
          return true;
        }};
      },
      {.connections_max = 1, .request_timeout = Duration::Micros(100'000)});
  const RawClient deaf(serving.port());
  deaf.Send(Get("/"));
  EXPECT_TRUE(testing::Comes([&] {  // the one connection becomes free
    RawClient other(serving.port());
    other.Send(Get("/"));
    return StartsWith(other.ReadTo("\r\n\r\n"), "HTTP/1.1 200 ");
  }));
}

TEST(HttpServer, ConnectionsBeyondTheLimitAreRefused) {
  const Serving serving(Echo, {.connections_max = 2});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(std::make_unique<RawClient>(serving.port()));
    clients.back()->Send(Get("/a"));
    EXPECT_TRUE(clients.back()->ReadResponse().ends_with("GET /a"));
  }
  RawClient third(serving.port());
  third.Send(Get("/a"));
  const std::string response = third.ReadToEnd();
  EXPECT_TRUE(StartsWith(response, "HTTP/1.1 503 Service Unavailable\r\n")) << response;
  EXPECT_TRUE(response.ends_with(R"("detail":"there are too many connections"})"));
  clients[0]->Send(Get("/b"));
  EXPECT_TRUE(clients[0]->ReadResponse().ends_with("GET /b"));
}

// Chunks "one", then nothing for a while, then "two"; "/broken" throws after the first.
Response Stream(const Request& request) {
  return {
      .content_type = "text/plain",
      .next_chunk = [count = 0, broken = request.path == "/broken"](std::string& chunk) mutable {
        ++count;
        if (count == 1) chunk = "one";
        if (count == 2 && broken) throw std::runtime_error("broken");
        if (count == 3) chunk = "two";
        return count < 4;
      }};
}

TEST(HttpServer, BodyIsStreamedInChunks) {
  const Serving serving(Stream, {.chunk_pause = Duration::Micros(1000)});
  RawClient client(serving.port());
  client.Send(Get("/") + "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + Get("/broken"));
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.ReadTo("0\r\n\r\n"), head + "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  EXPECT_EQ(client.ReadTo("\r\n\r\n"), head);
  EXPECT_EQ(client.ReadToEnd(), head + "3\r\none\r\n");
}

TEST(HttpServer, OldClientGetsTheStreamUpToTheEndOfTheConnection) {
  const Serving serving(Stream, {.chunk_pause = Duration::Micros(1000)});
  RawClient client(serving.port());
  client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.ReadToEnd(), "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nonetwo");
}

TEST(HttpServer, StopEndsRun) {
  auto server = HttpServer::Open(
      {}, [](const Request&) { return Response{.next_chunk = [](std::string&) { return true; }}; });
  ASSERT_TRUE(server.ok());
  std::thread thread([&] { server.value()->Run(); });
  RawClient idle(server.value()->port());
  RawClient client(server.value()->port());
  client.Send(Get("/"));
  client.ReadTo("\r\n\r\n");  // in the middle of a stream
  server.value()->Stop();
  thread.join();
  const std::uint16_t port = server.value()->port();
  server.value().reset();
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_TRUE(HttpServer::Open({.port = port}, Echo).ok()) << "the port is free again";
}

TEST(HttpServer, StopBeforeRunAndFromTheHandler) {
  auto server = HttpServer::Open({}, Echo);
  ASSERT_TRUE(server.ok());
  server.value()->Stop();
  server.value()->Run();

  HttpServer* self = nullptr;
  auto other = HttpServer::Open({}, [&](const Request& request) {
    self->Stop();
    return Echo(request);
  });
  ASSERT_TRUE(other.ok());
  self = other.value().get();
  const RawClient client(self->port());
  client.Send(Get("/"));
  self->Run();
}

// A probe of health must not wait behind a backup.
TEST(HttpServer, WhatIsQuickIsAnsweredWhileAllWorkersAreBusy) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::promise<void> begun;
  auto server = HttpServer::Open(
      {.workers = 1},
      [&](const Request& request) {
        begun.set_value();
        released.wait();
        return Echo(request);
      },
      [](const Request& request) {
        return request.path == "/health" ? std::optional(Echo(request)) : std::nullopt;
      });
  ASSERT_TRUE(server.ok());
  std::thread thread([&] { server.value()->Run(); });
  RawClient slow(server.value()->port());
  slow.Send(Get("/backup"));
  EXPECT_EQ(begun.get_future().wait_for(testing::kPatience), std::future_status::ready);
  RawClient probe(server.value()->port());
  probe.Send(Get("/health"));
  EXPECT_TRUE(probe.ReadResponse().ends_with("GET /health"));
  release.set_value();
  EXPECT_TRUE(slow.ReadResponse().ends_with("GET /backup"));
  server.value()->Stop();
  thread.join();
}

// Each waits for the other: one thread could answer neither.
TEST(HttpServer, HandlersOfSeveralConnectionsRunAtOnce) {
  std::atomic<int> together = 0;
  const Serving serving([&](const Request& request) {
    ++together;
    EXPECT_TRUE(testing::Comes([&] { return together == 2; }));
    return Echo(request);
  });
  RawClient a(serving.port());
  RawClient b(serving.port());
  a.Send(Get("/a"));
  b.Send(Get("/b"));
  EXPECT_TRUE(a.ReadResponse().ends_with("GET /a"));
  EXPECT_TRUE(b.ReadResponse().ends_with("GET /b"));
}

TEST(HttpServer, RunWaitsForHandlersWhenItIsStopped) {
  std::promise<void> begun;
  std::promise<void> release;
  std::atomic<bool> handled = false;
  auto server = HttpServer::Open({}, [&](const Request& request) {
    begun.set_value();
    release.get_future().wait();
    handled = true;
    return Echo(request);
  });
  ASSERT_TRUE(server.ok());
  std::atomic<bool> ended = false;
  std::thread thread([&] {
    server.value()->Run();
    EXPECT_TRUE(handled);
    ended = true;
  });
  RawClient client(server.value()->port());
  client.Send(Get("/"));
  EXPECT_EQ(begun.get_future().wait_for(testing::kPatience), std::future_status::ready);
  server.value()->Stop();
  EXPECT_FALSE(ended);
  release.set_value();
  thread.join();
}

TEST(HttpServer, ManyClientsAtATime) {
  const Serving serving(Echo);
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const std::string path = "/" + std::to_string(t);
      for (int i = 0; i < 25; ++i) {
        RawClient client(serving.port());
        client.Send(Get(path));
        EXPECT_TRUE(client.ReadResponse().ends_with("GET " + path));
      }
    });
  }
}

}  // namespace
}  // namespace stockwatch::http_server
