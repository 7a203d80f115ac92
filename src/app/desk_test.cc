#include "app/desk.h"

#include <gtest/gtest.h>

#include <thread>

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
  while (worker == std::thread::id()) {
    desk.WaitForQuestion(milliseconds(1));
    desk.Answer();
  }
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

TEST(Desk, NothingIsAskedOfAnEngineThatHasEnded) {
  Desk desk;
  desk.Close();
  EXPECT_EQ(desk.Ask([] {}, milliseconds(60'000)), Desk::Asked::kClosed);
}

}  // namespace
}  // namespace stockwatch::app
