#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/http_server/message.h"
#include "adapters/rocksdb_store/rocksdb_store.h"
#include "base/instant.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "config/settings.h"
#include "flow/pipeline.h"

namespace stockwatch::api {

// What can be wanted of a source that can be talked to.
struct SourceControl {
  std::function<void(base::JsonWriter& json)> describe;  // writes one value
  std::function<void()> pause;
  std::function<void()> go_on;
  // Of all; of what of the inventory the filter lets through, an object of a request's body.
  // kInvalidArgument: it cannot be a filter; kFailedPrecondition: not now.
  std::function<base::Status(const event::RawDocument& body, std::optional<std::uint32_t> filter)>
      snapshot;
  // Behind a token (the text of its `_data`), or at a moment. kInvalidArgument: neither or both.
  std::function<base::Status(const std::string& token, std::optional<base::Instant> at)> seek;
};

// The engine as handlers see it, between two steps: all that they read is of one batch.
struct Engine {
  flow::Pipeline& pipeline;
  rocksdb_store::RocksdbStore& store;
  std::string folder;                                // of the store
  std::function<void(ports::RawInput&)> parse_line;  // of a dead letter that is taken again
  config::ApiOptions options;
  std::string source_id;
  std::optional<SourceControl> source;  // nullopt: there is nothing to want of it

  const flow::State& state() const { return pipeline.state(); }
  flow::State& state() { return pipeline.state(); }
};

// A request that found its route.
struct Call {
  const http_server::Request& request;
  std::vector<std::string> named;  // what stands in place of the pattern's {names}, in their order
  flow::Actor actor;               // of what changes something

  // Of the query; nullptr: not given.
  const std::string* Parameter(std::string_view name) const {
    const auto found = request.query.find(name);
    return found == request.query.end() ? nullptr : &found->second;
  }
};

// An error becomes the problem that its code asks for (StatusOf).
using Handler = base::Result<http_server::Response> (*)(Engine& engine, const Call& call);

// Where a handler runs: most at the desk, between two steps of the engine. What takes long and
// needs nothing of the engine's state runs beside it, on the server's worker.
enum class Where : std::uint8_t { kAtDesk, kBeside };

struct Route {
  std::string_view method;
  std::string_view pattern;                  // "/api/v1/stock/{warehouse}/{sku}"
  std::vector<std::string_view> parameters;  // of the query; any other is refused by name
  Handler handler;
  Where where = Where::kAtDesk;
};

// The one table of what the API answers.
class Router {
 public:
  explicit Router(std::vector<Route> routes);

  struct Found {
    const Route* route;
    std::vector<std::string> named;
  };
  // Or the problem: 404, 405 with what is allowed, 400 for a parameter that the route does not
  // know.
  std::variant<Found, http_server::Response> Find(const http_server::Request& request) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Pattern {
    std::vector<std::string_view> segments;
  };

  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;  // by route
};

// Every route, resource by resource.
std::vector<Route> AllRoutes();

// What a code means to a client.
int StatusOf(base::Code code);
http_server::Response Failed(const base::Error& error, const http_server::Request& request);

// Runs the route's handler. A good answer to GET from the desk has the ETag of its batch, and is
// 304 for a client that has it.
http_server::Response Run(Engine& engine, const Route& route, const Call& call);

}  // namespace stockwatch::api
