#include "adapters/system_clock/system_clock.h"

#include <chrono>

namespace stockwatch::system_clock {
namespace {

template <typename Clock>
std::int64_t MicrosOf() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
      .count();
}

}  // namespace

base::Instant SystemClock::Wall() {
  return base::Instant::Micros(MicrosOf<std::chrono::system_clock>());
}

base::Duration SystemClock::Monotonic() {
  return base::Duration::Micros(MicrosOf<std::chrono::steady_clock>());
}

}  // namespace stockwatch::system_clock
