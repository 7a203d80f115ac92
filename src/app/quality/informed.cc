#include "app/quality/informed.h"

#include <cmath>

namespace stockwatch::quality {
namespace {

double PiecesOf(base::Quantity quantity) {
  return static_cast<double>(quantity.thousandths()) / 1000;
}

double DaysOf(base::Duration duration) {
  return static_cast<double>(duration.micros()) /
         static_cast<double>(base::Duration::Days(1).micros());
}

Foresight AtChance(const std::vector<std::vector<Level>>& items, double chance_min) {
  Foresight together;
  for (const std::vector<Level>& levels : items) {
    const Level* chosen = nullptr;
    for (const Level& level : levels) {  // from the lowest on, so the chance falls
      if (level.chance >= chance_min) chosen = &level;
    }
    if (chosen != nullptr) {
      together.Add(chosen->foresight);
    } else if (!levels.empty()) {
      together.AddUnforeseen(levels.front().foresight);
    }
  }
  return together;
}

}  // namespace

std::optional<KnownDemand> KnownDemandOf(const ItemTrail& trail) {
  const std::vector<Moment>& moments = trail.moments();
  double days = 0;
  double taken = 0;
  double squares = 0;
  for (std::size_t i = 1; i < moments.size(); ++i) {
    if (moments[i - 1].available > base::Quantity())
      days += DaysOf(moments[i].at - moments[i - 1].at);
    const double basket = PiecesOf(moments[i].taken - moments[i - 1].taken);
    taken += basket;  // what is released was not sold
    if (basket > 0) squares += basket * basket;
  }
  if (days <= 0 || taken <= 0) return std::nullopt;
  return KnownDemand{taken / days, std::max(1.0, squares / taken)};
}

double ChanceOfDemand(const KnownDemand& demand, double days, int pieces) {
  const double mean = demand.daily * days;
  const double above = demand.dispersion - 1;
  constexpr double kPoisson = 1e-9;
  const double size = mean / above;  // of the negative binomial
  double chance = above < kPoisson ? std::exp(-mean) : std::pow(demand.dispersion, -size);
  double below = 0;
  for (int sold = 0; sold < pieces; ++sold) {
    below += chance;
    chance *= above < kPoisson ? mean / (sold + 1)
                               : (size + sold) / (sold + 1) * (above / demand.dispersion);
  }
  return 1 - below;
}

Foresight InformedLevels(const std::vector<std::vector<Level>>& items, double precision_min) {
  constexpr int kSteps = 500;
  Foresight best = AtChance(items, 1);
  for (int step = kSteps - 1; step > 0; --step) {
    Foresight tried = AtChance(items, static_cast<double>(step) / kSteps);
    const bool enough = static_cast<double>(tried.precision.part) >=
                        precision_min * static_cast<double>(tried.precision.whole);
    if (enough && tried.recall.part > best.recall.part) best = std::move(tried);
  }
  return best;
}

}  // namespace stockwatch::quality
