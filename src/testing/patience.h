#pragma once

#include <chrono>
#include <thread>

namespace stockwatch::testing {

// Until a test gives up what another thread was to do; long, for a slow machine only.
inline constexpr std::chrono::seconds kPatience{60};

// Whether it holds within kPatience.
template <typename Condition>
bool Comes(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace stockwatch::testing
