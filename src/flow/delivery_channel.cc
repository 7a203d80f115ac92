#include "flow/delivery_channel.h"

#include <algorithm>

#include "domain/outbox/digest.h"

namespace stockwatch::flow {
namespace {

constexpr std::size_t kPageLane = outbox::LaneOf(event::Severity::kPage);

Waiting* TakeFront(std::deque<Waiting*>& rows) {
  Waiting* row = rows.front();
  rows.pop_front();
  return row;
}

// An answer that says that the receiver works, though it may not want this row.
bool IsAlive(const outbox::Attempt& attempt) {
  constexpr int kTooManyRequests = 429;
  constexpr int kServerErrors = 500;
  return attempt.outcome == outbox::Outcome::kDelivered ||
         attempt.outcome == outbox::Outcome::kRefused ||
         (attempt.status != 0 && attempt.status != kTooManyRequests &&
          attempt.status < kServerErrors);
}

}  // namespace

DeliveryChannel::DeliveryChannel(const outbox::ChannelOptions& channel,
                                 const outbox::DeliveryOptions& options)
    : channel_(channel),
      options_(options),
      breaker_(options.breaker),
      bucket_(channel.per_minute_max),
      storm_(options.storm) {}

std::size_t DeliveryChannel::LaneOf(const Waiting& row) const {
  const std::size_t lane = outbox::LaneOf(row.delivery.row.message.severity);
  return options_.in_order ? outbox::kLanes - 1 : lane;
}

void DeliveryChannel::AddNew(Waiting& row, base::Instant now) {
  if (!Gather(row, now)) lanes_[LaneOf(row)].fresh.push_back(&row);
  if (!outbox::CanBeFolded(row.delivery.row)) return;
  storm_.Note(now);
  if (held_since_ || !storm_.Storms(now)) return;
  held_since_ = now;
  EndGathering();
}

bool DeliveryChannel::Gather(Waiting& row, base::Instant now) {
  if (held_since_) return false;
  auto group = outbox::GroupOf(row.delivery.row.message, channel_.grouping);
  if (!group) return false;
  const auto [place, first] = gatherings_.try_emplace(*std::move(group));
  if (first) place->second.since = now;
  place->second.rows.push_back(&row);
  return true;
}

void DeliveryChannel::TakeGathered(base::Instant now, std::vector<Together>& digests) {
  for (auto at = gatherings_.begin(); at != gatherings_.end();) {
    auto& [group, gathering] = *at;
    if (now < gathering.since + channel_.grouping.wait) {
      ++at;
      continue;
    }
    if (gathering.rows.size() == 1) {
      lanes_[LaneOf(*gathering.rows.front())].fresh.push_back(gathering.rows.front());
    } else {
      digests.push_back({std::move(gathering.rows), group});
    }
    at = gatherings_.erase(at);
  }
}

void DeliveryChannel::EndGathering() {
  for (auto& [group, gathering] : gatherings_) {
    for (Waiting* row : gathering.rows) lanes_[LaneOf(*row)].fresh.push_back(row);
  }
  gatherings_.clear();
}

void DeliveryChannel::AddAgain(Waiting& row) {
  if (row.delivery.due) {
    retries_.emplace(*row.delivery.due, &row);
  } else {
    lanes_[LaneOf(row)].again.push_back(&row);
  }
}

void DeliveryChannel::WakeRetries(base::Instant now) {
  while (!retries_.empty() && retries_.begin()->first <= now) {
    Waiting* row = retries_.begin()->second;
    retries_.erase(retries_.begin());
    lanes_[LaneOf(*row)].again.push_back(row);
  }
}

Waiting* DeliveryChannel::Next(base::Instant now, std::uint64_t lease) {
  WakeRetries(now);
  if (disabled || in_flight_.size() >= channel_.in_flight_max || now < paused_until_ ||
      !breaker_.Allows(now)) {
    return nullptr;
  }
  Waiting* row = Pick(now);
  if (row == nullptr) return nullptr;
  breaker_.Begin();
  row->lease = lease;
  in_flight_.emplace(lease, row);
  return row;
}

Waiting* DeliveryChannel::Pick(base::Instant now) {
  for (std::size_t lane = 0; lane < outbox::kLanes; ++lane) {
    auto& [again, fresh] = lanes_[lane];
    // A page waits for nothing.
    const bool free = lane == kPageLane || bucket_.Has(now);
    if (!again.empty() && free) {
      if (lane != kPageLane) bucket_.Take();
      return TakeFront(again);
    }
    if (fresh.empty() || (held_since_ && lane != kPageLane)) continue;
    if (free) {
      if (lane != kPageLane) bucket_.Take();
      return TakeFront(fresh);
    }
    if (!held_since_) held_since_ = now;
  }
  return nullptr;
}

void DeliveryChannel::Answered(std::uint64_t lease, const outbox::Attempt& attempt,
                               std::optional<base::Duration> retry_after) {
  in_flight_.erase(lease);
  if (IsAlive(attempt)) {
    if (!breaker_.Succeed()) return;
    // The receiver is back: what failed while it was away need not wait any longer, unless the
    // receiver itself asked for it.
    std::multimap<base::Instant, Waiting*> held;
    for (const auto& [due, row] : retries_) {
      if (row->delivery.held) {
        held.emplace(due, row);
      } else {
        lanes_[LaneOf(*row)].again.push_back(row);
      }
    }
    retries_ = std::move(held);
    return;
  }
  breaker_.Fail(attempt.at);
  if (retry_after) {
    paused_until_ =
        std::max(paused_until_, attempt.at + std::min(*retry_after, options_.retry_after_max));
  }
}

std::vector<Waiting*> DeliveryChannel::HandedOutBefore(base::Instant before) const {
  std::vector<Waiting*> rows;
  for (const auto& [lease, row] : in_flight_) {
    if (row->delivery.sent_at < before) rows.push_back(row);
  }
  return rows;
}

std::size_t DeliveryChannel::HeldRows() const {
  std::size_t rows = 0;
  for (std::size_t lane = kPageLane + 1; lane < outbox::kLanes; ++lane) {
    rows += lanes_[lane].fresh.size();
  }
  return rows;
}

std::vector<DeliveryChannel::Together> DeliveryChannel::TakeForDigests(base::Instant now) {
  std::vector<Together> digests;
  TakeGathered(now, digests);
  if (!held_since_ || now < *held_since_ + options_.storm.window || !bucket_.Has(now)) {
    return digests;
  }
  held_since_.reset();
  const std::size_t grouped = digests.size();
  const bool alone = HeldRows() == 1;
  for (std::size_t lane = kPageLane + 1; lane < outbox::kLanes; ++lane) {
    auto& [again, fresh] = lanes_[lane];
    for (; !fresh.empty(); fresh.pop_front()) {
      Waiting* row = fresh.front();
      // In one lane there may be what is never folded.
      if (alone || !outbox::CanBeFolded(row->delivery.row)) {
        again.push_back(row);
        continue;
      }
      if (digests.size() == grouped ||
          digests.back().rows.size() >= options_.storm.digest_rows_max) {
        digests.emplace_back();
      }
      digests.back().rows.push_back(row);
    }
  }
  return digests;
}

std::vector<Waiting*> DeliveryChannel::TakeAll() {
  EndGathering();
  std::vector<Waiting*> rows;
  for (Lane& lane : lanes_) {
    for (auto* queue : {&lane.again, &lane.fresh}) {
      rows.insert(rows.end(), queue->begin(), queue->end());
      queue->clear();
    }
  }
  for (const auto& [due, row] : retries_) rows.push_back(row);
  retries_.clear();
  held_since_.reset();
  return rows;
}

std::vector<Waiting*> DeliveryChannel::TakeQueuedBefore(base::Instant before) {
  std::vector<Waiting*> rows;
  const auto is_old = [&](Waiting* row) {
    const bool old = row->delivery.queued_at && *row->delivery.queued_at < before;
    if (old) rows.push_back(row);
    return old;
  };
  for (Lane& lane : lanes_) {
    std::erase_if(lane.again, is_old);
    std::erase_if(lane.fresh, is_old);
  }
  std::erase_if(retries_, [&](const auto& entry) { return is_old(entry.second); });
  return rows;
}

Waiting* DeliveryChannel::TakeLeast(std::size_t below_lane) {
  EndGathering();
  for (std::size_t lane = outbox::kLanes - 1; lane > below_lane; --lane) {
    std::deque<Waiting*>& fresh = lanes_[lane].fresh;
    if (fresh.empty()) continue;
    Waiting* row = fresh.back();
    fresh.pop_back();
    return row;
  }
  return nullptr;
}

bool DeliveryChannel::IsQuiet(base::Instant now) const {
  if (!in_flight_.empty()) return false;
  if (disabled || now < paused_until_ || !breaker_.Allows(now)) return true;
  for (const Lane& lane : lanes_) {
    if (!lane.again.empty() || !lane.fresh.empty()) return false;
  }
  for (const auto& [group, gathering] : gatherings_) {
    if (gathering.since + channel_.grouping.wait <= now) return false;
  }
  return retries_.empty() || retries_.begin()->first > now;
}

}  // namespace stockwatch::flow
