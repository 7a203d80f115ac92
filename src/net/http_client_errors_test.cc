#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/http_server/http_server.h"
#include "net/http_client.h"

namespace stockwatch::net {
namespace {

using base::Code;
using base::Duration;
using http_server::HttpServer;

TEST(HttpClientErrors, NobodyListens) {
  auto server = HttpServer::Open({}, [](const auto&) { return http_server::Response(); });
  ASSERT_TRUE(server.ok());
  const std::string origin = "http://127.0.0.1:" + std::to_string(server.value()->port());
  server.value().reset();
  const auto answer = Send({.url = origin + "/secret"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ(answer.error().message, "cannot reach " + origin + ": connection refused");
}

TEST(HttpClientErrors, WhatCannotBeSentIsRefused) {
  struct Case {
    HttpRequest request;
    std::string message;
  };
  const std::vector<Case> cases{
      {{.url = ""}, "cannot read URL: \"\""},
      {{.url = "http://"}, "cannot read URL: \"http://\""},
      {{.url = "127.0.0.1/x"}, "cannot read URL: \"127.0.0.1/x\""},
      {{.url = "http://a:b/"}, "cannot read URL: \"http://a:b/\""},
      {{.url = "http://me:secret@h:b/"}, "cannot read URL: not shown, it may hold a secret"},
      {{.url = "file:///etc/hosts"}, "a URL begins with http:// or https://, not file"},
      {{.url = "http://me:secret@h/"}, "a URL may not hold a user or a password: h"},
      {{.method = "get", .url = "http://h"}, "no HTTP method: \"get\""},
      {{.url = "http://h", .content_type = "a\r\nX: y"}, "content type with a control character"},
      {{.url = "http://h", .timeout = Duration()}, "timeout below 1 ms"},
  };
  for (const Case& c : cases) {
    const auto answer = Send(c.request);
    ASSERT_FALSE(answer.ok()) << c.message;
    EXPECT_EQ(answer.error().code, Code::kInvalidArgument);
    EXPECT_EQ(answer.error().message, c.message);
  }
}

}  // namespace
}  // namespace stockwatch::net
