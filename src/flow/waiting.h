#pragma once

#include <cstdint>

#include "domain/outbox/delivery.h"

namespace stockwatch::flow {

// A row in memory that has not ended.
struct Waiting {
  outbox::Delivery delivery;
  std::uint64_t lease = 0;
  std::uint32_t behind = 0;  // of how many alerts' rows another one goes first: EpisodeOrder
  std::uint64_t aside = 0;   // set aside until nothing goes first, as number; 0: it is not
  bool folding = false;      // goes into a digest of this round
};

}  // namespace stockwatch::flow
