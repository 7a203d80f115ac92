#pragma once

#include <cstdint>
#include <deque>

#include "base/position.h"
#include "domain/key/item_directory.h"

namespace stockwatch::stock {

// How much source time the tails reach back.
inline constexpr std::uint32_t kTailSeconds = 600;

// A mark in the log of all tails: the youngest change of one item.
using TailMark = std::uint32_t;
inline constexpr TailMark kNoMark = 0xFFFFFFFF;

// The tails of all items: which positions were applied lately, so that duplicates are found without
// reading history. One log in order of arrival; each mark knows the item's mark before it. Taking
// one up is one write at the end of the log, forgetting drops marks at its beginning. One thread at
// a time.
class Tails {
 public:
  enum class Answer : std::uint8_t { kNew, kKnown, kForgotten };

  // `marks_max`: the oldest are forgotten beyond that many, whatever their age; 24 bytes each.
  // `first`: number of the first mark.
  explicit Tails(std::size_t marks_max = std::size_t{1} << 24, TailMark first = 0)
      : marks_max_(marks_max), first_(first) {}

  // Whether a change of the item at this position was applied. `latest`: the item's latest mark;
  // kNoMark or a forgotten one: it has none. Walks back over the marks above the position only.
  Answer Find(key::ItemIndex item, TailMark latest, base::Position position) const;

  // `above`: the position is above every other one of the item. Returns the item's latest mark from
  // now on. REQUIRES: item < 2^31
  TailMark Add(key::ItemIndex item, TailMark latest, base::Position position, bool above);

  // Nothing is known at or below `seconds`. REQUIRES: there are no marks
  void Start(std::uint32_t seconds) { floor_seconds_ = seconds; }

  // Forgets what lies in cluster seconds at or below `seconds`, up to the first younger one.
  void Forget(std::uint32_t seconds);

  // At or below this cluster second only the history knows.
  std::uint32_t floor_seconds() const { return floor_seconds_; }
  std::size_t size() const { return marks_.size(); }

 private:
  struct Mark {
    base::Position position;
    TailMark before = kNoMark;
    std::uint32_t item : 31 = 0;
    std::uint32_t above : 1 = 0;
  };

  // Numbers of marks run on and wrap around: one that is forgotten lies outside of the log.
  bool IsKept(TailMark mark) const { return mark != kNoMark && mark - first_ < marks_.size(); }
  // nullptr if it is forgotten. An item may keep the number of a mark long gone, so what stands
  // there must be its own.
  const Mark* At(TailMark mark, key::ItemIndex item) const;
  void ForgetFirst();

  std::deque<Mark> marks_;
  std::size_t marks_max_;
  TailMark first_;  // number of the first mark kept
  std::uint32_t floor_seconds_ = 0;
};

}  // namespace stockwatch::stock
