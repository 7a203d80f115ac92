#include "domain/key/text_arena.h"

#include "base/assertion.h"

namespace stockwatch::key {

TextRef TextArena::Add(std::string_view text) {
  SW_ASSERT(text.size() <= 65'535, "ids and keys are bounded when they are decoded");
  const std::size_t size = (text.size() + 2 + kGrain - 1) / kGrain * kGrain;
  if (used_ + size > kBlockBytes) {
    const base::Pages pages = blocks_.empty() ? base::Pages::kSmall : base::Pages::kHuge;
    blocks_.emplace_back(static_cast<char*>(base::AllocateHuge(kBlockBytes, pages)));
    used_ = blocks_.size() == 1 ? kGrain : 0;  // reference 0 stays free
  }
  const std::size_t offset = (blocks_.size() - 1) * kBlockBytes + used_;
  SW_ASSERT(offset / kGrain <= 0xFFFFFFFFu, "16 GiB of texts");
  char* place = blocks_.back().get() + used_;
  place[0] = static_cast<char>(text.size() & 0xFF);
  place[1] = static_cast<char>(text.size() >> 8);
  text.copy(place + 2, text.size());
  used_ += size;
  return static_cast<TextRef>(offset / kGrain);
}

}  // namespace stockwatch::key
