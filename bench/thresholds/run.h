#pragma once

#include <cstdint>
#include <string>

namespace bench_thresholds {

// Mark T8: how long it takes to find the thresholds of a stock item, and to judge a shop again
// after the edit of a rule that covers all of it.
struct Figures {
  std::uint64_t items = 0;
  std::uint64_t rules = 0;
  double cached_ns = 0;      // the thresholds of an item that are known
  double resolve_ns = 0;     // of its names, from the rules
  double sweep_seconds = 0;  // a category rule over all items, until the last one is judged
  std::uint64_t opened = 0;  // alerts that the edit opened: one in a hundred items

  bool holds() const { return opened == (items + 99) / 100; }
  std::string Json() const;
  std::string Text() const;
};

// One category of `items` items, with `rules` rules for other categories, brands and SKUs beside
// the one of the shop.
Figures Run(std::uint64_t items, std::uint64_t rules);

}  // namespace bench_thresholds
