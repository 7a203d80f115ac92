#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "adapters/file_source/file_source.h"
#include "adapters/http_server/options.h"
#include "adapters/mongo_source/options.h"
#include "adapters/rocksdb_store/options.h"
#include "adapters/shop_source/shop_source.h"
#include "app/keys.h"
#include "app/log.h"
#include "base/result.h"
#include "config/settings.h"
#include "domain/decode/options.h"
#include "domain/decode/protection.h"
#include "flow/options.h"
#include "ports/notifier.h"
#include "shop/options.h"

namespace stockwatch::app {

struct LiveOptions {
  shop_source::Pace pace;  // of a generated shop
  std::variant<file_source::Options, shop::Options, mongo_source::Options> source;
  rocksdb_store::Options store;
  decode::Options decode;
  decode::Seal seal;  // of sensitive values; nullptr: they are redacted
  flow::Options flow;
  http_server::Options http;
  config::ApiOptions api;
  std::string source_id = "default";
  base::Duration ahead_max;  // of the source, before the clock; not of a generated shop
  ShowSecret show_secret;    // of the admin key, at the first start
  // Told once where it listens, before it tells anybody anything; nullptr: nobody wants to know.
  std::function<void(const std::string& address, std::uint16_t port)> listens;
  bool ends_with_source = false;  // else it serves on until it is stopped
  // Waits while another engine has the store, as long as this says so; nullptr: that is refused.
  std::function<bool()> stands_by;
};

// What somebody outside wants of a running engine.
enum class Wish : std::uint8_t { kNone, kStop, kReload };

// The running engine: source → engine → durable store → notices, with its API. Owns all of its
// threads: the caller's for the engine, one that settles the store, those that serve HTTP.
class Live {
 public:
  // Recovers the store: it goes on where it was. `notifier` (may be nullptr) and `log` must outlive
  // it. Errors as those of its parts; nothing was changed then.
  static base::Result<std::unique_ptr<Live>> Open(LiveOptions options, ports::Notifier* notifier,
                                                  Log& log);
  ~Live();

  // Until `wish` says stop, the source ended (where that is wanted), or something failed. Asked
  // between two steps. `reload` gives the rules of the settings as they are now; an error leaves
  // those in force.
  using Rules = std::function<base::Result<std::vector<event::Rule>>()>;
  base::Status Run(const std::function<Wish()>& wish, const Rules& reload);

  // Where it listens.
  std::uint16_t port() const;

 private:
  struct Parts;
  explicit Live(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace stockwatch::app
