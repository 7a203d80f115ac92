#include "base/huge_pages.h"

#include <sys/mman.h>

#include <cstdlib>

#include "base/assertion.h"

namespace stockwatch::base {

void* AllocateHuge(std::size_t bytes, Pages pages) {
  void* memory = std::aligned_alloc(kHugePageBytes, bytes);
  SW_ASSERT(memory != nullptr, "memory is out");
  // A kernel without huge pages refuses: small ones serve as well.
  if (pages == Pages::kHuge) static_cast<void>(madvise(memory, bytes, MADV_HUGEPAGE));
  return memory;
}

void FreeHuge(void* memory) noexcept {
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc): frees for the classes that own
}

}  // namespace stockwatch::base
