#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/huge_pages.h"

namespace stockwatch::key {

// A text in a TextArena. 0: none.
using TextRef = std::uint32_t;

// Append-only home of many short texts (up to 65,535 bytes each, 16 GiB in all), four bytes a
// reference. Texts are never freed one by one; views stay valid as long as the arena. One thread at
// a time.
class TextArena {
 public:
  TextRef Add(std::string_view text);
  // REQUIRES: `ref` came from Add of this arena.
  std::string_view Text(TextRef ref) const {
    const char* place = At(ref);
    return {place + 2, static_cast<std::size_t>(static_cast<unsigned char>(place[0])) |
                           static_cast<std::size_t>(static_cast<unsigned char>(place[1])) << 8};
  }
  void Prefetch(TextRef ref) const { __builtin_prefetch(At(ref)); }
  std::size_t bytes() const { return blocks_.size() * kBlockBytes; }

 private:
  static constexpr std::size_t kGrain = 4;  // references count grains
  static constexpr std::size_t kBlockBytes = base::kHugePageBytes;

  const char* At(TextRef ref) const {
    const std::size_t offset = std::size_t{ref} * kGrain;
    return blocks_[offset / kBlockBytes].get() + offset % kBlockBytes;
  }

  struct Free {
    void operator()(char* block) const { base::FreeHuge(block); }
  };
  std::vector<std::unique_ptr<char, Free>> blocks_;
  std::size_t used_ = kBlockBytes;  // of the last block; the first Add opens one
};

}  // namespace stockwatch::key
