#include "domain/outbox/breaker.h"

#include <gtest/gtest.h>

#include "domain/outbox/flow_limit.h"

namespace stockwatch::outbox {
namespace {

using base::Duration;
using base::Instant;

Instant At(std::int64_t seconds) {
  return Instant::Seconds(1'000'000 + seconds);
}

TEST(Breaker, OpensAfterFailuresWithoutASuccessBetweenThem) {
  Breaker breaker({});
  for (int i = 0; i < 4; ++i) breaker.Fail(At(0));
  EXPECT_FALSE(breaker.Succeed());
  for (int i = 0; i < 4; ++i) breaker.Fail(At(0));
  EXPECT_EQ(breaker.state(), Breaker::State::kClosed);
  breaker.Fail(At(0));
  EXPECT_EQ(breaker.state(), Breaker::State::kOpen);
  EXPECT_FALSE(breaker.Allows(At(29)));
  EXPECT_TRUE(breaker.Allows(At(30)));
}

TEST(Breaker, LetsOneTryWhetherTheReceiverIsBack) {
  Breaker breaker({.failures_max = 1});
  breaker.Fail(At(0));
  breaker.Begin();
  EXPECT_EQ(breaker.state(), Breaker::State::kHalfOpen);
  EXPECT_FALSE(breaker.Allows(At(1000)));
  EXPECT_TRUE(breaker.Succeed());
  EXPECT_TRUE(breaker.Allows(At(31)));
}

TEST(Breaker, WaitsLongerAfterEachTrialThatFails) {
  Breaker breaker({.failures_max = 1});
  breaker.Fail(At(0));
  std::int64_t now = 30;
  for (const std::int64_t wait : {60, 120, 240, 300, 300}) {
    ASSERT_TRUE(breaker.Allows(At(now)));
    breaker.Begin();
    breaker.Fail(At(now));
    EXPECT_FALSE(breaker.Allows(At(now + wait - 1))) << wait;
    EXPECT_TRUE(breaker.Allows(At(now + wait))) << wait;
    now += wait;
  }
  breaker.Begin();
  breaker.Succeed();
  breaker.Fail(At(now));
  EXPECT_TRUE(breaker.Allows(At(now + 30))) << "begins anew";
}

TEST(Breaker, WhatWasUnderWayWhenItOpenedDoesNotHoldItOpen) {
  Breaker breaker({.failures_max = 1});
  breaker.Fail(At(0));
  breaker.Fail(At(20));
  EXPECT_TRUE(breaker.Allows(At(30)));
}

TEST(TokenBucket, GivesAMinutesTokensAtOnceThenAsTheyCome) {
  TokenBucket bucket(6);
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(bucket.Has(At(0)));
    bucket.Take();
  }
  EXPECT_FALSE(bucket.Has(At(9)));
  ASSERT_TRUE(bucket.Has(At(10)));
  bucket.Take();
  EXPECT_FALSE(bucket.Has(At(10)));
  EXPECT_FALSE(bucket.Has(At(5))) << "time that goes back brings none";
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(bucket.Has(At(10'000)));
    bucket.Take();
  }
  EXPECT_FALSE(bucket.Has(At(10'000))) << "never more than a minute's";
}

TEST(TokenBucket, OfZeroHasNoLimit) {
  TokenBucket bucket(0);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(bucket.Has(At(0)));
    bucket.Take();
  }
}

TEST(StormGauge, StormsFromSoManyInAWindowUntilOnePassesWithLess) {
  StormGauge gauge({.rows_min = 3, .window = Duration::Seconds(1)});
  const auto at = [](std::int64_t ms) { return At(0) + Duration::Micros(ms * 1000); };
  gauge.Note(at(0));
  gauge.Note(at(400));
  EXPECT_FALSE(gauge.Storms(at(400)));
  gauge.Note(at(999));
  EXPECT_TRUE(gauge.Storms(at(999)));
  EXPECT_TRUE(gauge.Storms(at(1500))) << "the window before had enough";
  EXPECT_FALSE(gauge.Storms(at(2500)));
}

TEST(StormGauge, WithoutALimitNeverStorms) {
  StormGauge gauge({.rows_min = 0});
  for (int i = 0; i < 1000; ++i) gauge.Note(At(0));
  EXPECT_FALSE(gauge.Storms(At(0)));
}

}  // namespace
}  // namespace stockwatch::outbox
