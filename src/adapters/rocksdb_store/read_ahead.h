#pragma once

#include <cstddef>
#include <functional>

#include "ports/state_store.h"

namespace stockwatch::rocksdb_store {

// Runs `read` on a thread of its own, at most so many megabytes ahead of `take`, which gets all
// that it reads on the caller's thread and in its order. A start has as much to do with what it
// reads as reading takes. Returns what `read` returned.
base::Status ReadAhead(
    std::size_t megabytes,
    const std::function<base::Status(const ports::StateStore::FamilyRecord& give)>& read,
    const ports::StateStore::FamilyRecord& take);

}  // namespace stockwatch::rocksdb_store
