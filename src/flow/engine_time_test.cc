#include "flow/engine_time.h"

#include <gtest/gtest.h>

#include "testing/stepped_clock.h"

namespace stockwatch::flow {
namespace {

using base::Duration;
using base::Instant;

const Instant kStart = Instant::Seconds(1'800'000'000);

TEST(EngineTime, StartsWhereItWasWhenTheWallIsBehind) {
  testing::SteppedClock clock(kStart);
  const Instant reached = kStart + Duration::Hours(3);
  EngineTime time(clock, reached);
  EXPECT_EQ(time.Now(), reached);
  clock.Pass(Duration::Seconds(7));
  EXPECT_EQ(time.Now(), reached + Duration::Seconds(7));
  EXPECT_EQ(EngineTime(clock, kStart - Duration::Days(1)).Now(), clock.Wall());
}

TEST(EngineTime, AWallThatGoesBackNeitherFreezesNorMovesIt) {
  testing::SteppedClock clock(kStart);
  EngineTime time(clock, kStart);
  clock.Jump(Duration::Micros(-Duration::Days(30).micros()));
  EXPECT_EQ(time.Now(), kStart);
  clock.Pass(Duration::Minutes(1));
  EXPECT_EQ(time.Now(), kStart + Duration::Minutes(1));
}

TEST(EngineTime, FollowsAWallThatIsLittleAhead) {
  testing::SteppedClock clock(kStart);
  EngineTime time(clock, kStart);
  clock.Jump(Duration::Minutes(5));
  EXPECT_EQ(time.Now(), kStart + Duration::Minutes(5));
  EXPECT_EQ(time.ahead(), Duration());
}

TEST(EngineTime, BelievesAWallFarAheadAfterAnHourOrWhenItIsTold) {
  testing::SteppedClock clock(kStart);
  EngineTime time(clock, kStart);
  const Duration jump = Duration::Days(30);
  clock.Jump(jump);
  EXPECT_EQ(time.Now(), kStart);
  EXPECT_EQ(time.ahead(), jump);
  clock.Pass(Duration::Minutes(59));
  EXPECT_EQ(time.Now(), kStart + Duration::Minutes(59));
  EXPECT_EQ(time.wall(), kStart + jump + Duration::Minutes(59));
  EXPECT_EQ(time.adopted_in(), Duration::Minutes(1));
  clock.Pass(Duration::Minutes(1));
  EXPECT_EQ(time.Now(), kStart + jump + Duration::Hours(1));
  EXPECT_EQ(time.ahead(), Duration());

  clock.Jump(jump);
  EXPECT_NE(time.Now(), clock.Wall());
  time.AdoptWall();
  EXPECT_EQ(time.Now(), clock.Wall());
}

TEST(EngineTime, AJumpThatIsTakenBackIsForgotten) {
  testing::SteppedClock clock(kStart);
  EngineTime time(clock, kStart);
  clock.Jump(Duration::Days(30));
  time.Now();
  clock.Jump(Duration::Micros(-Duration::Days(30).micros()));
  clock.Pass(Duration::Minutes(50));
  time.Now();
  clock.Jump(Duration::Days(30));
  time.Now();
  clock.Pass(Duration::Minutes(50));
  EXPECT_EQ(time.Now(), kStart + Duration::Minutes(100));
}

}  // namespace
}  // namespace stockwatch::flow
