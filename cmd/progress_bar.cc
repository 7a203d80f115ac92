#include "progress_bar.h"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace stockwatch::cmd {

ProgressBar::ProgressBar(bool wanted) : shown_(wanted && isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::Show(double share, std::uint64_t done, const char* unit) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  drawn_ = true;
  if (share < 0) {
    std::fprintf(stderr, "\r\x1b[K%llu %s", static_cast<unsigned long long>(done), unit);
    return;
  }
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(share * kWidth);
  const std::string bar(static_cast<std::size_t>(filled), '#');
  std::fprintf(stderr, "\r\x1b[K[%-*s] %3d %%  %llu %s", kWidth, bar.c_str(),
               static_cast<int>(share * 100), static_cast<unsigned long long>(done), unit);
}

}  // namespace stockwatch::cmd
