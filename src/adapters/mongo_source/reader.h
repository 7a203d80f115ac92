#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mongo_source/course.h"
#include "adapters/mongo_source/cursor.h"
#include "adapters/mongo_source/inbox.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "adapters/mongo_source/place.h"
#include "adapters/mongo_source/progress.h"
#include "adapters/mongo_source/snapshot.h"
#include "adapters/mongo_source/split_event.h"
#include "adapters/mongo_source/wishes.h"

namespace stockwatch::mongo_source {

enum class Weight : std::uint8_t { kInfo, kWarning, kError };
// Told of what happens to a source; by the reader's thread.
using Tell = std::function<void(Weight weight, std::string_view event, std::string_view message)>;

// Reads the server into the inbox until it is stopped or a person must act: snapshot first where
// there is one to read, then the stream, opened again after each failure that passes. One thread.
class Reader {
 public:
  struct Parts {
    Link link;
    Inbox& inbox;
    Progress& progress;
    Wishes& wishes;
    Tell tell;
    std::vector<Link> lines = {};  // of a snapshot, at once
  };
  // `options` outlives it.
  Reader(const Options& options, Parts parts, Place place);

  void Run(const std::stop_token& stop);

 private:
  bool Step();  // false: it ended
  bool Wished();
  bool PullSnapshot();
  bool OpenStream();
  bool PullStream();
  bool Deliver(const Batch& batch);
  bool DeliverEvent(std::string_view event, const Batch& batch, bool last);
  bool TakeTurn(Turn turn, const Failure& failure);
  bool LoseHistory(const Failure& failure);
  bool CheckServer();
  void BeginSnapshot(SnapshotPlace place);
  std::optional<Failure> TellOfSnapshot();
  void NoteChunk(const Chunk& chunk);
  bool EndSnapshot(std::uint64_t since, std::uint64_t documents);
  void Reopen(Cause cause, const std::string& why);
  void PauseFor(base::Duration pause);
  bool PutMark(std::uint64_t operation_time);
  bool DeliverNothing(const Batch& batch);
  Mark MarkHere(std::uint64_t operation_time) const;
  bool End(base::Code code, std::string message);

  const Options& options_;
  Parts parts_;
  Place place_;
  std::optional<SnapshotPlace> asked_;  // to begin when no other one is under way
  std::uint64_t taken_up_ = 0;          // Mark::taken_up
  Course course_;
  Cursor cursor_;
  SplitEvents split_;
  std::optional<Snapshot> snapshot_;
  std::optional<std::uint64_t> told_run_;  // id of the snapshot whose beginning was told
  std::stop_token stop_;
  bool invalidated_ = false;
  std::chrono::steady_clock::time_point read_at_{};  // when the reply came that is delivered
  std::uint64_t quiet_time_ = 0;  // operation time of the last empty reply of this stream
  std::uint64_t seen_up_to_ = 0;  // cluster time up to which an empty reply showed that nothing is
};

}  // namespace stockwatch::mongo_source
