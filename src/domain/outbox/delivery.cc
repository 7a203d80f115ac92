#include "domain/outbox/delivery.h"

#include <algorithm>

#include "base/random.h"
#include "domain/key/stable_hash.h"
#include "domain/outbox/retry_schedule.h"

namespace stockwatch::outbox {
namespace {

void End(Delivery& delivery, DeliveryState state, base::Instant now) {
  delivery.state = state;
  delivery.ended_at = now;
  delivery.due.reset();
  delivery.held = false;
}

void Retry(Delivery& delivery, base::Instant at, std::optional<base::Duration> retry_after,
           const DeliveryOptions& options) {
  const std::uint64_t chance =
      base::SplitMix64(key::StableHash(delivery.row.key, 0) ^ options.seed ^
                       (delivery.attempts * std::uint64_t{31}));
  std::optional<base::Instant> due = NextAttempt(delivery.round, at, chance);
  if (!due) return DeadLetter(delivery, DeadReason::kExhausted, at);
  delivery.held = retry_after.has_value();
  if (retry_after) due = std::max(*due, at + std::min(*retry_after, options.retry_after_max));
  delivery.state = DeliveryState::kFailed;
  delivery.due = due;
}

}  // namespace

void Enter(Delivery& delivery, Attempt attempt, std::optional<base::Duration> retry_after,
           const DeliveryOptions& options) {
  if (attempt.detail.size() > kDetailBytesMax) attempt.detail.resize(kDetailBytesMax);
  ++delivery.attempts;
  ++delivery.round;
  const base::Instant at = attempt.at;
  const Outcome outcome = attempt.outcome;
  if (delivery.recent.size() == kAttemptsKept) delivery.recent.erase(delivery.recent.begin());
  delivery.recent.push_back(std::move(attempt));
  switch (outcome) {
    case Outcome::kDelivered:
      return End(delivery, DeliveryState::kDelivered, at);
    case Outcome::kGone:
      return DeadLetter(delivery, DeadReason::kGone, at);
    case Outcome::kRefused:
      return DeadLetter(delivery, DeadReason::kRefused, at);
    case Outcome::kFailed:
    case Outcome::kUnknown:
      return Retry(delivery, at, retry_after, options);
  }
}

void DeadLetter(Delivery& delivery, DeadReason reason, base::Instant now) {
  End(delivery, DeliveryState::kDeadLettered, now);
  delivery.reason = reason;
}

base::Status Replay(Delivery& delivery, base::Instant now) {
  if (delivery.state != DeliveryState::kDeadLettered) {
    return base::Error{base::Code::kFailedPrecondition,
                       "only a dead letter can be delivered again, this one is " +
                           std::string(Name(delivery.state))};
  }
  delivery.state = delivery.attempts == 0 ? DeliveryState::kQueued : DeliveryState::kFailed;
  delivery.reason = DeadReason::kNone;
  delivery.round = 0;
  delivery.queued_at = now;
  delivery.due = now;
  delivery.ended_at.reset();
  return {};
}

std::string_view Name(DeliveryState state) {
  constexpr std::array<std::string_view, 8> kNames{
      "queued", "sent", "accepted", "failed", "delivered", "dead_lettered", "", "folded"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view Name(Outcome outcome) {
  constexpr std::array<std::string_view, 5> kNames{"delivered", "failed", "unknown", "gone",
                                                   "refused"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view Name(DeadReason reason) {
  constexpr std::array<std::string_view, 6> kNames{"none", "exhausted", "expired",
                                                   "gone", "refused",   "no_channel"};
  return kNames[static_cast<std::size_t>(reason)];
}

}  // namespace stockwatch::outbox
