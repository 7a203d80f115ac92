#include "domain/event/alert_id.h"

#include <charconv>

#include "base/digest.h"

namespace stockwatch::event {

std::string AlertIdText(const AlertId& id) {
  return base::Hex(std::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

std::optional<AlertId> ParseAlertId(std::string_view text) {
  AlertId id{};
  if (text.size() != 2 * id.size()) return std::nullopt;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const char* from = text.data() + 2 * i;
    const auto read = std::from_chars(from, from + 2, id[i], 16);
    if (read.ec != std::errc() || read.ptr != from + 2) return std::nullopt;
  }
  return id;
}

}  // namespace stockwatch::event
