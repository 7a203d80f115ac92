#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/mongo_source/failure.h"
#include "base/instant.h"

namespace stockwatch::mongo_source {

// What is known of the server that commands go to.
struct Server {
  std::int32_t wire_version = 0;
  std::string replica_set;  // empty: it is in none
  bool sharded = false;     // a mongos, behind which there are replica sets
};

struct Answer {
  std::string bytes;  // the reply
  std::optional<Failure> failure;
};

// A way to one server of a replica set, at one database. One thread at a time.
struct Link {
  // Picks a server; the commands behind it go there, in one session. A link is picked again after a
  // failure: the server may have gone.
  std::function<std::variant<Server, Failure>()> select;
  // REQUIRES: select was called and succeeded
  std::function<Answer(std::string_view command)> send;
  // How long each answer may take, from the next select on. Empty: as long as whoever made the link
  // says.
  std::function<void(base::Duration timeout)> allow = nullptr;
};

}  // namespace stockwatch::mongo_source
