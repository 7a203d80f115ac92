#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/outbox/delivery.h"
#include "flow/episode_order.h"
#include "flow/waiting.h"

namespace stockwatch::flow {

// The rows of one destination: which goes next, which are held for a digest, and how the receiver
// is. Stepped: time is handed in. It refers to rows that its owner keeps.
class DeliveryChannel {
 public:
  DeliveryChannel(const outbox::ChannelOptions& channel, const outbox::DeliveryOptions& options);

  // A row that is to go, its alert's order permitting.
  void Add(Waiting& row, base::Instant now);
  // Of these some were set aside: nothing of their alerts is before them any more.
  void Free(const std::vector<Waiting*>& rows);

  // The next row to go, taken out of the lanes; nullptr: none may go now. It is in flight under
  // the lease until Answered.
  Waiting* Next(base::Instant now, std::uint64_t lease);
  // The row of that lease has been answered and is not in flight any more.
  void Answered(std::uint64_t lease, const outbox::Attempt& attempt,
                std::optional<base::Duration> retry_after);
  // Those handed out before.
  std::vector<Waiting*> HandedOutBefore(base::Instant before) const;

  // Rows that become one.
  struct Together {
    std::optional<outbox::Group> group;
    std::vector<Waiting*> rows;
    std::size_t key_bytes = 0;  // as a body quotes them
  };
  // New rows of which there are too many at present, and groups that waited long enough: to be
  // folded into digests of their own. Empty: none. They are taken out. No digest has a row that
  // is to come after one that is not in it nor in a digest before it: it would wait as a whole.
  std::vector<Together> TakeForDigests(base::Instant now, const EpisodeOrder& order);
  // All that waits and is not in flight, or what waits since before.
  std::vector<Waiting*> TakeAll();
  std::vector<Waiting*> TakeQueuedBefore(base::Instant before);
  // The least urgent new row below the lane, taken out: memory is wanted for a more urgent one.
  // nullptr: none of those looked at `may_leave`.
  Waiting* TakeLeast(std::size_t below_lane, const std::function<bool(const Waiting&)>& may_leave);

  const outbox::Breaker& breaker() const { return breaker_; }
  std::size_t in_flight() const { return in_flight_.size(); }
  // Nothing is in flight or could go now.
  bool IsQuiet(base::Instant now) const;

  // As the receiver asked with Retry-After, up to delivery.retry_after_max.
  struct Pause {
    base::Instant until;
    int status = 0;  // of its answer
  };
  // nullptr: it is not paused at `now`.
  const Pause* PausedAt(base::Instant now) const { return now < pause_.until ? &pause_ : nullptr; }

  struct Disabled {
    base::Instant at;
    std::string reason;
  };
  std::optional<Disabled> disabled;

 private:
  struct Lane {
    std::deque<Waiting*> again;
    std::deque<Waiting*> fresh;
  };
  // New rows of one subtree that wait for others.
  struct Gathering {
    base::Instant since;
    std::vector<Waiting*> rows;
  };
  // One that nobody tried to deliver yet; one that was tried, is a digest, or may have been tried.
  void AddNew(Waiting& row, base::Instant now);
  void AddAgain(Waiting& row);
  bool Gather(Waiting& row, base::Instant now);
  void TakeGathered(base::Instant now, const EpisodeOrder& order, std::vector<Together>& digests);
  bool MayFold(Waiting& row, const EpisodeOrder& order);
  void Pack(const std::vector<Waiting*>& rows, const std::optional<outbox::Group>& group,
            std::vector<Together>& digests) const;
  // They wait no longer for others of theirs.
  void EndGathering();
  std::size_t LaneOf(const Waiting& row) const;
  std::size_t HeldRows() const;
  void WakeRetries(base::Instant now);
  void SetAside(Waiting& row);
  void SetAsideFront(std::deque<Waiting*>& rows);
  void TakeBack(Waiting& row);
  void AddFreed(base::Instant now);
  bool LanesAreEmpty() const;
  bool AllAreAside() const;
  Waiting* Pick(base::Instant now);

  const outbox::ChannelOptions& channel_;
  const outbox::DeliveryOptions& options_;
  outbox::Breaker breaker_;
  outbox::TokenBucket bucket_;
  outbox::StormGauge storm_;
  std::array<Lane, outbox::kLanes> lanes_;
  std::map<outbox::Group, Gathering> gatherings_;
  std::multimap<base::Instant, Waiting*> retries_;  // by due
  std::map<std::uint64_t, Waiting*> in_flight_;     // by lease
  std::map<std::uint64_t, Waiting*> aside_;         // wait for an earlier row of their alert
  std::uint64_t next_aside_ = 1;
  std::vector<Waiting*> freed_;              // of those aside
  std::optional<base::Instant> held_since_;  // new rows wait for a digest
  Pause pause_;                              // the one that ends last
};

}  // namespace stockwatch::flow
