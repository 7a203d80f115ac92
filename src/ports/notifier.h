#pragma once

#include "base/result.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::ports {

// A way to a receiver. One caller at a time.
class Notifier {
 public:
  virtual ~Notifier() = default;

  // Delivers one row. Idempotent by the row's key where the receiver can be. kUnavailable: try
  // again later; any other error: this row will never be taken.
  virtual base::Status Deliver(const outbox::Row& row) = 0;
};

}  // namespace stockwatch::ports
