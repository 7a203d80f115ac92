#pragma once

#include <optional>
#include <vector>

#include "domain/outbox/outbox_row.h"

namespace stockwatch::outbox {

inline constexpr std::size_t kDigestTop = 10;  // lines of rows below critical

// One row that stands for all of these: counts, each critical one, the top of the others by revenue
// at risk, then price. Its key is made of theirs, whatever their order. `group`: that they all are
// of. REQUIRES: at least one row, all of one route and destination, no digest among them
Row Fold(const std::vector<const Row*>& rows, std::optional<Group> group = std::nullopt);

// Whether it may go into a digest.
inline bool CanBeFolded(const Row& row) {
  return row.message.severity != event::Severity::kPage && !row.message.digest;
}

}  // namespace stockwatch::outbox
