#include "app/mongo.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace stockwatch::app {
namespace {

using mongo_source::Phase;
using std::chrono::seconds;

constexpr base::Duration kHeartbeat = base::Duration::Seconds(10);
constexpr std::chrono::steady_clock::time_point kNow{seconds(1'000)};

mongo_source::Status MovedAgo(Phase phase, seconds ago) {
  mongo_source::Status status;
  status.phase = phase;
  status.moved = kNow - ago;
  return status;
}

TEST(MongoTrouble, ThreeHeartbeatsWithoutProgressAreSilence) {
  EXPECT_EQ(TroubleOf(MovedAgo(Phase::kStreaming, seconds(30)), kHeartbeat, kNow), std::nullopt);
  const auto silent = TroubleOf(MovedAgo(Phase::kStreaming, seconds(31)), kHeartbeat, kNow);
  EXPECT_EQ(silent, "source_silent: mongodb shows no progress for 31 s");
  EXPECT_TRUE(IsSilent(MovedAgo(Phase::kConnecting, seconds(31)), kHeartbeat, kNow));
  EXPECT_FALSE(IsSilent(MovedAgo(Phase::kPaused, seconds(31)), kHeartbeat, kNow));
}

TEST(MongoTrouble, WhatDoesNotReadIsNotReady) {
  EXPECT_EQ(TroubleOf(MovedAgo(Phase::kSnapshot, seconds(0)), kHeartbeat, kNow),
            "source: snapshot");
  mongo_source::Status status = MovedAgo(Phase::kStreaming, seconds(0));
  status.trouble = "nobody answers";
  EXPECT_EQ(TroubleOf(status, kHeartbeat, kNow), "source: nobody answers");
}

TEST(MongoTrouble, AnOplogThatRunsOutIsSaidBeforeThePlaceIsLost) {
  mongo_source::Status status = MovedAgo(Phase::kPaused, seconds(0));
  EXPECT_EQ(HeadroomTroubleOf(status, kHeartbeat), std::nullopt) << "nothing is forecast";
  status.oplog_lost_in = 10;
  EXPECT_EQ(HeadroomTroubleOf(status, kHeartbeat), std::nullopt);
  status.oplog_lost_in = 9;
  EXPECT_EQ(HeadroomTroubleOf(status, kHeartbeat),
            "oplog_headroom: at this rate mongodb's oplog loses the place in 9 s");
  EXPECT_EQ(HeadroomTroubleOf(status, base::Duration()), std::nullopt) << "never, by the settings";
}

TEST(MongoMetrics, NameRepliesLagAndTheClock) {
  MongoReport report;
  report.status.clock_ahead_ms = -1'500;
  report.status.documents_per_reply.Add(0);
  report.status.documents_per_reply.Add(3);
  report.status.get_more.Add(base::Duration::Micros(20'000));
  report.lag.Add(base::Duration::Seconds(2));
  report.status.reopened[static_cast<std::size_t>(mongo_source::Cause::kElection)] = 4;
  const std::string text = MongoMetricsText(report);
  for (const char* const line : {"stockwatch_source_clock_ahead_seconds -1.500000\n",
                                 "stockwatch_source_documents_per_reply_bucket{le=\"0\"} 1\n",
                                 "stockwatch_source_documents_per_reply_bucket{le=\"1\"} 1\n",
                                 "stockwatch_source_documents_per_reply_bucket{le=\"10\"} 2\n",
                                 "stockwatch_source_documents_per_reply_sum 3\n",
                                 "stockwatch_source_get_more_seconds_bucket{le=\"0.025\"} 1\n",
                                 "stockwatch_source_lag_seconds_sum 2.000000\n",
                                 "stockwatch_source_reopened_total{cause=\"election\"} 4\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

config::Settings ShopSettings() {
  config::Settings settings;
  settings.decode.database = "shop";
  return settings;
}

TEST(MongoOptions, APasswordDoesNotStandInACommandLine) {
  const auto refused = MongoOptionsFrom(ShopSettings(), "mongodb://me:secret@localhost/");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::Code::kInvalidArgument);
  EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
  EXPECT_TRUE(MongoOptionsFrom(ShopSettings(), "mongodb://localhost/").ok());
}

TEST(MongoOptions, TheUriStandsInOnePlace) {
  config::Settings settings = ShopSettings();
  EXPECT_FALSE(MongoOptionsFrom(settings, "mongo").ok()) << "nowhere";
  settings.source.mongo.uri_env = "STOCKWATCH_TEST_URI";
  unsetenv("STOCKWATCH_TEST_URI");
  EXPECT_FALSE(MongoOptionsFrom(settings, "mongo").ok()) << "there is no such variable";
  setenv("STOCKWATCH_TEST_URI", "mongodb://me:secret@localhost/\n", 1);
  const auto options = MongoOptionsFrom(settings, "mongo");
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options.value().uri, "mongodb://me:secret@localhost/");
  settings.source.mongo.uri_file = "also";
  EXPECT_FALSE(MongoOptionsFrom(settings, "mongo").ok()) << "two";
}

TEST(MongoOptions, WithoutADatabaseThereIsNothingToRead) {
  EXPECT_FALSE(MongoOptionsFrom(config::Settings(), "mongodb://localhost/").ok());
  config::Settings impatient = ShopSettings();
  impatient.source.mongo.socket_timeout = impatient.source.mongo.await;
  EXPECT_FALSE(MongoOptionsFrom(impatient, "mongodb://localhost/").ok());
}

}  // namespace
}  // namespace stockwatch::app
