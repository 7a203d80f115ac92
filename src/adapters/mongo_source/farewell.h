#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace stockwatch::mongo_source {

// How long those who wait for a server still wait when the process ends: the driver's calls cannot
// be broken off, and a server that hangs must hold nobody up. Any thread.
class Farewell {
 public:
  using Clock = std::chrono::steady_clock;

  // `leaves`: asked by who waits, where nobody can call Begin meanwhile.
  explicit Farewell(std::chrono::milliseconds patience, std::function<bool()> leaves = nullptr)
      : patience_(patience), leaves_(std::move(leaves)) {}

  void Begin() {
    const std::lock_guard lock(mutex_);
    BeginLocked();
  }

  std::mutex& mutex() { return mutex_; }
  // Something has changed. REQUIRES: mutex() is held
  void Tell() { news_.notify_all(); }
  // False: it is time to leave, and `done` does not hold. REQUIRES: `lock` holds mutex()
  template <typename Done>
  bool WaitFor(std::unique_lock<std::mutex>& lock, Done done) {
    constexpr std::chrono::milliseconds kLook{100};
    while (!done()) {
      if (until_ && Clock::now() >= *until_) return false;
      if (leaves_ && !until_ && leaves_()) BeginLocked();
      if (until_) {
        news_.wait_until(lock, *until_);
      } else if (leaves_) {
        news_.wait_for(lock, kLook);
      } else {
        news_.wait(lock);
      }
    }
    return true;
  }
  // Not ended by the farewell. REQUIRES: `lock` holds mutex()
  template <typename Done>
  void WaitForWork(std::unique_lock<std::mutex>& lock, Done done) {
    news_.wait(lock, done);
  }
  // As WaitFor, and no longer than `longest`.
  template <typename Done>
  bool WaitFor(std::unique_lock<std::mutex>& lock, std::chrono::milliseconds longest, Done done) {
    auto until = Clock::now() + longest;
    if (until_) until = std::min(until, *until_);
    return news_.wait_until(lock, until, done);
  }

 private:
  void BeginLocked() {
    if (!until_) until_ = Clock::now() + patience_;
    news_.notify_all();
  }

  const std::chrono::milliseconds patience_;
  const std::function<bool()> leaves_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::optional<Clock::time_point> until_;
};

}  // namespace stockwatch::mongo_source
