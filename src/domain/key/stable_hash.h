#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/random.h"

namespace stockwatch::key {

// The same on every machine and in every version: virtual shards depend on it. Not for untrusted
// hash tables.
inline std::uint64_t StableHash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = base::SplitMix64(seed ^ bytes.size());
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = base::SplitMix64(hash ^ word);
    bytes.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
  return base::SplitMix64(hash ^ rest);
}

}  // namespace stockwatch::key
