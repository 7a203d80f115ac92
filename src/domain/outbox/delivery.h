#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "domain/outbox/breaker.h"
#include "domain/outbox/flow_limit.h"
#include "domain/outbox/grouping.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::outbox {

// What is becoming of a row, and what became of it: those from kDelivered on are ends.
enum class DeliveryState : std::uint8_t {
  kQueued,    // nobody tried yet
  kSent,      // handed out, the answer is awaited; not stored: after a crash nobody knows
  kAccepted,  // the receiver took it and will say when it has arrived
  kFailed,    // tried; it is due again
  kDelivered,
  kDeadLettered,  // given up, visible, to be replayed by an operator
  kFolded = 7,    // into the digest `by`; 6 is kept free, for records
};
std::string_view Name(DeliveryState state);
constexpr bool HasEnded(DeliveryState state) {
  return state >= DeliveryState::kDelivered;
}

// What came of one attempt.
enum class Outcome : std::uint8_t {
  kDelivered,
  kFailed,   // the receiver said that it did not take it
  kUnknown,  // no whole answer: it may have taken it
  kGone,     // the receiver wants nothing any more
  kRefused,  // it can never be sent
};
std::string_view Name(Outcome outcome);

enum class DeadReason : std::uint8_t { kNone, kExhausted, kExpired, kGone, kRefused, kNoChannel };
std::string_view Name(DeadReason reason);

struct Attempt {
  base::Instant at;         // engine time
  std::uint64_t epoch = 0;  // of the engine that made it
  Outcome outcome{};
  std::uint16_t status = 0;  // of HTTP; 0: none
  base::Duration latency;
  std::string detail;  // first bytes of the answer, or what failed

  bool operator==(const Attempt&) const = default;
};

// A row with all that is known of its delivery. Times are engine time.
struct Delivery {
  Row row;
  DeliveryState state = DeliveryState::kQueued;
  std::uint32_t attempts = 0;              // in all
  std::uint32_t round = 0;                 // of them since it was queued, or replayed last
  std::optional<base::Instant> queued_at;  // first seen by the delivery loop
  std::optional<base::Instant> due;        // not before; none: at once
  bool held = false;                       // due is what the receiver asked for
  std::optional<base::Instant> sent_at;    // handed out last: a lease,
  std::uint64_t epoch = 0;                 // by the engine of this epoch of the store
  std::optional<base::Instant> ended_at;
  DeadReason reason{};
  std::string by;               // of folded
  std::vector<Attempt> recent;  // the latest kAttemptsKept, newest last

  bool operator==(const Delivery&) const = default;
};
inline constexpr std::size_t kAttemptsKept = 20;
inline constexpr std::size_t kDetailBytesMax = 256;

// Priority lanes, the first goes first.
inline constexpr std::size_t kLanes = 4;
constexpr std::size_t LaneOf(event::Severity severity) {
  return kLanes - 1 - static_cast<std::size_t>(severity);
}

// It waits for nothing, not even for what is to be told of its alert before it. The end of an alert
// does: told first, it would leave the receiver with an alert that never ends.
inline bool IsUrgent(const Row& row) {
  return row.message.severity == event::Severity::kPage &&
         row.message.kind != alert::NoticeKind::kResolved;
}

struct ChannelOptions {
  std::uint32_t in_flight_max = 4;   // handed out and not answered
  std::uint32_t per_minute_max = 0;  // notices; more become a digest; 0: without a limit
  Grouping grouping = {};
  std::string fingerprint = {};  // of the settings: a disabled one that changed is tried again

  bool operator==(const ChannelOptions&) const = default;
};

struct DeliveryOptions {
  std::uint32_t window_rows = 20'000;  // in memory; what waits behind them is in the store
  base::Duration lease = base::Duration::Minutes(2);  // without an answer for so long: unknown
  base::Duration retry_after_max = base::Duration::Hours(24);
  base::Duration expire_after = base::Duration::Days(4);
  base::Duration keep = base::Duration::Days(30);  // of deliveries that ended
  Breaker::Options breaker = {};
  StormOptions storm = {};
  bool in_order = false;                                // without lanes
  std::uint64_t seed = 0;                               // of the jitter
  std::map<std::string, ChannelOptions> channels = {};  // by destination
  ChannelOptions others = {};                           // destinations that are not named

  const ChannelOptions& Of(const std::string& destination) const {
    const auto named = channels.find(destination);
    return named == channels.end() ? others : named->second;
  }
  // Every notice by itself, as they came: for replays, where nobody is disturbed.
  static DeliveryOptions InOrder() {
    DeliveryOptions options;
    options.in_order = true;
    options.storm.rows_min = 0;
    options.others.in_flight_max = ~std::uint32_t{0};
    options.window_rows = 100'000;
    return options;
  }
};

// Enters an attempt: the row is delivered, due again, or given up. `retry_after`: what the receiver
// asked for.
void Enter(Delivery& delivery, Attempt attempt, std::optional<base::Duration> retry_after,
           const DeliveryOptions& options);
// Gives up.
void DeadLetter(Delivery& delivery, DeadReason reason, base::Instant now);
// An operator wants it tried again: at once, by a new round of the schedule. kFailedPrecondition:
// it is no dead letter.
base::Status Replay(Delivery& delivery, base::Instant now);

}  // namespace stockwatch::outbox
