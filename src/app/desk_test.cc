#include "app/desk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "testing/patience.h"

namespace stockwatch::app {
namespace {

using std::chrono::milliseconds;

TEST(Desk, WorkIsDoneByTheOwnerWhileTheAskerWaits) {
  Desk desk;
  std::thread::id worker;
  Desk::Asked asked = Desk::Asked::kBusy;
  std::thread asker([&] {
    asked = desk.Ask([&] { worker = std::this_thread::get_id(); }, milliseconds(60'000));
  });
  EXPECT_TRUE(testing::Comes([&] {
    desk.WaitForQuestion(milliseconds(1));
    desk.Answer();
    return worker != std::thread::id();
  }));
  asker.join();
  EXPECT_EQ(asked, Desk::Asked::kDone);
  EXPECT_EQ(worker, std::this_thread::get_id());
}

TEST(Desk, WhatWasNotBegunInTimeIsNeverDone) {
  Desk desk;
  bool done = false;
  EXPECT_EQ(desk.Ask([&] { done = true; }, milliseconds(1)), Desk::Asked::kBusy);
  desk.Answer();
  EXPECT_FALSE(done);
}

// Whoever asks again and again does not hold the engine up: what it has done for some milliseconds
// is enough.
TEST(Desk, TheNextStepHasItsTurnHoweverManyAsk) {
  Desk desk;
  std::atomic<bool> ended = false;
  std::atomic<int> asking = 0;
  const auto until = std::chrono::steady_clock::now() + testing::kPatience;
  std::vector<std::jthread> askers;
  askers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    askers.emplace_back([&] {
      while (!ended && std::chrono::steady_clock::now() < until) {
        ++asking;
        desk.Ask([] { std::this_thread::sleep_for(milliseconds(1)); }, milliseconds(60'000));
      }
    });
  }
  EXPECT_TRUE(testing::Comes([&] { return asking >= 4; }));
  for (int step = 0; step < 3; ++step) desk.Answer();  // returns, though there is always one more
  EXPECT_LT(std::chrono::steady_clock::now(), until) << "when nobody asked any more";
  ended = true;
  desk.Close();
}

TEST(Desk, NothingIsAskedOfAnEngineThatHasEnded) {
  Desk desk;
  desk.Close();
  EXPECT_EQ(desk.Ask([] {}, milliseconds(60'000)), Desk::Asked::kClosed);
}

}  // namespace
}  // namespace stockwatch::app
