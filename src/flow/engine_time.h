#pragma once

#include <optional>

#include "base/instant.h"
#include "ports/clock.h"

namespace stockwatch::flow {

// Engine time of the domain page, section 2: wall time that never goes back and is not carried away
// by a clock that jumps. It starts at the wall's time, or where it was if that is later, and runs
// on the monotonic clock; the wall is followed where it is ahead by little.
class EngineTime {
 public:
  // A wall clock that is ahead by more is not believed at once,
  static constexpr base::Duration kBelieved = base::Duration::Minutes(5);
  // but when it has said so for so long.
  static constexpr base::Duration kAdoptedAfter = base::Duration::Hours(1);

  // `reached`: what was stored of it last. `clock` must outlive it.
  EngineTime(ports::Clock& clock, base::Instant reached);

  base::Instant Now();

  // As of the last Now: the wall, how far it is ahead and not believed (zero if it is not), and how
  // long it must say so until it is.
  base::Instant wall() const { return wall_; }
  base::Duration ahead() const { return ahead_; }
  base::Duration adopted_in() const { return adopted_in_; }
  // An operator says that the wall is right.
  void AdoptWall();

 private:
  void RunFrom(base::Instant now);
  void Agree();

  ports::Clock& clock_;
  base::Instant now_;
  base::Instant wall_;
  base::Instant started_;             // engine time
  base::Duration started_monotonic_;  // at `started_`
  base::Duration ahead_;
  base::Duration adopted_in_;
  std::optional<base::Duration> ahead_since_;  // monotonic
};

}  // namespace stockwatch::flow
