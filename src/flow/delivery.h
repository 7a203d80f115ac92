#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/latency_histogram.h"
#include "base/result.h"
#include "domain/outbox/delivery.h"
#include "flow/delivery_channel.h"
#include "flow/delivery_counts.h"
#include "flow/episode_order.h"
#include "ports/batch.h"
#include "ports/notifier.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// What became of rows, one after the other, of one destination.
struct DeliveryEnd {
  std::string destination;
  bool delivered = false;  // else given up
  std::uint64_t rows = 0;
};

// The one loop that delivers, for all channels: takes rows of the outbox by lane, leases them,
// hands them to the notifier, and enters what came of it. Stepped, on engine time, beside the
// pipeline's commits: what Prepare decides is stored by the next commit, and HandOut acts on it
// afterwards. So a row is never handed out again before the result of the time before is stored,
// and a row that a crash finds leased is one of which nobody knows whether it arrived. Of one alert
// a destination gets one row after the other, in their order: docs/formats.md, Order.
class Delivery {
 public:
  struct Parts {
    const outbox::DeliveryOptions& options;
    std::vector<std::string> destinations;  // of this run
    ports::StateStore& store;
    ports::Notifier& notifier;
    std::uint64_t epoch = 0;  // of the store: stamped on each lease
  };
  explicit Delivery(Parts parts);

  // Takes up what the store has. Once. kDataLoss, kFailedPrecondition as the records' codec.
  base::Status Start(base::Instant now);

  // Rows that the batch under way plans: they are stored by it.
  void Plan(std::vector<outbox::Row> rows, base::Instant now, ports::Batch& batch);
  // Enters answers, folds, gives up what is too old, leases what goes next.
  void Prepare(base::Instant now, ports::Batch& batch);
  // What was delivered and given up since the last call, in its order.
  std::vector<DeliveryEnd> TakeEnds() { return std::exchange(ends_, {}); }
  // The batch is stored: hands out what was leased. An error: the store is another engine's now, or
  // cannot be read.
  base::Status HandOut(base::Instant now);

  // Nothing more is leased: the engine is about to stop, and waits for what is in flight.
  void Close() { closed_ = true; }

  // Tries a dead letter again. kNotFound; kFailedPrecondition: it is none.
  base::Status Replay(std::string_view key, base::Instant now, ports::Batch& batch);
  // A disabled channel is tried again. kNotFound.
  base::Status Enable(const std::string& destination, ports::Batch& batch);

  const DeliveryCounts& counts() const { return counts_; }
  const base::LatencyHistogram& latency() const { return latency_; }
  // Rows that have not ended, in memory or not.
  std::size_t waiting() const { return rows_.size() + stored_only_; }
  std::size_t in_memory() const { return rows_.size(); }
  std::size_t in_flight() const;
  // Nothing is in flight, and nothing could go now.
  bool IsQuiet(base::Instant now) const;
  const std::map<std::string, DeliveryChannel>& channels() const { return channels_; }

 private:
  using Rows = std::unordered_map<std::string, Waiting>;

  DeliveryChannel& ChannelOf(const outbox::Row& row) { return channels_.at(row.destination); }
  void Insert(outbox::Delivery&& delivery, base::Instant now);
  bool MakeRoomFor(const outbox::Row& row);
  void PutIntoMemory(outbox::Delivery&& delivery, base::Instant now);
  void LeaveToStore(const outbox::Row& row);
  bool IsBehindStored(const outbox::Row& row) const;
  void Leave(Waiting& row);
  void Put(const outbox::Delivery& delivery, ports::Batch& batch);
  void Finish(Waiting& row, ports::Batch& batch);
  void NoteEnd(const std::string& destination, bool delivered);
  void GiveUp(const std::vector<Waiting*>& rows, outbox::DeadReason reason, base::Instant now,
              ports::Batch& batch);
  void TakeAnswers(base::Instant now, ports::Batch& batch);
  void Answered(Waiting& row, const ports::Sent& sent, base::Duration latency, base::Instant now,
                ports::Batch& batch);
  void Fold(DeliveryChannel& channel, base::Instant now, ports::Batch& batch);
  void Expire(base::Instant now, ports::Batch& batch);
  base::Status ReadChannels();
  base::Status FillUp(base::Instant now);
  base::Status Sweep(base::Instant now);

  Parts parts_;
  bool keeps_ = true;                                // what has ended: where an engine may go on
  std::map<std::string, DeliveryChannel> channels_;  // by destination
  Rows rows_;
  EpisodeOrder order_;
  std::size_t stored_only_ = 0;                     // rows that memory had no room for,
  std::unordered_set<std::uint64_t> stored_lines_;  // some of them: of PlacesOf
  std::map<std::uint64_t, Waiting*> leased_;        // not answered, by lease
  std::vector<Waiting*> to_hand_out_;               // leased by the batch under way
  std::uint64_t next_lease_ = 1;
  bool closed_ = false;
  std::vector<DeliveryEnd> ends_;
  std::vector<Waiting*> lost_;         // of destinations that are none any more
  std::vector<std::string> outdated_;  // keys of ended deliveries that were kept long enough
  std::optional<base::Instant> refilled_at_;
  std::optional<base::Instant> expired_at_;
  std::optional<base::Instant> swept_at_;
  DeliveryCounts counts_;
  base::LatencyHistogram latency_;
  std::string stored_counts_;  // as they were put last
};

}  // namespace stockwatch::flow
