#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "flow/waiting.h"

namespace stockwatch::flow {

// The line that a row's alert and destination make: the same number for all rows of both.
struct LinePlace {
  std::uint64_t line = 0;
  std::uint64_t sequence = 0;
};
// One of a row that tells of an alert, one for each alert of a digest, by line.
std::vector<LinePlace> PlacesOf(const outbox::Row& row);

// The rows in memory by alert and destination, in the order in which a receiver is to get them: a
// row goes when no other of its alert is before it. A digest stands where the first of its rows
// of an alert stood. It keeps Waiting::behind, and refers to rows that its owner keeps.
class EpisodeOrder {
 public:
  void Enter(Waiting& row);
  // It has ended, or leaves memory. Returned: those that nothing is before any more.
  std::vector<Waiting*> Leave(Waiting& row);

  // Nothing of its alerts is behind it.
  bool IsLast(const Waiting& row) const;
  // All before it goes into digests of this round.
  bool IsBehindFoldedOnly(const Waiting& row) const;

 private:
  struct Entry {
    std::uint64_t sequence = 0;
    Waiting* row = nullptr;
  };
  std::unordered_map<std::uint64_t, std::vector<Entry>> lines_;
};

}  // namespace stockwatch::flow
