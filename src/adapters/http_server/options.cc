#include "adapters/http_server/options.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace stockwatch::http_server {
namespace {

enum class Reach { kNone, kThisHost, kOtherHosts };

Reach ReachOf(const std::string& address) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET ? Reach::kThisHost : Reach::kOtherHosts;
  }
  if (inet_pton(AF_INET6, address.c_str(), &v6) == 1) {
    const in6_addr loopback = IN6ADDR_LOOPBACK_INIT;
    return IN6_ARE_ADDR_EQUAL(&v6, &loopback) ? Reach::kThisHost : Reach::kOtherHosts;
  }
  return Reach::kNone;
}

}  // namespace

std::vector<base::Error> Options::Validate() const {
  std::vector<base::Error> errors;
  const auto check = [&](bool good, const std::string& message) {
    if (!good) errors.push_back({base::Code::kInvalidArgument, message});
  };
  const Reach reach = ReachOf(address);
  check(reach != Reach::kNone, "http.address: is no IP address: \"" + address + "\"");
  if (reach == Reach::kOtherHosts) {
    errors.push_back({base::Code::kUnimplemented,
                      "http.address: other hosts would need TLS, and keys for reading too, which "
                      "are not in this version; take 127.0.0.1 in place of " +
                          address});
  }
  check(header_bytes_max >= 1024 && header_bytes_max <= 1024 * 1024,
        "http.header_bytes_max: " + std::to_string(header_bytes_max) +
            " is not between 1024 and 1048576");
  check(body_bytes_max >= 1024 && body_bytes_max <= 1024 * 1024 * 1024,
        "http.body_bytes_max: " + std::to_string(body_bytes_max) +
            " is not between 1024 and 1073741824");
  check(connections_max >= 1 && connections_max <= 10'000,
        "http.connections_max: " + std::to_string(connections_max) + " is not between 1 and 10000");
  check(workers >= 1 && workers <= 64,
        "http.workers: " + std::to_string(workers) + " is not between 1 and 64");
  const auto check_time = [&](base::Duration time, const std::string& name) {
    check(time >= base::Duration::Micros(1000) && time <= base::Duration::Hours(1),
          "http." + name + ": " + base::FormatDuration(time) + " is not between 1ms and 1h");
  };
  check_time(idle_timeout, "idle_timeout");
  check_time(request_timeout, "request_timeout");
  check_time(chunk_pause, "chunk_pause");
  return errors;
}

}  // namespace stockwatch::http_server
