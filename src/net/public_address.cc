#include "net/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace stockwatch::net {
namespace {

struct Block4 {
  std::uint32_t address;
  int bits;
};
constexpr std::uint32_t Quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
constexpr std::array kSpecial4{
    Block4{Quad(0, 0, 0, 0), 8},        // this network
    Block4{Quad(10, 0, 0, 0), 8},       // private
    Block4{Quad(100, 64, 0, 0), 10},    // shared
    Block4{Quad(127, 0, 0, 0), 8},      // loopback
    Block4{Quad(169, 254, 0, 0), 16},   // link-local, and metadata
    Block4{Quad(172, 16, 0, 0), 12},    // private
    Block4{Quad(192, 0, 0, 0), 24},     // protocol assignments
    Block4{Quad(192, 0, 2, 0), 24},     // documentation
    Block4{Quad(192, 88, 99, 0), 24},   // relays of 6to4
    Block4{Quad(192, 168, 0, 0), 16},   // private
    Block4{Quad(198, 18, 0, 0), 15},    // benchmarks
    Block4{Quad(198, 51, 100, 0), 24},  // documentation
    Block4{Quad(203, 0, 113, 0), 24},   // documentation
    Block4{Quad(224, 0, 0, 0), 3},      // multicast, reserved, broadcast
};

bool IsPublic4(std::uint32_t address) {
  return std::none_of(kSpecial4.begin(), kSpecial4.end(), [&](const Block4& block) {
    return (address ^ block.address) >> (32 - block.bits) == 0;
  });
}

using Bytes16 = std::array<std::uint8_t, 16>;

std::uint32_t Word(const Bytes16& bytes, std::size_t at) {
  return Quad(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool IsPublic6(const Bytes16& a) {
  const auto zeros = [&](std::size_t from, std::size_t to) {
    return std::all_of(a.begin() + static_cast<std::ptrdiff_t>(from),
                       a.begin() + static_cast<std::ptrdiff_t>(to),
                       [](std::uint8_t byte) { return byte == 0; });
  };
  const std::uint32_t first = Word(a, 0);
  // ::ffff:0:0/96 maps IPv4, 64:ff9b::/96 translates to it, 2002::/16 has it behind the prefix.
  if (zeros(0, 10) && a[10] == 0xFF && a[11] == 0xFF) return IsPublic4(Word(a, 12));
  if (first == 0x0064FF9B && zeros(4, 12)) return IsPublic4(Word(a, 12));
  if (first >> 16 == 0x2002) return IsPublic4(Word(a, 2));
  if (first >> 29 != 1) return false;     // 2000::/3 alone is given out
  if (first == 0x20010DB8) return false;  // documentation
  return first >> 9 != 0x20010000 >> 9;   // 2001::/23: tunnels and other assignments
}

}  // namespace

bool IsPublic(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return IsPublic4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  Bytes16 bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return IsPublic6(bytes);
}

std::string ShowAddress(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  return text[0] == '\0' ? "no internet address" : text;
}

}  // namespace stockwatch::net
