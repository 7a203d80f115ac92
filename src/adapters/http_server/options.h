#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/instant.h"

namespace stockwatch::http_server {

struct Options {
  std::string address = "127.0.0.1";  // an IP address of this host alone
  std::uint16_t port = 0;             // 0: any that is free
  // A connection holds at most these two and 64 KiB, and an answer.
  std::uint32_t header_bytes_max = 16 * 1024;  // request line and headers
  std::uint32_t body_bytes_max = 1024 * 1024;  // of a request
  std::uint32_t connections_max = 256;         // one more is told 503 and closed
  std::uint32_t workers = 8;                   // threads on which the handler runs
  // Between two requests on one connection.
  base::Duration idle_timeout = base::Duration::Seconds(60);
  // From the first byte of a request to its last; and for each chunk of an answer, or a whole one
  // that has no chunks, to be taken.
  base::Duration request_timeout = base::Duration::Seconds(10);
  base::Duration chunk_pause = base::Duration::Micros(100'000);  // behind an empty chunk

  // Every mistake. kUnimplemented: an address that other hosts reach, which would need TLS and
  // keys.
  std::vector<base::Error> Validate() const;
};

}  // namespace stockwatch::http_server
