#pragma once

#include <string>

struct sockaddr;

namespace stockwatch::net {

// Whether an address is one of the internet: not loopback, private, link-local (where clouds serve
// their metadata), shared, multicast, reserved or for documentation, also where an IPv6 address
// stands for such an IPv4 one. By the special-purpose registries of RFC 6890. Other families are
// not.
bool IsPublic(const sockaddr& address);
std::string ShowAddress(const sockaddr& address);

}  // namespace stockwatch::net
