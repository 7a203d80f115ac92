#pragma once

#include <array>
#include <cstdint>

#include "base/instant.h"

namespace stockwatch::base {

// How long something took, counted by upper bound: a histogram as Prometheus has them, before its
// counts are added up.
struct LatencyHistogram {
  static constexpr std::array<std::int64_t, 9> kBoundsMs{5,   10,   25,   50,    100,
                                                         250, 1000, 5000, 30'000};
  std::array<std::uint64_t, kBoundsMs.size() + 1> counts{};  // the last: longer than all bounds
  std::uint64_t total = 0;
  std::int64_t sum_micros = 0;

  // `times`: that many took as long.
  void Add(Duration latency, std::uint64_t times = 1) {
    std::size_t bucket = 0;
    while (bucket < kBoundsMs.size() && latency.micros() > kBoundsMs[bucket] * 1000) ++bucket;
    counts[bucket] += times;
    total += times;
    sum_micros += latency.micros() * static_cast<std::int64_t>(times);
  }
};

}  // namespace stockwatch::base
