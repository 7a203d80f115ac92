#include "adapters/mongo_source/course.h"

#include <algorithm>
#include <utility>

namespace stockwatch::mongo_source {

Course::Course(Start start, std::optional<Start> older, Pauses pauses, std::uint64_t seed,
               Timeouts timeouts)
    : start_(std::move(start)),
      older_(std::move(older)),
      pauses_(pauses),
      random_(seed),
      timeouts_(timeouts),
      timeout_(timeouts.usual) {}

void Course::GoTo(Start start) {
  start_ = std::move(start);
}

void Course::Seek(Start start) {
  if (!before_seek_) before_seek_ = std::move(start_);
  start_ = std::move(start);
  expected_ = {};
}

void Course::Follows() {
  Works();
  if (shortening_ == Shortening::kTried) shortening_ = Shortening::kMay;
  // What was before the sought place is no way out of it any more.
  if (std::exchange(before_seek_, std::nullopt)) older_.reset();
}

Turn Course::Back() {
  start_ = *std::exchange(before_seek_, std::nullopt);
  return Turn::kBack;
}

void Course::Works() {
  failures_ = 0;
  pause_ = {};
}

void Course::Wait() {
  ++failures_;
  if (failures_ == 1) {
    pause_ = {};
    return;
  }
  const std::uint32_t doublings = std::min<std::uint32_t>(failures_ - 2, 20);
  const std::int64_t step = std::min(pauses_.first.micros() << doublings, pauses_.longest.micros());
  const auto half = static_cast<std::uint32_t>(step / 2);
  pause_ = base::Duration::Micros(step / 2 + static_cast<std::int64_t>(random_.Below(half + 1)));
}

void Course::Allow(const Failure& failure) {
  if (failure.hint != Hint::kTimeout) return;
  if (shortening_ == Shortening::kTried) shortening_ = Shortening::kNever;
  const base::Duration twice = base::Duration::Micros(2 * timeout_.micros());
  timeout_ = std::max(timeout_, std::min(twice, timeouts_.longest));
}

bool Course::CaughtUp() {
  if (timeout_ == timeouts_.usual || shortening_ == Shortening::kNever) return false;
  timeout_ = timeouts_.usual;
  shortening_ = Shortening::kTried;
  return true;
}

Turn Course::Less() {
  if (detail_ == Detail::kLeast) return Turn::kStop;
  detail_ = static_cast<Detail>(static_cast<int>(detail_) + 1);
  return Turn::kSmaller;
}

Turn Course::OtherToken() {
  if (start_.token.empty()) return before_seek_ ? Back() : Turn::kStop;
  if (start_.kind == StartKind::kResumeAfter) {
    // It may be of an invalidate, behind which only startAfter goes on.
    start_.kind = StartKind::kStartAfter;
    return Turn::kOpen;
  }
  if (before_seek_) return Back();
  if (!older_) return Turn::kLost;
  start_ = *std::exchange(older_, std::nullopt);
  return Turn::kOpen;
}

Turn Course::OtherPipeline() {
  if (start_.kind == StartKind::kStartAtOperationTime) return Turn::kStop;
  if (start_.time == 0) return Turn::kLost;
  expected_ = IsOfEvent(start_.token) ? start_ : Start();
  start_ = {StartKind::kStartAtOperationTime, {}, start_.time};
  return Turn::kOpen;
}

Turn Course::Take(Remedy remedy) {
  Wait();
  const bool elsewhere = remedy == Remedy::kHistoryLost || remedy == Remedy::kNone ||
                         (remedy == Remedy::kOtherPipeline && start_.token.empty());
  if (before_seek_ && elsewhere) return Back();
  switch (remedy) {
    case Remedy::kAgain:
      return Turn::kOpen;
    case Remedy::kOtherToken:
      return OtherToken();
    case Remedy::kOtherPipeline:
      return OtherPipeline();
    case Remedy::kHistoryLost:
      return Turn::kLost;
    case Remedy::kSmaller:
      return Less();
    case Remedy::kNone:
      break;
  }
  return Turn::kStop;
}

Turn Course::AfterOpen(const Failure& failure) {
  Allow(failure);
  return Take(mongo_source::AfterOpen(failure));
}

Turn Course::AfterFind(const Failure& failure) {
  Wait();
  return mongo_source::AfterFind(failure) == Remedy::kNone ? Turn::kStop : Turn::kOpen;
}

Turn Course::AfterMore(const Failure& failure, std::int32_t wire_version) {
  return Take(mongo_source::AfterMore(failure, wire_version));
}

}  // namespace stockwatch::mongo_source
