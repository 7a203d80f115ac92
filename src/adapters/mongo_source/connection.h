#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "adapters/mongo_source/farewell.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "base/result.h"

namespace stockwatch::mongo_source {

// How long what is under way may take when a process ends: a getMore of a healthy server, which
// waits a second by default, and the word that its cursor is not wanted any more.
constexpr std::chrono::milliseconds kFarewellPatience{1'200};

// A way to a server, on a thread of its own, because nothing ends a call of the driver early: from
// the farewell on the one that waits for it is told that it failed, and the thread is left to
// itself with all that it uses. One thread asks at a time.
class Connection {
 public:
  // Does not connect, nor asks the DNS. kInvalidArgument: the URI cannot be read, asks for what
  // this build of the driver cannot do, or has a problem (below); the message does not show it.
  static base::Result<std::unique_ptr<Connection>> Open(const Options& options,
                                                        std::shared_ptr<Farewell> farewell);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Whether Open would refuse the URI: its errors, without a connection.
  static base::Status Check(const Options& options);

  // Of this connection, which must outlive it.
  Link link();
  // Hosts of the URI, for messages: never user or password.
  const std::string& hosts() const;
  // How long an answer may take, by the URI or the options.
  base::Duration timeout() const;

  struct State;

 private:
  explicit Connection(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

// What of a URI and the files that it names is wrong before anybody connects, and what helps.
struct UriProblem {
  std::string says;
  std::string fix;
};
// Errors as Connection::Open, where the URI cannot be read at all.
base::Result<std::optional<UriProblem>> ProblemOfUri(const Options& options);

// Whether a URI holds a password. What cannot be read counts as holding one. Errors as LoadDriver.
enum class Password : std::uint8_t { kNone, kHeld };
base::Result<Password> PasswordIn(const std::string& uri);

}  // namespace stockwatch::mongo_source
