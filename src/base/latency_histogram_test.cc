#include "base/latency_histogram.h"

#include <gtest/gtest.h>

namespace stockwatch::base {
namespace {

TEST(LatencyHistogram, CountsByUpperBound) {
  LatencyHistogram latency;
  for (const std::int64_t ms : {1, 5, 6, 250, 251, 60'000}) {
    latency.Add(Duration::Micros(ms * 1000));
  }
  EXPECT_EQ(latency.counts, (std::array<std::uint64_t, 10>{2, 1, 0, 0, 0, 1, 1, 0, 0, 1}));
  EXPECT_EQ(latency.total, 6u);
}

TEST(LatencyHistogram, CountsManyAtOnce) {
  LatencyHistogram latency;
  latency.Add(Duration::Micros(2'000), 3);
  EXPECT_EQ(latency.counts[0], 3u);
  EXPECT_EQ(latency.total, 3u);
  EXPECT_EQ(latency.sum_micros, 6'000);
}

}  // namespace
}  // namespace stockwatch::base
