#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace stockwatch::base {

// Memory that is read at random: large pages spare most walks of the page table (a fifth of an
// event's time at a million items).
inline constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

// Memory aligned to a huge page. kHuge: the kernel is asked for such pages; kSmall: what is touched
// alone takes memory. Ends the process when memory is out. `bytes`: a multiple of kHugePageBytes.
enum class Pages : bool { kSmall, kHuge };
void* AllocateHuge(std::size_t bytes, Pages pages);
void FreeHuge(void* memory) noexcept;

// For containers: what fills a huge page comes from AllocateHuge, smaller pieces from operator new.
template <typename T>
struct HugeAllocator {
  using value_type = T;
  HugeAllocator() = default;
  template <typename U>
  // Not explicit: allocators convert.
  HugeAllocator(const HugeAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kHugePageBytes) return static_cast<T*>(::operator new(bytes));
    const std::size_t pages = (bytes + kHugePageBytes - 1) / kHugePageBytes;
    return static_cast<T*>(AllocateHuge(pages * kHugePageBytes, Pages::kHuge));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (count * sizeof(T) < kHugePageBytes) {
      ::operator delete(memory);
    } else {
      FreeHuge(memory);
    }
  }
  bool operator==(const HugeAllocator&) const = default;
};

// A list that grows by blocks of one huge page: what is in it never moves, and growing copies
// nothing. T: destroyed with the list.
template <typename T>
class HugeList {
 public:
  HugeList() = default;
  HugeList(const HugeList&) = delete;
  HugeList& operator=(const HugeList&) = delete;
  ~HugeList() {
    for (std::size_t i = 0; i < size_; ++i) std::destroy_at(&(*this)[i]);
    for (T* block : blocks_) FreeHuge(block);
  }

  T& operator[](std::size_t i) { return blocks_[i / kBlock][i % kBlock]; }
  const T& operator[](std::size_t i) const { return blocks_[i / kBlock][i % kBlock]; }
  T& push_back(T value = T()) {
    if (size_ == blocks_.size() * kBlock) {
      // Most lists stay short.
      const Pages pages = blocks_.empty() ? Pages::kSmall : Pages::kHuge;
      blocks_.push_back(static_cast<T*>(AllocateHuge(kHugePageBytes, pages)));
    }
    T* place = &blocks_[size_ / kBlock][size_ % kBlock];
    ++size_;
    return *std::construct_at(place, std::move(value));
  }
  std::size_t size() const { return size_; }
  std::size_t memory_bytes() const { return blocks_.size() * kHugePageBytes; }

 private:
  static constexpr std::size_t kBlock = kHugePageBytes / sizeof(T);

  std::vector<T*> blocks_;
  std::size_t size_ = 0;
};

}  // namespace stockwatch::base
