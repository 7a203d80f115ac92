#pragma once

#include <chrono>
#include <cstdint>

namespace stockwatch::cmd {

// One line on standard error that says how far long work is; only on a terminal, at most ten times
// a second.
class ProgressBar {
 public:
  explicit ProgressBar(bool wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `share` from 0 to 1, negative if unknown; `done` counts `unit`.
  void Show(double share, std::uint64_t done, const char* unit);

 private:
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace stockwatch::cmd
