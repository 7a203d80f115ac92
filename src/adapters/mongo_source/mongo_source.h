#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"
#include "adapters/mongo_source/progress.h"
#include "adapters/mongo_source/reader.h"
#include "base/latency_histogram.h"
#include "ports/change_source.h"

namespace stockwatch::mongo_source {

// The changes of a MongoDB database: what there is, then what changes, in one order. A thread of
// its own reads the server, ahead of whoever takes the changes by at most queue_bytes_max; another
// one looks how far the oplog reaches. Both end with the object, whatever the server does.
//
// No failure that passes by itself is an error of Read; it tells of it and tries again. An error
// needs a person: who we are, what we may read, what is no replica set, history that is gone.
class MongoSource : public ports::ChangeSource {
 public:
  // Does not connect: the first Read does. kInvalidArgument: options or URI are wrong.
  static base::Result<std::unique_ptr<MongoSource>> Open(Options options, Tell tell);
  // Over links that are there already; `lines` are those of snapshots.
  static std::unique_ptr<MongoSource> Over(Link link, Options options, Tell tell,
                                           std::optional<Link> local = std::nullopt,
                                           std::vector<Link> lines = {});
  ~MongoSource() override;

  base::Result<ports::Next> Read(ports::RawInput& input) override;
  std::optional<base::Position> TakeSnapshotEnd() override;
  std::optional<base::Instant> Watermark() const override;
  std::optional<Health> GetHealth() const override;
  // Of a change of the inventory. Read over the stream's line between two replies, as of one
  // moment.
  void ReadAgain(const ports::RawInput& input) override;
  base::Status Acknowledge() override;
  // Between changes it moves with what the server says, but not more often than `heartbeat`.
  std::string Position() const override;
  // kDataLoss: a damaged position. kFailedPrecondition: of another source or database. That of
  // another filter goes on at its cluster time.
  base::Status Resume(std::string_view position) override;

  // Nothing is read or told from when Stop has returned; BeginStop does not wait for that. At the
  // latest kFarewellPatience after BeginStop. Idempotent. The thread of Read.
  void BeginStop();
  void Stop();

  // Where a restart would go on; the thread of Read.
  const mongo_source::Start& start() const;

  // Any thread.
  Status status() const;
  std::uint64_t queue_bytes() const;
  // From the server's reply to Acknowledge, of each live change of this process. The thread of
  // Read.
  const base::LatencyHistogram& read_to_commit() const;
  // From the commit in MongoDB to Acknowledge, by the server's clock, whose difference from ours is
  // taken off; of the same changes, by the same thread.
  const base::LatencyHistogram& lag() const;
  // Until GoOn, over restarts too: it stands in the position. The thread of Read.
  void Pause();
  void GoOn();
  // The thread of Read, as Seek. Reads everything once more, then goes on where it was. With a
  // filter (BSON, of a find) only what of the inventory it lets through; nothing is gone then for
  // not being shown. kFailedPrecondition: a snapshot is under way.
  base::Status Snapshot(std::string filter = {});
  // Goes on elsewhere, behind what was delivered so far; where the server refuses that, it is where
  // it was. kInvalidArgument: a time at which the server has not arrived.
  base::Status Seek(mongo_source::Start start);

 private:
  struct State;
  explicit MongoSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::mongo_source
