#include "domain/stock/tail.h"

#include <algorithm>

namespace stockwatch::stock {

const Tails::Mark* Tails::At(TailMark mark, key::ItemIndex item) const {
  if (!IsKept(mark)) return nullptr;
  const Mark& found = marks_[mark - first_];
  return found.item == item ? &found : nullptr;
}

Tails::Answer Tails::Find(key::ItemIndex item, TailMark latest, base::Position position) const {
  if (position.seconds <= floor_seconds_) return Answer::kForgotten;
  for (const Mark* mark = At(latest, item); mark != nullptr; mark = At(mark->before, item)) {
    if (mark->position == position) return Answer::kKnown;
    // All that came before it are lower still.
    if (mark->above == 1 && mark->position < position) return Answer::kNew;
  }
  return Answer::kNew;
}

TailMark Tails::Add(key::ItemIndex item, TailMark latest, base::Position position, bool above) {
  if (marks_.size() >= marks_max_) ForgetFirst();
  const TailMark number = first_ + static_cast<TailMark>(marks_.size());
  marks_.push_back(
      {position, IsKept(latest) ? latest : kNoMark, item & 0x7FFFFFFF, above ? 1u : 0u});
  // Once in four billion the number that means none comes round; the next one marks it too.
  return number == kNoMark ? Add(item, latest, position, above) : number;
}

void Tails::Forget(std::uint32_t seconds) {
  while (!marks_.empty() && marks_.front().position.seconds <= seconds) ForgetFirst();
}

void Tails::ForgetFirst() {
  floor_seconds_ = std::max(floor_seconds_, marks_.front().position.seconds);
  marks_.pop_front();
  ++first_;
}

}  // namespace stockwatch::stock
