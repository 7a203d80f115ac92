#include "adapters/http_server/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/http_server/http_server.h"

namespace stockwatch::http_server {
namespace {

TEST(HttpServerOptions, OnlyThisHostIsServed) {
  for (const std::string address : {"127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(Options{.address = address}.Validate().empty()) << address;
  }
  for (const std::string address :
       {"0.0.0.0", "::", "192.168.0.7", "::ffff:127.0.0.1", "fe80::1"}) {
    const auto errors = Options{.address = address}.Validate();
    ASSERT_EQ(errors.size(), 1U) << address;
    EXPECT_EQ(errors[0].code, base::Code::kUnimplemented);
    EXPECT_EQ(errors[0].message,
              "http.address: other hosts would need TLS, and keys for reading too, which are not "
              "in this version; "
              "take 127.0.0.1 in place of " +
                  address);
  }
  for (const std::string address : {"localhost", "", "127.0.0.1:80", "127.1"}) {
    const auto errors = Options{.address = address}.Validate();
    ASSERT_EQ(errors.size(), 1U) << address;
    EXPECT_EQ(errors[0].message, "http.address: is no IP address: \"" + address + "\"");
  }
}

TEST(HttpServerOptions, EachMistakeIsNamed) {
  const Options wrong{.header_bytes_max = 1023,
                      .body_bytes_max = 0,
                      .connections_max = 0,
                      .idle_timeout = base::Duration(),
                      .request_timeout = base::Duration::Hours(2),
                      .chunk_pause = base::Duration()};
  const auto errors = wrong.Validate();
  ASSERT_EQ(errors.size(), 6U);
  EXPECT_EQ(errors[0].message, "http.header_bytes_max: 1023 is not between 1024 and 1048576");
}

TEST(HttpServerOptions, OpenRefusesWhatCannotBe) {
  const Handler handler = [](const Request&) { return Response(); };
  const auto foreign = HttpServer::Open({.address = "0.0.0.0"}, handler);
  ASSERT_FALSE(foreign.ok());
  EXPECT_EQ(foreign.error().code, base::Code::kUnimplemented);

  const auto first = HttpServer::Open({}, handler);
  ASSERT_TRUE(first.ok());
  const std::uint16_t port = first.value()->port();
  EXPECT_NE(port, 0);
  const auto second = HttpServer::Open({.port = port}, handler);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, base::Code::kFailedPrecondition);
  EXPECT_EQ(second.error().message,
            "cannot listen at 127.0.0.1 port " + std::to_string(port) +
                ": Address already in use; take another port with --port, 0 for any that is free");
}

}  // namespace
}  // namespace stockwatch::http_server
