#include "net/http_client.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http_server/http_server.h"

namespace stockwatch::net {
namespace {

using base::Code;
using base::Duration;
using http_server::HttpServer;
using http_server::Request;
using http_server::Response;

Response Answer(const Request& request) {
  if (request.path == "/echo") {
    return {.status = 201,
            .content_type = "text/plain",
            .body = request.method + "|" + std::string(request.Header("content-type")) + "|" +
                    std::string(request.Header("expect")) + "|" + request.body};
  }
  if (request.path == "/moved") return {.status = 307, .headers = {{"Location", "/echo"}}};
  if (request.path == "/long") return {.body = std::string(100'000, 'x')};
  if (request.path == "/chunks" || request.path == "/broken") {
    return {
        .next_chunk = [left = 3, broken = request.path == "/broken"](std::string& chunk) mutable {
          chunk = "line " + std::to_string(left) + "\n";
          if (broken && left == 1) throw std::runtime_error("broken");
          return left-- > 0;
        }};
  }
  if (request.path == "/silent") return {.next_chunk = [](std::string&) { return true; }};
  return http_server::Problem(404, "nothing here");
}

class HttpClient : public testing::Test {
 protected:
  HttpClient()
      : server_(HttpServer::Open({}, Answer)), thread_([this] { server_.value()->Run(); }) {}
  void TearDown() override {
    server_.value()->Stop();
    thread_.join();
  }

  std::string Origin() const {
    return "http://127.0.0.1:" + std::to_string(server_.value()->port());
  }

 private:
  base::Result<std::unique_ptr<HttpServer>> server_;
  std::thread thread_;
};

TEST_F(HttpClient, AnswerHasStatusTypeAndBody) {
  const auto answer = Send({.url = Origin() + "/nothing"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().status, 404);
  EXPECT_EQ(answer.value().content_type, "application/problem+json");
  EXPECT_EQ(answer.value().body, http_server::Problem(404, "nothing here").body);
}

TEST_F(HttpClient, MethodAndBodyAreSent) {
  struct Case {
    HttpRequest request;
    std::string body;
  };
  const std::vector<Case> cases{
      {{.method = "GET"}, "GET|||"},
      {{.method = "DELETE"}, "DELETE|||"},
      {{.method = "POST"}, "POST|||"},
      {{.method = "PUT", .body = std::string("a\0b", 3), .content_type = "text/x"},
       "PUT|text/x||" + std::string("a\0b", 3)},
      {{.method = "PATCH", .body = std::string(1'000'000, 'x')},
       "PATCH|||" + std::string(1'000'000, 'x')},
      {{.method = "HEAD"}, ""},
  };
  for (Case c : cases) {
    c.request.url = Origin() + "/echo";
    const auto answer = Send(c.request);
    ASSERT_TRUE(answer.ok()) << c.request.method << answer.error().message;
    EXPECT_EQ(answer.value().status, 201);
    EXPECT_EQ(answer.value().body, c.body) << c.request.method;
  }
}

TEST_F(HttpClient, RedirectIsAnAnswer) {
  const auto answer = Send({.url = Origin() + "/moved"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().status, 307);
}

TEST_F(HttpClient, ProxyOfTheEnvironmentIsNotForLoopback) {
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
  const auto answer = Send({.url = Origin() + "/echo"});
  unsetenv("http_proxy");
  EXPECT_TRUE(answer.ok());
}

TEST_F(HttpClient, BodyGoesToTheSink) {
  std::string body;
  const auto answer = Send({.url = Origin() + "/chunks"}, [&](std::string_view piece) {
    body += piece;
    return base::Status();
  });
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(body, "line 3\nline 2\nline 1\n");
  EXPECT_EQ(answer.value().body, "");
}

TEST_F(HttpClient, BodyOfABadStatusGoesIntoTheAnswer) {
  const auto answer = Send({.url = Origin() + "/nothing"}, [](std::string_view) -> base::Status {
    ADD_FAILURE() << "no piece was wanted";
    return {};
  });
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().status, 404);
  EXPECT_EQ(answer.value().body, http_server::Problem(404, "nothing here").body);
}

TEST_F(HttpClient, ErrorOfTheSinkEndsTheExchange) {
  const auto answer = Send({.url = Origin() + "/chunks"}, [](std::string_view) -> base::Status {
    return base::Error{Code::kDataLoss, "bad line"};
  });
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kDataLoss);
  EXPECT_EQ(answer.error().message, "bad line");
  const auto throwing = [](std::string_view) -> base::Status { throw std::runtime_error("x"); };
  EXPECT_THROW((void)Send({.url = Origin() + "/chunks"}, throwing), std::runtime_error);
}

TEST_F(HttpClient, AnswerBeyondTheLimitIsAnError) {
  EXPECT_TRUE(Send({.url = Origin() + "/long", .response_bytes_max = 100'000}).ok());
  const auto answer = Send({.url = Origin() + "/long", .response_bytes_max = 99'999});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kResourceExhausted);
  EXPECT_EQ(answer.error().message, "the answer is longer than 99999 bytes");
}

TEST_F(HttpClient, AnswerThatBreaksOffIsAnError) {
  const auto answer = Send({.url = Origin() + "/broken"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ(answer.error().message, "cannot reach " + Origin() + ": the connection broke off");
}

TEST_F(HttpClient, AnswerThatDoesNotEndIsAnError) {
  const auto answer = Send({.url = Origin() + "/silent", .timeout = Duration::Micros(100'000)});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ(answer.error().message, "cannot reach " + Origin() + ": no whole answer within 100ms");
}

}  // namespace
}  // namespace stockwatch::net
