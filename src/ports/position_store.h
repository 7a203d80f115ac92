#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace stockwatch::ports {

// Where a connector without an engine keeps its place, and whose place it is: one process holds it
// at a time (R15). One caller at a time.
class PositionStore {
 public:
  // Gives it back, so that the next one need not wait; what is killed leaves it when its lease
  // ends.
  virtual ~PositionStore() = default;

  // Takes the place: what was stored last, empty if there was nothing. kUnavailable: another
  // process holds it, whom the message names, or the place cannot be reached now: ask again.
  virtual base::Result<std::string> Take() = 0;

  // Stores the record, durable when it returns, and holds the place for another lease().
  // kUnavailable: it cannot be reached now, and may have been stored: put it again. Else it gets no
  // better: another process has taken the place since and nothing was stored, or the disk fails.
  virtual base::Status Put(std::string_view record) = 0;

  // How long the place of a process that was killed stays taken; 0: not at all.
  virtual base::Duration lease() const = 0;
};

}  // namespace stockwatch::ports
