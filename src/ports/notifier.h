#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "domain/outbox/delivery.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::ports {

// What came of handing a row to a receiver.
struct Sent {
  outbox::Outcome outcome{};
  std::uint16_t status = 0;                        // of HTTP; 0: none
  std::string detail = {};                         // first bytes of the answer, or what failed
  std::optional<base::Duration> retry_after = {};  // that the receiver asked for
};

// One way to a receiver, which may take its time. One caller at a time.
class Channel {
 public:
  virtual ~Channel() = default;

  // Hands one row over and waits for the answer. Idempotent by the row's key where the receiver can
  // be.
  virtual Sent Send(const outbox::Row& row) = 0;
};

// All ways to receivers, for the one loop that decides what goes when. Nobody waits here: rows are
// taken, and answers come later. One caller at a time.
class Notifier {
 public:
  virtual ~Notifier() = default;

  // Takes a row to be handed to its destination. `lease` comes back with the answer.
  virtual void Begin(const outbox::Row& row, std::uint64_t lease) = 0;

  struct Answer {
    std::uint64_t lease = 0;
    Sent sent;
    base::Duration latency;
  };
  // Those that came since the last call.
  virtual std::vector<Answer> TakeAnswers() = 0;
};

}  // namespace stockwatch::ports
