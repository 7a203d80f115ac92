#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/mongo_source/cause.h"
#include "adapters/mongo_source/images.h"
#include "base/latency_histogram.h"

namespace stockwatch::mongo_source {

enum class Phase : std::uint8_t { kConnecting, kSnapshot, kStreaming, kPaused, kStopped };
constexpr std::array<std::string_view, 5> kPhaseNames{"connecting", "snapshot", "streaming",
                                                      "paused", "stopped"};

// The breaker of the line to the server: its values are those of a channel's breaker.
enum class Line : std::uint8_t { kWorks, kLeftAlone, kTried };

// How many documents replies had, counted by upper bound.
struct DocumentCounts {
  static constexpr std::array<std::uint64_t, 6> kBounds{0, 1, 10, 100, 1'000, 10'000};
  std::array<std::uint64_t, kBounds.size() + 1> counts{};
  std::uint64_t total = 0;
  std::uint64_t sum = 0;

  void Add(std::uint64_t documents) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && documents > kBounds[bucket]) ++bucket;
    ++counts[bucket];
    ++total;
    sum += documents;
  }
};

// The snapshot under way.
struct SnapshotProgress {
  std::uint64_t run = 0;
  std::string collection;
  std::uint64_t documents = 0;
  std::uint64_t documents_before = 0;             // of them, read by a process before
  std::optional<std::uint64_t> estimate;          // of all documents, by the server's books
  std::chrono::system_clock::time_point started;  // by this process

  // Until it ends, if it goes on as it did; nullopt: nobody knows.
  std::optional<std::int64_t> SecondsLeft(std::chrono::system_clock::time_point now) const;
};

// What a source says of itself.
struct Status {
  Phase phase = Phase::kConnecting;
  Line line = Line::kWorks;
  std::string trouble;  // why it does not read; empty while it does
  std::string server;   // its replica set
  std::uint64_t changes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t replies = 0;
  std::array<std::uint64_t, kCauseNames.size()> reopened{};
  std::uint64_t gaps = 0;  // history that was lost
  std::uint64_t snapshot_documents = 0;
  std::uint64_t snapshots_ended = 0;
  std::optional<SnapshotProgress> snapshot;
  std::array<std::uint64_t, kUpdateImageNames.size()> images{};  // of updates
  std::uint64_t read_again = 0;        // documents read because no exact image of them came
  base::LatencyHistogram get_more;     // how long replies took, the wait for a change included
  DocumentCounts documents_per_reply;  // of the same
  std::uint64_t operation_time = 0;    // of the server, as it said last: seconds << 32 | increment
  std::chrono::steady_clock::time_point operation_time_read{};
  // Seconds of cluster time by which the oplog reaches back behind the place, and in which it will
  // not any more; nullopt: unknown, or not to be feared.
  std::optional<std::int64_t> oplog_headroom;
  std::optional<std::int64_t> oplog_lost_in;
  std::uint64_t place_time = 0;                // of the last change or empty batch that was read
  std::optional<std::int64_t> clock_ahead_ms;  // the server's, of ours
  // When the server showed last that the stream moves, by a change or a new place, or somebody had
  // it paused. Before that when the process began.
  std::chrono::steady_clock::time_point moved = std::chrono::steady_clock::now();
  bool has_moved = false;
};

// The same between threads.
class Progress {
 public:
  template <typename Change>
  void Set(Change change) {
    const std::lock_guard lock(mutex_);
    change(status_);
  }
  Status Get() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  mutable std::mutex mutex_;
  Status status_;
};

}  // namespace stockwatch::mongo_source
