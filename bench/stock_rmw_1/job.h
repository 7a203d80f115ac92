#pragma once

// The canonical job `stock-rmw-1`, written down so that anyone can build a rival to it:
// docs/benchmark.md. Includes nothing of src/.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace stock_rmw_1 {

enum class Skew { kUniform, k8020, kZipf };

struct Job {
  std::uint64_t events = 10'000'000;
  std::uint64_t items = 1'000'000;
  Skew skew = Skew::kUniform;
};

struct Event {
  std::uint64_t number = 0;  // i; of a copy that of its original
  std::uint64_t item = 0;
  bool receipt = false;  // else a sale
  std::int32_t quantity = 0;
  std::int64_t occurred_micros = 0;
  std::uint32_t seconds = 0;
  std::uint32_t increment = 0;
};

inline constexpr std::uint32_t kStartSeconds = 1'704'067'200;    // 2024-01-01T00:00:00Z
inline constexpr std::uint32_t kOpeningSeconds = 1'704'067'199;  // 2023-12-31T23:59:59Z
inline constexpr std::int32_t kOpeningStock = 40;

std::uint64_t SplitMix64(std::uint64_t value);

// Gives the job's events in their order of arrival.
class Stream {
 public:
  explicit Stream(const Job& job);
  // False at the end.
  bool Next(Event& event);
  // The cumulative weights of `zipf`, for rivals; empty for other skews.
  const std::vector<std::uint32_t>& zipf_table() const { return zipf_; }

 private:
  std::uint64_t ItemOf(std::uint64_t x) const;
  Event Make(std::uint64_t i) const;

  Job job_;
  std::vector<std::uint32_t> zipf_;
  std::uint64_t place_ = 0;  // the next place; past the end late events are left
  bool late_is_due_ = false;
};

}  // namespace stock_rmw_1
