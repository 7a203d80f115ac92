#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/mongo_source/place.h"
#include "base/error.h"

namespace stockwatch::mongo_source {

// A place that a reader has come to.
struct Mark {
  Start start;
  std::uint64_t operation_time = 0;
  std::string replica_set;
  std::optional<SnapshotPlace> snapshot;
  std::uint64_t taken_up = 0;     // id of the last snapshot that was asked for and has begun
  std::uint64_t watermark = 0;    // everything up to this cluster time was delivered; 0: unknown
  std::uint64_t ended_since = 0;  // a snapshot that began at that cluster time has ended; 0: none
  std::uint32_t generation = 0;
  std::vector<std::string> read_again =
      {};  // ids of documents that were wanted once more, answered
};

// One change on its way from the reader, or only a place.
struct Item {
  std::string bytes;            // of the change event; empty: there is none
  std::uint64_t read_time = 0;  // a document that was read: as of that cluster time; 0: a change
  std::uint32_t ordinal = 0;    // of a document that was read
  bool of_snapshot = false;     // it was read by one
  std::uint32_t generation = 0;
  bool too_large = false;                           // a change whose document no reply can hold
  std::optional<Mark> mark;                         // behind the change; none: behind its own token
  std::chrono::steady_clock::time_point read_at{};  // a live change: when its reply came
};

// Between the thread that reads the server and the one that takes changes: bounded in bytes, so
// that a slow taker holds the reader back, and no more is asked of the server.
class Inbox {
 public:
  explicit Inbox(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  // Waits for room; one item always has it. False: stopped meanwhile, nothing was put.
  bool Put(Item item, const std::stop_token& stop);
  // Nothing comes any more: the taker gets what waits, then the error.
  void End(base::Error error);

  // Never waits for one. REQUIRES: one taker
  std::optional<Item> Take();
  // Nothing waits and nothing will come: why. REQUIRES: one taker
  std::optional<base::Error> Ended() const;
  // Of what waits, but for what the taker has in its hand: 1 MiB or one item at most.
  std::uint64_t bytes() const;

 private:
  void TakeSome();

  const std::uint64_t bytes_max_;
  std::deque<Item> hand_;  // of the taker, so that the two meet at the lock now and then only
  mutable std::mutex mutex_;
  std::condition_variable_any room_;
  std::deque<Item> items_;
  std::uint64_t bytes_ = 0;
  std::optional<base::Error> ended_;
};

}  // namespace stockwatch::mongo_source
