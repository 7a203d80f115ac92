#pragma once

#include <cstdint>
#include <variant>

#include "adapters/mongo_source/link.h"
#include "adapters/mongo_source/options.h"

namespace stockwatch::mongo_source {

// How many documents a snapshot of everything will read, by the server's own books, which may be
// somewhat wrong after a crash. REQUIRES: `link` has a server
std::variant<std::uint64_t, Failure> EstimatedDocuments(const Link& link, const Options& options);

}  // namespace stockwatch::mongo_source
