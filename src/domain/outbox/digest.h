#pragma once

#include <optional>
#include <vector>

#include "domain/outbox/outbox_row.h"

namespace stockwatch::outbox {

// Lines of a digest, so that a body that has them all can be sent anywhere.
inline constexpr std::size_t kDigestCritical = 40;
inline constexpr std::size_t kDigestTop = 10;  // below critical

// Whoever fills a digest ends it before its keys are longer, as a body quotes them.
inline constexpr std::size_t kDigestKeyBytesMax = 32 * 1024;
std::size_t QuotedBytes(const Row& row);  // of its key

// One row that stands for all of these: counts, and a line for each subject, as far as there are
// lines: severest first, then what is open, most revenue at risk, price. Of several alerts of a
// subject the line has one that is open, if any is. Its key is made of theirs, whatever their
// order. `group`: that they all are of. REQUIRES: at least one row, all of one route and
// destination, no digest among them
Row Fold(const std::vector<const Row*>& rows, std::optional<Group> group = std::nullopt);

// Whether it may go into a digest.
inline bool CanBeFolded(const Row& row) {
  return row.message.severity != event::Severity::kPage && !row.message.digest;
}

}  // namespace stockwatch::outbox
