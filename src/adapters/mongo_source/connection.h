#pragma once

#include <memory>
#include <string>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "base/result.h"

namespace stockwatch::mongo_source {

// A client of libmongoc: addresses, topology, TLS, authentication and sessions are its matter; this
// is the one place that includes it. One thread at a time.
class Connection {
 public:
  // Does not connect. kInvalidArgument: the URI cannot be read, or asks for what this build of the
  // driver cannot do; the message does not show it.
  static base::Result<std::unique_ptr<Connection>> Open(const Options& options);
  ~Connection();

  // Of this connection, which must outlive it.
  Link link();
  // Hosts of the URI, for messages: never user or password.
  const std::string& hosts() const;

  struct State;

 private:
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether a URI holds a password. What cannot be read counts as holding one. Errors as LoadDriver.
enum class Password : std::uint8_t { kNone, kHeld };
base::Result<Password> PasswordIn(const std::string& uri);

}  // namespace stockwatch::mongo_source
