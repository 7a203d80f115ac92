#include "net/public_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

#include "net/http_client.h"

namespace stockwatch::net {
namespace {

bool IsPublicText(const char* text) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
    std::memcpy(&storage, &v6, sizeof v6);
  }
  const auto* whole = reinterpret_cast<const sockaddr*>(&storage);
  EXPECT_EQ(ShowAddress(*whole), text);
  return IsPublic(*whole);
}

// Entries of the special-purpose registries, RFC 6890, at both ends of their blocks.
TEST(PublicAddress, IsNoSpecialOne) {
  for (const char* text : {"0.0.0.0",
                           "0.255.255.255",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.7",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.1.2.3",
                           "64:ff9b::a9fe:a9fe",
                           "2002:7f00:1::",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "100::1"}) {
    EXPECT_FALSE(IsPublicText(text)) << text;
  }
}

TEST(PublicAddress, IsAnyOther) {
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
        "128.0.0.1", "169.253.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255", "198.17.0.1",
        "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450::1",
        "2001:4860:4860::8888"}) {
    EXPECT_TRUE(IsPublicText(text)) << text;
  }
}

TEST(PublicAddress, NoOtherIsConnectedTo) {
  for (const char* url :
       {"http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/",
        "http://169.254.169.254/latest", "http://0x7f000001:9/", "http://[::ffff:127.0.0.1]:9/"}) {
    HttpRequest request;
    request.url = url;
    request.addresses = Addresses::kPublic;
    request.timeout = base::Duration::Seconds(60);
    const auto answer = Send(request);
    ASSERT_FALSE(answer.ok()) << url;
    EXPECT_EQ(answer.error().code, base::Code::kFailedPrecondition) << answer.error().message;
    EXPECT_NE(answer.error().message.find("is not one of the internet"), std::string::npos);
  }
}

}  // namespace
}  // namespace stockwatch::net
