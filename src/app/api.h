#pragma once

#include <functional>

#include "adapters/http_server/message.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "app/desk.h"
#include "app/health.h"
#include "flow/canonical.h"
#include "flow/pipeline.h"

namespace stockwatch::app {

// What a running engine answers by HTTP: its health, and what the commands with --server ask. All
// that touches the engine is done at the desk, so each answer is of one batch boundary.
// docs/formats.md, API.
class Api {
 public:
  struct Parts {
    Desk& desk;
    Health& health;
    flow::Pipeline& pipeline;
    rocksdb_store::RocksdbStore& store;
    std::string folder;                                // of the store
    std::function<void(ports::RawInput&)> parse_line;  // of a dead letter that is taken again
  };
  explicit Api(Parts parts) : parts_(std::move(parts)) {}

  // On the server's thread.
  http_server::Response Answer(const http_server::Request& request);

 private:
  using Response = http_server::Response;
  using Request = http_server::Request;

  // Does it between two steps; 503 where the engine is busy for too long, or gone.
  Response AtDesk(const std::function<Response()>& work);
  Response Get(const Request& request);
  Response Change(const Request& request);
  Response Lines(const std::function<base::Status(const flow::LineSink&)>& write);
  Response History(const Request& request);
  Response Backup(const Request& request);
  Response Verify();
  Response Retry(std::string_view id);
  Response Drop(std::string_view id);

  Parts parts_;
};

}  // namespace stockwatch::app
