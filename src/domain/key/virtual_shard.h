#pragma once

#include <cstdint>

#include "domain/event/change.h"
#include "domain/key/stable_hash.h"

namespace stockwatch::key {

// State, ordering and lanes are split by virtual shard; a shard is the smallest part that moves between workers.
inline constexpr std::uint32_t kVirtualShards = 256;

inline std::uint32_t VirtualShardOf(const event::ItemKey& item) {
  const std::uint64_t warehouse = StableHash(item.warehouse.text(), 0);
  return static_cast<std::uint32_t>(StableHash(item.sku.text(), warehouse) % kVirtualShards);
}

}  // namespace stockwatch::key
