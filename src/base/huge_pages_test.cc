#include "base/huge_pages.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace stockwatch::base {
namespace {

TEST(HugeList, KeepsWhatItHoldsInPlaceWhileItGrows) {
  HugeList<std::string> list;
  const std::string& first = list.push_back("first");
  const std::size_t count = 2 * kHugePageBytes / sizeof(std::string);
  for (std::size_t i = 1; i < count; ++i) list.push_back(std::to_string(i));
  EXPECT_EQ(first, "first");
  EXPECT_EQ(&list[0], &first);
  EXPECT_EQ(list[count - 1], std::to_string(count - 1));
  EXPECT_EQ(list.size(), count);
  EXPECT_EQ(list.memory_bytes(), 2 * kHugePageBytes);
}

TEST(HugeAllocator, ServesSmallAndLargePieces) {
  std::vector<std::uint64_t, HugeAllocator<std::uint64_t>> numbers;
  // NOLINTNEXTLINE(performance-inefficient-vector-operation): it is to grow
  for (std::uint64_t i = 0; i < kHugePageBytes / 4; ++i) numbers.push_back(i);
  EXPECT_EQ(numbers.back(), kHugePageBytes / 4 - 1);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % kHugePageBytes, 0u);
}

}  // namespace
}  // namespace stockwatch::base
