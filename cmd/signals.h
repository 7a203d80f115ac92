#pragma once

#include <csignal>
#include <ctime>

#include "app/live.h"
#include "base/instant.h"

namespace stockwatch::cmd {

inline base::Instant WallTime() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return base::Instant::Micros(std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000);
}

// Signals wait until somebody asks, so that nothing is interrupted.
class Signals {
 public:
  // Before any thread is made.
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
    sigprocmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  app::Wish Taken() const {
    const timespec at_once{};
    switch (sigtimedwait(&set_, nullptr, &at_once)) {
      case SIGTERM:
      case SIGINT:
        return app::Wish::kStop;
      case SIGHUP:
        return app::Wish::kReload;
      default:
        return app::Wish::kNone;
    }
  }

 private:
  sigset_t set_{};
};

}  // namespace stockwatch::cmd
