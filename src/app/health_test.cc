#include "app/health.h"

#include <gtest/gtest.h>

#include "app/health_pages.h"

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

TEST(HealthPages, AMethodThatAPageDoesNotKnowIsToldWhatItKnows) {
  const Health health;
  http_server::Request request;
  request.headers["host"] = "localhost";
  for (const char* const page : {"/health", "/readiness", "/metrics"}) {
    request.path = request.target = page;
    for (const char* const method : {"PUT", "POST", "DELETE"}) {
      request.method = method;
      const auto answer = AnswerHealth(health, request);
      ASSERT_TRUE(answer) << page;
      EXPECT_EQ(answer->status, 405);
      using Headers = std::vector<std::pair<std::string, std::string>>;
      EXPECT_EQ(answer->headers, (Headers{{"Allow", "GET"}}));
    }
  }
  request.path = "/api/v1/stock";
  EXPECT_FALSE(AnswerHealth(health, request)) << "is not its business";
}

}  // namespace
}  // namespace stockwatch::app
