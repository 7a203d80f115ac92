#include "flow/delivery_channel.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/outbox/digest.h"

namespace stockwatch::flow {
namespace {

constexpr std::size_t kPageLane = outbox::LaneOf(event::Severity::kPage);

// How many new rows are looked at to find one that may leave memory.
constexpr std::size_t kLooked = 64;

bool MayGo(const Waiting& row) {
  return row.behind == 0 || outbox::IsUrgent(row.delivery.row);
}

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

void DeliveryChannel::Add(Waiting& row, base::Instant now) {
  const outbox::Delivery& delivery = row.delivery;
  const bool page = delivery.row.message.severity == event::Severity::kPage;
  const bool fresh = page || (outbox::CanBeFolded(delivery.row) &&
                              delivery.state == outbox::DeliveryState::kQueued);
  delivery.attempts == 0 && fresh ? AddNew(row, now) : AddAgain(row);
}

void DeliveryChannel::SetAside(Waiting& row) {
  row.aside = next_aside_++;
  aside_.emplace(row.aside, &row);
}

void DeliveryChannel::SetAsideFront(std::deque<Waiting*>& rows) {
  while (!rows.empty() && !MayGo(*rows.front())) SetAside(*TakeFront(rows));
}

void DeliveryChannel::TakeBack(Waiting& row) {
  aside_.erase(row.aside);
  row.aside = 0;
}

void DeliveryChannel::Free(const std::vector<Waiting*>& rows) {
  for (Waiting* row : rows) {
    if (row->aside != 0) freed_.push_back(row);
  }
}

// Nothing was before them; a digest may be by now.
void DeliveryChannel::AddFreed(base::Instant now) {
  for (Waiting* row : std::exchange(freed_, {})) {
    if (row->aside == 0 || !MayGo(*row)) continue;
    TakeBack(*row);
    Add(*row, now);
  }
}

bool DeliveryChannel::LanesAreEmpty() const {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.again.empty() && lane.fresh.empty(); });
}

bool DeliveryChannel::AllAreAside() const {
  return !aside_.empty() && freed_.empty() && in_flight_.empty() && retries_.empty() &&
         gatherings_.empty() && LanesAreEmpty();
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

bool DeliveryChannel::MayFold(Waiting& row, const EpisodeOrder& order) {
  row.folding = order.IsBehindFoldedOnly(row);
  if (!row.folding) SetAside(row);
  return row.folding;
}

// Into as many digests as they need, in their order.
void DeliveryChannel::Pack(const std::vector<Waiting*>& rows,
                           const std::optional<outbox::Group>& group,
                           std::vector<Together>& digests) const {
  const std::size_t first = digests.size();
  for (Waiting* row : rows) {
    const std::size_t bytes = outbox::QuotedBytes(row->delivery.row);
    const bool has_room = digests.size() > first &&
                          digests.back().rows.size() < options_.storm.digest_rows_max &&
                          digests.back().key_bytes + bytes <= outbox::kDigestKeyBytesMax;
    if (!has_room) digests.push_back({group, {}, 0});
    digests.back().rows.push_back(row);
    digests.back().key_bytes += bytes;
  }
}

void DeliveryChannel::TakeGathered(base::Instant now, const EpisodeOrder& order,
                                   std::vector<Together>& digests) {
  for (auto at = gatherings_.begin(); at != gatherings_.end();) {
    auto& [group, gathering] = *at;
    if (now < gathering.since + channel_.grouping.wait) {
      ++at;
      continue;
    }
    std::erase_if(gathering.rows, [&](Waiting* row) { return !MayFold(*row, order); });
    if (gathering.rows.size() == 1) {
      Waiting& alone = *gathering.rows.front();
      alone.folding = false;
      lanes_[LaneOf(alone)].fresh.push_back(&alone);
    } else if (!gathering.rows.empty()) {
      Pack(gathering.rows, group, digests);
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
  AddFreed(now);
  WakeRetries(now);
  if (disabled || in_flight_.size() >= channel_.in_flight_max || PausedAt(now) != nullptr ||
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
    SetAsideFront(again);
    // No page waits for a digest or the rate.
    const bool free = lane == kPageLane || bucket_.Has(now);
    if (!again.empty() && free) {
      if (lane != kPageLane) bucket_.Take();
      return TakeFront(again);
    }
    if (held_since_ && lane != kPageLane) continue;
    SetAsideFront(fresh);
    if (fresh.empty()) continue;
    if (free) {
      if (lane != kPageLane) bucket_.Take();
      return TakeFront(fresh);
    }
    if (!held_since_) held_since_ = now;
  }
  if (!AllAreAside()) return nullptr;
  // They wait for each other, as digests can where dead letters were replayed: one has to be first.
  Waiting* row = aside_.begin()->second;
  TakeBack(*row);
  return row;
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
  if (!retry_after) return;
  const base::Instant until = attempt.at + std::min(*retry_after, options_.retry_after_max);
  if (pause_.until < until) pause_ = {until, attempt.status};
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

std::vector<DeliveryChannel::Together> DeliveryChannel::TakeForDigests(base::Instant now,
                                                                       const EpisodeOrder& order) {
  std::vector<Together> digests;
  TakeGathered(now, order, digests);
  if (!held_since_ || now < *held_since_ + options_.storm.window || !bucket_.Has(now)) {
    return digests;
  }
  held_since_.reset();
  std::vector<Waiting*> folded;
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
      if (MayFold(*row, order)) folded.push_back(row);
    }
  }
  Pack(folded, std::nullopt, digests);
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
  for (const auto& [number, row] : aside_) {
    row->aside = 0;
    rows.push_back(row);
  }
  aside_.clear();
  freed_.clear();
  held_since_.reset();
  return rows;
}

std::vector<Waiting*> DeliveryChannel::TakeQueuedBefore(base::Instant before) {
  std::vector<Waiting*> rows;
  const auto was_before = [&](const Waiting* row) {
    return row->delivery.queued_at && *row->delivery.queued_at < before;
  };
  const auto is_old = [&](Waiting* row) {
    if (!was_before(row)) return false;
    row->aside = 0;
    rows.push_back(row);
    return true;
  };
  for (Lane& lane : lanes_) {
    std::erase_if(lane.again, is_old);
    std::erase_if(lane.fresh, is_old);
  }
  std::erase_if(retries_, [&](const auto& entry) { return is_old(entry.second); });
  std::erase_if(freed_, was_before);
  std::erase_if(aside_, [&](const auto& entry) { return is_old(entry.second); });
  return rows;
}

Waiting* DeliveryChannel::TakeLeast(std::size_t below_lane,
                                    const std::function<bool(const Waiting&)>& may_leave) {
  EndGathering();
  std::size_t looked = 0;
  for (std::size_t lane = outbox::kLanes - 1; lane > below_lane; --lane) {
    std::deque<Waiting*>& fresh = lanes_[lane].fresh;
    for (auto at = fresh.rbegin(); at != fresh.rend() && looked < kLooked; ++at, ++looked) {
      if (!may_leave(**at)) continue;
      Waiting* row = *at;
      fresh.erase(std::next(at).base());
      return row;
    }
  }
  return nullptr;
}

bool DeliveryChannel::IsQuiet(base::Instant now) const {
  if (!in_flight_.empty()) return false;
  if (disabled || PausedAt(now) != nullptr || !breaker_.Allows(now)) return true;
  if (!freed_.empty() || AllAreAside() || !LanesAreEmpty()) return false;
  for (const auto& [group, gathering] : gatherings_) {
    if (gathering.since + channel_.grouping.wait <= now) return false;
  }
  return retries_.empty() || retries_.begin()->first > now;
}

}  // namespace stockwatch::flow
