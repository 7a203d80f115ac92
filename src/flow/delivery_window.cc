// Which of the rows that wait are in memory: a window of them, by order of their alerts.

#include <algorithm>
#include <utility>

#include "domain/outbox/delivery_record.h"
#include "flow/delivery.h"
#include "flow/refill.h"

namespace stockwatch::flow {
namespace {

using base::Instant;
using outbox::DeadReason;
using outbox::DeliveryState;
using outbox::Outcome;
using ports::Family;

}  // namespace

// Everything that waits and is not in memory, the most urgent first, as far as there is room.
base::Status Delivery::FillUp(Instant now) {
  refilled_at_ = now;
  Refill refill(parts_.options.window_rows - rows_.size());
  base::Status read;
  SW_TRY_STATUS(
      parts_.store.ReadFamily(Family::kOutbox, [&](std::string_view key, std::string_view record) {
        if (!read.ok() || rows_.contains(std::string(key))) return;
        auto delivery = outbox::DecodeDelivery(record);
        if (!delivery.ok()) {
          read = delivery.error();
          return;
        }
        refill.Offer(std::move(delivery).value());
      }));
  SW_TRY_STATUS(read);
  Refill::Chosen chosen = refill.Take();
  stored_only_ = chosen.left;
  stored_lines_ = std::move(chosen.left_lines);
  for (outbox::Delivery& delivery : chosen.rows) Insert(std::move(delivery), now);
  return {};
}

void Delivery::Insert(outbox::Delivery&& delivery, Instant now) {
  const std::string key = delivery.row.key;
  Waiting& row = rows_[key];
  row.delivery = std::move(delivery);
  if (!row.delivery.queued_at) row.delivery.queued_at = now;
  if (!channels_.contains(row.delivery.row.destination)) {
    lost_.push_back(&row);
    return;
  }
  DeliveryChannel& channel = ChannelOf(row.delivery.row);
  if (row.delivery.state == DeliveryState::kSent) {
    // Leased by an engine that ended before it knew the answer: at once again, with the same key.
    outbox::Attempt attempt;
    attempt.at = row.delivery.sent_at.value_or(now);
    attempt.epoch = row.delivery.epoch;
    attempt.outcome = Outcome::kUnknown;
    attempt.detail = "the engine ended before it knew the answer";
    ++counts_.attempts[static_cast<std::size_t>(attempt.outcome)];
    outbox::Enter(row.delivery, std::move(attempt), std::nullopt, parts_.options);
    row.delivery.state = DeliveryState::kFailed;
    row.delivery.reason = DeadReason::kNone;
    row.delivery.ended_at.reset();
    row.delivery.due = now;
  }
  // A replay tells all as it came.
  if (!parts_.options.in_order) order_.Enter(row);
  channel.Add(row, now);
}

void Delivery::Leave(Waiting& row) {
  if (parts_.options.in_order) return;
  const auto channel = channels_.find(row.delivery.row.destination);
  if (channel != channels_.end()) channel->second.Free(order_.Leave(row));
}

// False: the row stays in the store alone. No row leaves memory while one that is to come after it
// stays.
bool Delivery::MakeRoomFor(const outbox::Row& row) {
  if (rows_.size() < parts_.options.window_rows) return true;
  const std::size_t lane = outbox::LaneOf(row.message.severity);
  const std::vector<LinePlace> places = PlacesOf(row);
  const auto may_leave = [&](const Waiting& least) {
    const std::vector<LinePlace> of_least = PlacesOf(least.delivery.row);
    const bool same = std::any_of(places.begin(), places.end(), [&](const LinePlace& place) {
      return !of_least.empty() && of_least.front().line == place.line;
    });
    return !same && (parts_.options.in_order || order_.IsLast(least));
  };
  for (auto& [name, channel] : channels_) {
    Waiting* least = channel.TakeLeast(lane, may_leave);
    if (least == nullptr) continue;
    Leave(*least);
    LeaveToStore(least->delivery.row);
    const std::string key = least->delivery.row.key;
    rows_.erase(key);
    return true;
  }
  return false;
}

void Delivery::LeaveToStore(const outbox::Row& row) {
  ++stored_only_;
  for (const LinePlace& place : PlacesOf(row)) stored_lines_.insert(place.line);
}

// As far as there is room.
void Delivery::PutIntoMemory(outbox::Delivery&& delivery, Instant now) {
  if (MakeRoomFor(delivery.row)) {
    Insert(std::move(delivery), now);
  } else {
    LeaveToStore(delivery.row);
  }
}

// Behind one that memory had no room for there is none either.
bool Delivery::IsBehindStored(const outbox::Row& row) const {
  if (stored_lines_.empty() || row.message.digest || outbox::IsUrgent(row)) return false;
  const std::vector<LinePlace> places = PlacesOf(row);
  return !places.empty() && stored_lines_.contains(places.front().line);
}

}  // namespace stockwatch::flow
