#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/instant.h"
#include "domain/outbox/delivery.h"

namespace stockwatch::flow {

// Chooses which stored rows come into memory: the most urgent, as many as there is room for, and
// none without those of its alert that are to be told before it.
class Refill {
 public:
  explicit Refill(std::size_t room) : room_(room) {}

  // In the order of keys: the rows of one alert come one after the other.
  void Offer(outbox::Delivery&& delivery);

  struct Chosen {
    std::vector<outbox::Delivery> rows;            // the first goes first
    std::size_t left = 0;                          // in the store alone
    std::unordered_set<std::uint64_t> left_lines;  // of PlacesOf
  };
  Chosen Take();

 private:
  struct Ranked {
    std::size_t lane = 0;
    base::Instant at;
    std::uint64_t sequence = 0;
    outbox::Delivery delivery;

    bool operator<(const Ranked& other) const;
  };
  void TakeAlert();
  void Add(Ranked&& ranked);

  std::size_t room_;
  std::string alert_;  // of these
  std::vector<outbox::Delivery> of_alert_;
  std::set<Ranked> best_;
  Chosen chosen_;
};

}  // namespace stockwatch::flow
