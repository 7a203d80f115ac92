#include "adapters/system_entropy/system_entropy.h"

#include <sys/random.h>

#include <cerrno>

namespace stockwatch::system_entropy {

base::Status SystemEntropy::Fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return base::Error{base::Code::kUnavailable, "the system gives no random bytes"};
    }
  }
  return {};
}

}  // namespace stockwatch::system_entropy
