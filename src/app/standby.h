#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "adapters/http_server/http_server.h"
#include "app/health.h"
#include "app/log.h"
#include "base/result.h"

namespace stockwatch::app {

// A second engine of one store while it waits for the first to end: alive, not ready, and saying so
// at the address that will be the engine's. Serves on a thread of its own until it is destroyed.
class Standby {
 public:
  // `log` must outlive it. Errors: those of HttpServer::Open.
  static base::Result<std::unique_ptr<Standby>> Open(http_server::Options options, Log& log);
  ~Standby();
  Standby(const Standby&) = delete;
  Standby& operator=(const Standby&) = delete;

  std::uint16_t port() const { return server_->port(); }

  // Who has the store; logged when it is somebody else than the last time.
  void WaitFor(const std::string& holder);

 private:
  explicit Standby(Log& log) : log_(log) {}
  http_server::Response Answer(const http_server::Request& request) const;

  Log& log_;
  Health health_;
  std::string holder_;
  std::unique_ptr<http_server::HttpServer> server_;
  std::jthread serving_;
};

}  // namespace stockwatch::app
