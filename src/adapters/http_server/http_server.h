#pragma once

#include <cstdint>
#include <memory>

#include "adapters/http_server/message.h"
#include "adapters/http_server/options.h"
#include "base/result.h"

namespace stockwatch::http_server {

// HTTP/1.1 with connections that stay open, pipelined requests and chunked answers; HTTP/1.0 too.
// What it answers by itself is a problem (RFC 9457): 400, 413, 431, 500, 503. A client that is too
// slow is cut off.
class HttpServer {
 public:
  // Listens when it returns; clients wait until Run(). Errors: the first of Validate();
  // kFailedPrecondition where the address cannot be had.
  static base::Result<std::unique_ptr<HttpServer>> Open(Options options, Handler handler,
                                                        Quick quick = nullptr);

  // Cuts off the connections that are still there. REQUIRES: no thread is in Run()
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

  // Serves on the caller's thread and the workers until Stop(); when it returns no handler runs any
  // more. To be called once.
  void Run();
  // From any thread and from the handler, also before Run(), and for good. Answers that are not
  // whole by then break off.
  void Stop();

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::http_server
