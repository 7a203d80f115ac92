#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/reply.h"
#include "adapters/mongo_source/stream_command.h"
#include "adapters/mongo_source/token.h"

namespace stockwatch::mongo_source {

struct CursorLimits {
  std::int32_t batch_max = 1'000;  // documents of one reply
  std::int64_t await_ms = 1'000;   // how long the server waits for something to tell
};

// A change stream over raw commands: each call is one round trip, and nothing is tried again here
// (libmongoc's own change stream does, and can do so for ever within one call). One thread.
class Cursor {
 public:
  Cursor(Link link, StreamShape shape, CursorLimits limits);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // How long each answer may take, from the next Open on.
  void Allow(base::Duration timeout) {
    if (link_.allow) link_.allow(timeout);
  }
  // Picks a server and opens the stream there. What was open is closed.
  std::variant<Batch, Failure> Open(const Start& start);
  // What came since; an empty batch after await_ms without anything. REQUIRES: is_open()
  std::variant<Batch, Failure> More();
  // The same, without waiting for something to come.
  std::variant<Batch, Failure> MoreAtOnce();
  // Tells the server, where it can be told. Idempotent.
  void Close();

  // Open, until a failure or a batch with the cursor 0.
  bool is_open() const { return cursor_ != 0; }
  // The server of the last Open that found one.
  const Server& server() const { return server_; }
  void SetServer(Server server) { server_ = std::move(server); }
  // The next Open asks for so much of each event.
  void AskFor(Detail detail) { shape_.detail = detail; }
  const StreamShape& shape() const { return shape_; }
  // Documents of a reply, at most.
  std::int32_t batch_max() const {
    return shape_.detail >= Detail::kSingle ? 1 : limits_.batch_max;
  }

 private:
  bool SplitsEvents();
  std::variant<Batch, Failure> Send(std::string_view command);

  Link link_;
  StreamShape shape_;
  CursorLimits limits_;
  Server server_;
  std::int64_t cursor_ = 0;
};

}  // namespace stockwatch::mongo_source
