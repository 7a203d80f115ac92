#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/mongo_source/course.h"
#include "adapters/mongo_source/cursor.h"
#include "adapters/mongo_source/images.h"
#include "adapters/mongo_source/inbox.h"
#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "adapters/mongo_source/place.h"
#include "adapters/mongo_source/progress.h"
#include "adapters/mongo_source/snapshot.h"
#include "adapters/mongo_source/split_event.h"
#include "adapters/mongo_source/wishes.h"
#include "ports/telling.h"

namespace stockwatch::mongo_source {

using ports::Tell;
using ports::Weight;

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
  bool ReadAgain();
  bool IsFollowing() const;
  bool PullSnapshot();
  bool OpenStream();
  bool PullStream();
  enum class Came : std::uint8_t { kFirst, kLater };
  bool Deliver(const Batch& batch, Came came);
  bool Assemble(const Batch& batch, std::vector<Item>& items);
  std::variant<std::vector<Item>, Failure> ReadUnknown(const std::vector<Item>& items);
  bool DeliverEvent(Item item, const Batch& batch, bool last);
  void PassTooLarge();
  bool TakeTurn(Turn turn, const Failure& failure);
  bool IsAnotherHistory(const std::vector<Item>& items, const Batch& batch);
  bool LoseHistory(const Failure& failure);
  std::optional<Failure> FindServer();
  bool CheckServer();
  void CompareWithLost(std::uint64_t time);
  void BeginSnapshot(SnapshotPlace place);
  bool FailPiece(const Failure& failure);
  void LeaveReads(const Failure& failure);
  void BeginStreamAt(std::uint64_t since);
  std::optional<Failure> TellOfSnapshot();
  void NoteChunk(const Chunk& chunk);
  bool EndSnapshot(std::uint64_t since, std::uint64_t documents);
  void Reopen(Cause cause, const std::string& why);
  void PauseFor(base::Duration pause);
  bool Put(Item item);
  bool PutMark(std::uint64_t operation_time);
  void TellDelivered(const Batch& batch, bool moved);
  bool DeliverNothing(const Batch& batch);
  Mark MarkHere(std::uint64_t operation_time) const;
  bool End(base::Code code, std::string message);

  const Options& options_;
  Parts parts_;
  Place place_;
  std::optional<SnapshotPlace> asked_;  // to begin when no other one is under way
  std::uint64_t taken_up_ = 0;          // Mark::taken_up
  std::vector<std::string> again_;      // ids of documents of the inventory, wanted once more
  bool piece_is_next_ = false;          // by turns with the stream
  Course course_;
  Course reads_;  // of what is read while the stream goes on: its failures and pauses
  std::chrono::steady_clock::time_point next_read_{};
  std::uint64_t lost_at_ = 0;  // cluster time of the place behind which history was lost
  Cursor cursor_;
  SplitEvents split_;
  std::optional<Snapshot> snapshot_;
  std::optional<std::uint64_t> told_run_;  // id of the snapshot whose beginning was told
  std::stop_token stop_;
  bool invalidated_ = false;
  bool told_missing_ = false;                        // that updates have no images
  std::chrono::steady_clock::time_point read_at_{};  // when the reply came that is delivered
  std::uint64_t quiet_time_ = 0;  // operation time of the last empty reply of this stream
  std::uint64_t seen_up_to_ = 0;  // cluster time up to which an empty reply showed that nothing is
};

}  // namespace stockwatch::mongo_source
