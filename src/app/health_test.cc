#include "app/health.h"

#include <gtest/gtest.h>

namespace stockwatch::app {
namespace {

using std::chrono::seconds;

TEST(Health, IsReadyFromTheFirstStepOn) {
  Health health;
  EXPECT_TRUE(health.Alive(Health::Clock::now()).good);
  EXPECT_FALSE(health.Ready(Health::Clock::now()).good);
  EXPECT_NE(health.Ready(Health::Clock::now()).json.find("starting"), std::string::npos);
  health.Stepped(7);
  EXPECT_TRUE(health.Ready(Health::Clock::now()).good);
  EXPECT_NE(health.Ready(Health::Clock::now()).json.find("\"changes_read\":7"), std::string::npos);
}

TEST(Health, AStandbyIsAliveAndNotReady) {
  Health health;
  health.StandBy("standing by: pid 7");
  EXPECT_TRUE(health.Alive(Health::Clock::now()).good);
  EXPECT_FALSE(health.Ready(Health::Clock::now()).good);
  EXPECT_NE(health.Ready(Health::Clock::now()).json.find("standing by: pid 7"), std::string::npos);
}

TEST(Health, AStallIsNotHealthy) {
  Health health(seconds(30));
  health.Stepped(7);
  const auto later = Health::Clock::now() + seconds(32);
  EXPECT_FALSE(health.Alive(later).good);
  EXPECT_FALSE(health.Ready(later).good);
  EXPECT_NE(health.Ready(later).json.find("no progress"), std::string::npos);
}

TEST(Health, AFailureStaysWithItsReason) {
  Health health;
  health.Stepped(7);
  health.Failed("store stopped: disk full");
  EXPECT_NE(health.Ready(Health::Clock::now()).json.find("disk full"), std::string::npos);
  EXPECT_FALSE(health.Alive(Health::Clock::now()).good);
}

TEST(Health, AnEngineThatStopsIsAliveButNotReady) {
  Health health;
  health.Stepped(7);
  health.Stopping();
  EXPECT_TRUE(health.Alive(Health::Clock::now()).good);
  EXPECT_FALSE(health.Ready(Health::Clock::now()).good);
}

}  // namespace
}  // namespace stockwatch::app
