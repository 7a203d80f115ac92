#include "app/api/alert_id.h"

#include <charconv>
#include <string>

namespace stockwatch::api {

using base::Code;
using base::Error;

base::Result<event::AlertId> AlertIdOf(std::string_view text) {
  event::AlertId id{};
  const Error refused{Code::kNotFound, "no alert has the id \"" + std::string(text) + "\""};
  if (text.size() != id.size() * 2) return refused;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const char* from = text.data() + 2 * i;
    const auto read = std::from_chars(from, from + 2, id[i], 16);
    if (read.ec != std::errc() || read.ptr != from + 2) return refused;
  }
  return id;
}

}  // namespace stockwatch::api
