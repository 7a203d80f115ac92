#include "flow/timers.h"

#include <gtest/gtest.h>

namespace stockwatch::flow {
namespace {

Timer TimerOf(std::int64_t second, alert::TimerKind kind, std::string key) {
  Timer timer;
  timer.due = base::Instant::Seconds(second);
  timer.kind = kind;
  timer.key = std::move(key);
  return timer;
}

std::string Taken(TimerQueue& queue) {
  const Timer timer = queue.TakeFirst();
  return std::to_string(timer.due.micros() / 1'000'000) + " " + std::string(Name(timer.kind)) +
         " " + timer.key;
}

// Domain page, section 2: in the order (D, kind, key).
TEST(Timers, FireInOrderOfDueKindAndKey) {
  TimerQueue queue;
  queue.Add(TimerOf(20, alert::TimerKind::kRuleInterval, "a"));
  queue.Add(TimerOf(10, alert::TimerKind::kClose, "a"));
  queue.Add(TimerOf(10, alert::TimerKind::kHold, "b"));
  queue.Add(TimerOf(10, alert::TimerKind::kHold, "a"));
  queue.Add(TimerOf(10, alert::TimerKind::kDrift, "z"));
  queue.Add(TimerOf(10, alert::TimerKind::kRetirement, "z"));
  queue.Add(TimerOf(10, alert::TimerKind::kDay, "z"));
  for (const char* expected : {"10 day z", "10 retirement z", "10 drift z", "10 hold a",
                               "10 hold b", "10 close a", "20 rule_interval a"}) {
    ASSERT_TRUE(queue.HasDue(base::Instant::Seconds(20)));
    EXPECT_EQ(Taken(queue), expected);
  }
  EXPECT_FALSE(queue.HasDue(base::Instant::Seconds(99)));
}

TEST(Timers, AreDueAtTheirInstant) {
  TimerQueue queue;
  queue.Add(TimerOf(10, alert::TimerKind::kDay, ""));
  EXPECT_FALSE(queue.HasDue(base::Instant::Micros(9'999'999)));
  EXPECT_TRUE(queue.HasDue(base::Instant::Seconds(10)));
}

TEST(Timers, TheSameTimerIsThereOnce) {
  TimerQueue queue;
  queue.Add(TimerOf(10, alert::TimerKind::kDay, "stale"));
  queue.Add(TimerOf(10, alert::TimerKind::kDay, "stale"));
  EXPECT_EQ(queue.size(), 1u);
}

}  // namespace
}  // namespace stockwatch::flow
