#include "app/quality/hindsight.h"

namespace stockwatch::quality {
namespace {

// What an item's level is worth where a false alert costs so much.
double WorthOf(const Foresight& level, double weight, double precision_min) {
  const auto part = [](std::uint64_t count) { return static_cast<double>(count); };
  return part(level.recall.part) +
         weight * (part(level.precision.part) - precision_min * part(level.precision.whole));
}

Foresight Choose(const std::vector<std::vector<Level>>& items, double weight,
                 double precision_min) {
  Foresight chosen;
  for (const std::vector<Level>& levels : items) {
    const Foresight* best = nullptr;
    for (const auto& [chance, level] : levels) {
      const bool better = best == nullptr || WorthOf(level, weight, precision_min) >
                                                 WorthOf(*best, weight, precision_min);
      if (better) best = &level;
    }
    if (best == nullptr) continue;
    if (WorthOf(*best, weight, precision_min) >= 0) {
      chosen.Add(*best);
    } else {
      chosen.AddUnforeseen(*best);
    }
  }
  return chosen;
}

}  // namespace

std::vector<base::Instant> OpeningsAt(const ItemTrail& trail, int pieces) {
  std::vector<base::Instant> openings;
  bool open = false;
  for (const Moment& moment : trail.moments()) {
    const bool holds =
        moment.available > base::Quantity() && moment.available <= base::Quantity::Pieces(pieces);
    if (holds && !open) openings.push_back(moment.at);
    open = holds;
  }
  return openings;
}

Foresight BestLevels(const std::vector<std::vector<Level>>& items, double precision_min) {
  // Precision rises with the weight, recall falls: the least weight with enough of the one.
  constexpr int kSteps = 60;
  double low = 0;
  double high = 1000;
  Foresight best = Choose(items, high, precision_min);
  for (int step = 0; step < kSteps; ++step) {
    const double weight = (low + high) / 2;
    Foresight tried = Choose(items, weight, precision_min);
    const bool enough = static_cast<double>(tried.precision.part) >=
                        precision_min * static_cast<double>(tried.precision.whole);
    (enough ? high : low) = weight;
    if (enough) best = std::move(tried);
  }
  return best;
}

}  // namespace stockwatch::quality
