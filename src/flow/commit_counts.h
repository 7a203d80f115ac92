#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/latency_histogram.h"

namespace stockwatch::flow {

// Why a commit took in no more.
enum class CommitEnd : std::uint8_t { kSource, kCount, kBytes, kTime };
constexpr std::array<std::string_view, 4> kCommitEndNames{"source", "count", "bytes", "time"};

// Of this process: commits that took changes in.
struct CommitCounts {
  std::array<std::uint64_t, kCommitEndNames.size()> by_end{};
  base::LatencyHistogram latency;  // of the store, until what it was given is durable
};

}  // namespace stockwatch::flow
