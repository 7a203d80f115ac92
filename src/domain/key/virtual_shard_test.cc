#include "domain/key/virtual_shard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace stockwatch::key {
namespace {

std::uint32_t ShardOf(std::string_view warehouse, std::string_view sku) {
  return VirtualShardOf({event::WarehouseIdView::Trusted(warehouse), event::SkuView::Trusted(sku)});
}

// Stored state depends on these numbers. They come from this Python:
//
//   def mix(v):
//       z = (v + 0x9E3779B97F4A7C15) & (2**64 - 1)
//       z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
//       z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & (2**64 - 1)
//       return z ^ (z >> 31)
//   def h(b, seed):
//       v, whole = mix(seed ^ len(b)), len(b) // 8 * 8
//       for i in range(0, whole, 8): v = mix(v ^ int.from_bytes(b[i:i + 8], "little"))
//       return mix(v ^ int.from_bytes(b[whole:], "little"))
//   def shard(warehouse, sku): return h(sku.encode(), h(warehouse.encode(), 0)) % 256
TEST(VirtualShard, NumbersAreForEver) {
  struct Case {
    std::string_view warehouse;
    std::string_view sku;
    std::uint32_t shard;
  };
  constexpr Case kCases[] = {
      {"GB", "85123A", 172},   {"GB", "85123B", 155},
      {"DE", "85123A", 136},   {"united-kingdom", "22423", 205},
      {"a", "12345678", 43},   {"a", "123456789", 170},
      {"ab", "c", 251},        {"a", "bc", 121},
      {"(none)", "POST", 101}, {"Köln", "Größe-⚙", 214},
  };
  for (const auto& [warehouse, sku, shard] : kCases) {
    EXPECT_EQ(ShardOf(warehouse, sku), shard) << warehouse << " " << sku;
  }
  EXPECT_EQ(StableHash("", 0), 0xa706dd2f4d197e6fu);
  EXPECT_EQ(StableHash("12345678", 7), 0xc39733a3bfe19a86u);
}

TEST(VirtualShard, TakesAViewOfNothing) {
  EXPECT_EQ(StableHash(std::string_view(), 0), StableHash("", 0));
}

TEST(VirtualShard, SpreadsTheSkusOfAWarehouse) {
  std::array<int, kVirtualShards> items{};
  for (int i = 0; i < 25'600; ++i) ++items[ShardOf("GB", std::to_string(i))];
  // Expected 100 each, standard deviation 10; by the Python above 73 to 134.
  EXPECT_EQ(*std::min_element(items.begin(), items.end()), 73);
  EXPECT_EQ(*std::max_element(items.begin(), items.end()), 134);
}

}  // namespace
}  // namespace stockwatch::key
