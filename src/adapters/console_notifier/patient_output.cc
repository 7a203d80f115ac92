#include "adapters/console_notifier/patient_output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace stockwatch::console_notifier {
namespace {

constexpr int kLookAgainMs = 50;

}  // namespace

// False: it was stopped before. An error of the descriptor is left to the write.
bool PatientOutput::WaitUntilItTakes() const {
  while (true) {
    const bool last = stopped_;
    pollfd one{descriptor_, POLLOUT, 0};
    const int ready = poll(&one, 1, last ? 0 : kLookAgainMs);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    if (last) return false;
  }
}

std::streamsize PatientOutput::xsputn(const char* text, std::streamsize size) {
  std::streamsize written = 0;
  while (written < size && WaitUntilItTakes()) {
    // A pipe that takes anything takes so much without waiting.
    const auto piece = std::min<std::streamsize>(size - written, PIPE_BUF);
    const ssize_t took = write(descriptor_, text + written, static_cast<std::size_t>(piece));
    if (took >= 0) {
      written += took;
    } else if (errno != EINTR && errno != EAGAIN) {
      break;
    }
  }
  return written;
}

PatientOutput::int_type PatientOutput::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char one = traits_type::to_char_type(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

}  // namespace stockwatch::console_notifier
