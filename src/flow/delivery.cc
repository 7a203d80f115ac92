#include "flow/delivery.h"

#include <algorithm>

#include "domain/outbox/delivery_record.h"
#include "domain/outbox/digest.h"
#include "flow/keys.h"
#include "flow/read_records.h"

namespace stockwatch::flow {
namespace {

using base::Duration;
using base::Instant;
using outbox::DeadReason;
using outbox::DeliveryState;
using outbox::Outcome;
using ports::Family;

constexpr Duration kRefillPause = Duration::Seconds(1);
constexpr Duration kExpirePause = Duration::Minutes(1);
constexpr Duration kSweepPause = Duration::Days(1);

}  // namespace

Delivery::Delivery(Parts parts) : parts_(std::move(parts)), keeps_(parts_.store.OutlivesEngine()) {
  for (const std::string& name : parts_.destinations) {
    channels_.try_emplace(name, parts_.options.Of(name), parts_.options);
  }
}

base::Status Delivery::Start(Instant now) {
  SW_TRY_STATUS(ReadChannels());
  stored_only_ = 1;  // how many there are is known afterwards
  swept_at_ = now;
  return FillUp(now);
}

base::Status Delivery::ReadChannels() {
  base::Status read;
  const auto take = [&](std::string_view key, std::string_view record) -> base::Status {
    if (key == kDeliveryKey) {
      SW_TRY(counts_, DecodeDeliveryCounts(record));
      stored_counts_ = record;
      return {};
    }
    if (!key.starts_with(kChannelKey)) return {};
    SW_TRY(const DisabledChannel kept, DecodeDisabledChannel(record));
    const std::string name(key.substr(kChannelKey.size()));
    const auto channel = channels_.find(name);
    if (channel == channels_.end()) return {};
    if (kept.fingerprint != parts_.options.Of(name).fingerprint) return {};
    channel->second.disabled = {kept.at, kept.reason};
    return {};
  };
  SW_TRY_STATUS(
      parts_.store.ReadFamily(Family::kEngine, [&](std::string_view key, std::string_view record) {
        if (read.ok()) read = take(key, record);
      }));
  return read;
}

void Delivery::Put(const outbox::Delivery& delivery, ports::Batch& batch) {
  std::string record;
  outbox::EncodeDelivery(delivery, record);
  batch.Put(Family::kOutbox, delivery.row.key, record);
}

void Delivery::Plan(std::vector<outbox::Row> rows, Instant now, ports::Batch& batch) {
  for (outbox::Row& row : rows) {
    ++counts_.planned;
    outbox::Delivery delivery;
    delivery.row = std::move(row);
    delivery.queued_at = now;
    Put(delivery, batch);
    if (IsBehindStored(delivery.row)) {
      LeaveToStore(delivery.row);
    } else {
      PutIntoMemory(std::move(delivery), now);
    }
  }
}

// A row that has ended leaves the outbox.
void Delivery::Finish(Waiting& row, ports::Batch& batch) {
  const outbox::Delivery& delivery = row.delivery;
  switch (delivery.state) {
    case DeliveryState::kDelivered:
      ++counts_.delivered;
      NoteEnd(delivery.row.destination, true);
      break;
    case DeliveryState::kDeadLettered:
      ++counts_.dead_lettered;
      NoteEnd(delivery.row.destination, false);
      break;
    case DeliveryState::kFolded:
      ++counts_.folded;
      break;
    default:
      SW_ASSERT(false, "a row that goes on has not ended");
  }
  batch.Remove(Family::kOutbox, delivery.row.key);
  if (keeps_) {
    std::string record;
    outbox::EncodeDelivery(delivery, record);
    batch.Put(Family::kDelivery, delivery.row.key, record);
  }
  Leave(row);
  const std::string key = delivery.row.key;
  rows_.erase(key);
}

void Delivery::NoteEnd(const std::string& destination, bool delivered) {
  const bool same = !ends_.empty() && ends_.back().destination == destination &&
                    ends_.back().delivered == delivered;
  if (!same) ends_.push_back({destination, delivered, 0});
  ++ends_.back().rows;
}

void Delivery::GiveUp(const std::vector<Waiting*>& rows, DeadReason reason, Instant now,
                      ports::Batch& batch) {
  for (Waiting* row : rows) {
    outbox::DeadLetter(row->delivery, reason, now);
    Finish(*row, batch);
  }
}

void Delivery::Prepare(Instant now, ports::Batch& batch) {
  TakeAnswers(now, batch);
  GiveUp(std::exchange(lost_, {}), DeadReason::kNoChannel, now, batch);
  Expire(now, batch);
  for (auto& [name, channel] : channels_) {
    if (channel.disabled) GiveUp(channel.TakeAll(), DeadReason::kGone, now, batch);
    Fold(channel, now, batch);
    while (Waiting* row = closed_ ? nullptr : channel.Next(now, next_lease_)) {
      ++next_lease_;
      row->delivery.state = DeliveryState::kSent;
      row->delivery.sent_at = now;
      row->delivery.epoch = parts_.epoch;
      row->delivery.due.reset();
      Put(row->delivery, batch);
      leased_[row->lease] = row;
      to_hand_out_.push_back(row);
    }
  }
  for (const std::string& key : outdated_) batch.Remove(Family::kDelivery, key);
  outdated_.clear();
  if (!keeps_) return;
  std::string record;
  EncodeDeliveryCounts(counts_, record);
  if (record == stored_counts_) return;
  batch.Put(Family::kEngine, kDeliveryKey, record);
  stored_counts_ = std::move(record);
}

void Delivery::TakeAnswers(Instant now, ports::Batch& batch) {
  for (const ports::Notifier::Answer& answer : parts_.notifier.TakeAnswers()) {
    // Nobody waits any more for one that came after its lease.
    const auto found = leased_.find(answer.lease);
    if (found != leased_.end()) Answered(*found->second, answer.sent, answer.latency, now, batch);
  }
  for (const auto& [name, channel] : channels_) {
    for (Waiting* row : channel.HandedOutBefore(now - parts_.options.lease)) {
      ports::Sent none;
      none.outcome = Outcome::kUnknown;
      none.detail = "no answer within " + base::FormatDuration(parts_.options.lease);
      Answered(*row, none, parts_.options.lease, now, batch);
    }
  }
}

void Delivery::Answered(Waiting& row, const ports::Sent& sent, Duration latency, Instant now,
                        ports::Batch& batch) {
  outbox::Attempt attempt;
  attempt.at = now;
  attempt.epoch = parts_.epoch;
  attempt.outcome = sent.outcome;
  attempt.status = sent.status;
  attempt.latency = latency;
  attempt.detail = sent.detail;
  ++counts_.attempts[static_cast<std::size_t>(sent.outcome)];
  latency_.Add(latency);
  const std::string destination = row.delivery.row.destination;
  DeliveryChannel& channel = channels_.at(destination);
  leased_.erase(row.lease);
  channel.Answered(row.lease, attempt, sent.retry_after);
  if (sent.outcome == Outcome::kGone && !channel.disabled) {
    channel.disabled = {now, "the receiver answered " + std::to_string(sent.status)};
    std::string record;
    EncodeDisabledChannel(
        {now, channel.disabled->reason, parts_.options.Of(destination).fingerprint}, record);
    batch.Put(Family::kEngine, std::string(kChannelKey) + destination, record);
  }
  outbox::Enter(row.delivery, std::move(attempt), sent.retry_after, parts_.options);
  if (outbox::HasEnded(row.delivery.state)) return Finish(row, batch);
  Put(row.delivery, batch);
  channel.Add(row, now);
}

void Delivery::Fold(DeliveryChannel& channel, Instant now, ports::Batch& batch) {
  for (auto& [group, rows, bytes] : channel.TakeForDigests(now, order_)) {
    std::vector<const outbox::Row*> parts;
    parts.reserve(rows.size());
    for (const Waiting* row : rows) parts.push_back(&row->delivery.row);
    outbox::Row digest = outbox::Fold(parts, std::move(group));
    for (Waiting* row : rows) {
      row->delivery.state = DeliveryState::kFolded;
      row->delivery.by = digest.key;
      row->delivery.ended_at = now;
      Finish(*row, batch);
    }
    ++counts_.digests;
    std::vector<outbox::Row> planned;
    planned.push_back(std::move(digest));
    Plan(std::move(planned), now, batch);
  }
}

void Delivery::Expire(Instant now, ports::Batch& batch) {
  if (expired_at_ && now < *expired_at_ + kExpirePause) return;
  expired_at_ = now;
  for (auto& [name, channel] : channels_) {
    GiveUp(channel.TakeQueuedBefore(now - parts_.options.expire_after), DeadReason::kExpired, now,
           batch);
  }
}

base::Status Delivery::HandOut(Instant now) {
  if (!to_hand_out_.empty()) SW_TRY_STATUS(parts_.store.CheckOwner());
  for (Waiting* row : std::exchange(to_hand_out_, {})) {
    parts_.notifier.Begin(row->delivery.row, row->lease);
  }
  const bool pause = refilled_at_ && now < *refilled_at_ + kRefillPause;
  if (stored_only_ > 0 && rows_.size() <= parts_.options.window_rows / 2 && !pause) {
    SW_TRY_STATUS(FillUp(now));
  }
  if (keeps_ && now >= *swept_at_ + kSweepPause) SW_TRY_STATUS(Sweep(now));
  return {};
}

// Finds what was kept long enough; the next batch removes it.
base::Status Delivery::Sweep(Instant now) {
  swept_at_ = now;
  const Instant before = now - parts_.options.keep;
  base::Status read;
  SW_TRY_STATUS(parts_.store.ReadFamily(
      Family::kDelivery, [&](std::string_view key, std::string_view record) {
        const auto delivery = outbox::DecodeDelivery(record);
        if (!delivery.ok()) {
          read = delivery.error();
        } else if (delivery.value().ended_at.value_or(now) < before) {
          outdated_.emplace_back(key);
        }
      }));
  return read;
}

base::Status Delivery::Replay(std::string_view key, Instant now, ports::Batch& batch) {
  SW_TRY(auto record, ReadRecord(parts_.store, Family::kDelivery, key));
  if (!record) {
    SW_TRY(record, ReadRecord(parts_.store, Family::kOutbox, key));
  }
  if (!record) {
    return base::Error{base::Code::kNotFound, "no delivery has the key " + std::string(key)};
  }
  SW_TRY(outbox::Delivery found, outbox::DecodeDelivery(*record));
  const auto channel = channels_.find(found.row.destination);
  if (channel == channels_.end() || channel->second.disabled) {
    return base::Error{base::Code::kFailedPrecondition,
                       "channel " + found.row.destination +
                           (channel == channels_.end() ? " is not there" : " is disabled")};
  }
  SW_TRY_STATUS(outbox::Replay(found, now));
  --counts_.dead_lettered;
  batch.Remove(Family::kDelivery, key);
  Put(found, batch);
  PutIntoMemory(std::move(found), now);
  return {};
}

base::Status Delivery::Enable(const std::string& destination, ports::Batch& batch) {
  const auto channel = channels_.find(destination);
  if (channel == channels_.end()) {
    return base::Error{base::Code::kNotFound, "no channel has the name " + destination};
  }
  channel->second.disabled.reset();
  batch.Remove(Family::kEngine, std::string(kChannelKey) + destination);
  return {};
}

std::size_t Delivery::in_flight() const {
  return leased_.size();
}

bool Delivery::IsQuiet(Instant now) const {
  return leased_.empty() && lost_.empty() &&
         std::all_of(channels_.begin(), channels_.end(),
                     [&](const auto& entry) { return entry.second.IsQuiet(now); });
}

}  // namespace stockwatch::flow
