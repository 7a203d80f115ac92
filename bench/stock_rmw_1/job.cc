#include "job.h"

#include <algorithm>
#include <cmath>

namespace stock_rmw_1 {
namespace {

constexpr std::uint64_t kSeed = 42;
constexpr std::uint64_t kCopyDistance = 1000;
constexpr std::uint64_t kLateBy = 500;

bool IsCopy(std::uint64_t x, std::uint64_t i) {
  return (x >> 53) % 100 == 0 && i >= kCopyDistance;
}
bool IsLate(std::uint64_t x) {
  return (x >> 53) % 200 == 1;
}

std::vector<std::uint32_t> ZipfTable(std::uint64_t items) {
  std::vector<double> cumulative(items);
  double sum = 0;
  for (std::uint64_t k = 0; k < items; ++k) {
    sum += 1.0 / std::pow(static_cast<double>(k + 1), 1.1);
    cumulative[k] = sum;
  }
  std::vector<std::uint32_t> table(items);
  for (std::uint64_t k = 0; k < items; ++k) {
    table[k] =
        static_cast<std::uint32_t>(std::min(4294967295.0, cumulative[k] / sum * 4294967296.0));
  }
  return table;
}

}  // namespace

std::uint64_t SplitMix64(std::uint64_t value) {
  std::uint64_t z = value + 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

Stream::Stream(const Job& job) : job_(job) {
  if (job.skew == Skew::kZipf) zipf_ = ZipfTable(job.items);
}

std::uint64_t Stream::ItemOf(std::uint64_t x) const {
  switch (job_.skew) {
    case Skew::kUniform:
      return x % job_.items;
    case Skew::k8020: {
      const std::uint64_t hot = std::max<std::uint64_t>(1, job_.items / 5);
      if ((x >> 32) % 10 < 8 || job_.items == hot) return x % hot;
      return hot + x % (job_.items - hot);
    }
    case Skew::kZipf: {
      const auto weight = static_cast<std::uint32_t>(x >> 32);
      const auto place = std::upper_bound(zipf_.begin(), zipf_.end(), weight);
      return static_cast<std::uint64_t>(std::min(place, zipf_.end() - 1) - zipf_.begin());
    }
  }
  return 0;
}

Event Stream::Make(std::uint64_t i) const {
  std::uint64_t x = SplitMix64(kSeed + i);
  while (IsCopy(x, i)) {
    i -= kCopyDistance;
    x = SplitMix64(kSeed + i);
  }
  Event event;
  event.number = i;
  event.item = ItemOf(x);
  event.receipt = ((x >> 50) & 15) == 0;
  event.quantity = event.receipt ? 40 : static_cast<std::int32_t>(1 + (x >> 40) % 5);
  event.occurred_micros =
      std::int64_t{kStartSeconds} * 1'000'000 + static_cast<std::int64_t>(i) * 100;
  event.seconds = kStartSeconds + static_cast<std::uint32_t>(i / 10'000);
  event.increment = static_cast<std::uint32_t>(i % 10'000) + 1;
  return event;
}

// At place p stands event p unless it is late; a late one stands 500 places on, behind whatever
// stands there.
bool Stream::Next(Event& event) {
  while (place_ < job_.events + kLateBy) {
    const std::uint64_t place = place_;
    if (!late_is_due_) {
      late_is_due_ = true;
      if (place < job_.events && !IsLate(SplitMix64(kSeed + place))) {
        event = Make(place);
        return true;
      }
    }
    late_is_due_ = false;
    ++place_;
    const bool was_late = place >= kLateBy && place - kLateBy < job_.events &&
                          IsLate(SplitMix64(kSeed + place - kLateBy));
    if (was_late) {
      event = Make(place - kLateBy);
      return true;
    }
  }
  return false;
}

}  // namespace stock_rmw_1
