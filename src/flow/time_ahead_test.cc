#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/event/dead_letter_record.h"
#include "flow/pipeline.h"
#include "testing/engine_run.h"
#include "testing/rules.h"
#include "testing/stepped_clock.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes and rules
using base::Duration;
using base::Instant;

constexpr std::uint32_t kWall = 1'700'000'000;
constexpr std::uint32_t kDay = 86'400;
constexpr std::uint32_t kFar = 4'290'000'000;  // 2105-12-11T18:40:00Z

class ClockedSource : public VectorSource {
 public:
  std::optional<Instant> Watermark() const override { return watermark; }
  base::Result<ports::Next> Read(ports::RawInput& input) override {
    SW_TRY(const ports::Next next, VectorSource::Read(input));
    return next == ports::Next::kEnd ? ports::Next::kNothingYet : next;
  }
  std::optional<Instant> watermark;
};

// Changes of a source that may be a day ahead of the clock.
class TimeAheadTest : public ::testing::Test {
 protected:
  TimeAheadTest() : options_(LedgerShop()) {
    options_.rules = {MakeRule("d", ForAll(), LowOf(10))};
  }

  void Start(Duration ahead_max = Duration::Days(1)) {
    pipeline_.emplace(options_, ShopDecoding(),
                      Pipeline::Parts{source_, store_, nullptr, &clock_, nullptr, ahead_max},
                      nullptr);
    ASSERT_TRUE(pipeline_->Start().ok());
  }
  void Take(const Written& written, bool of_snapshot = false) {
    ports::RawInput input = InputOf(written, ++lines_);
    input.of_snapshot = of_snapshot;
    source_.Add(std::move(input));
    ASSERT_TRUE(pipeline_->Step().ok());
  }
  std::vector<event::DeadLetter> Letters() {
    std::vector<event::DeadLetter> letters;
    (void)store_.ReadFamily(ports::Family::kDeadLetter,
                            [&](std::string_view, std::string_view record) {
                              letters.push_back(event::DecodeDeadLetter(record).value());
                            });
    return letters;
  }
  std::int64_t SourceSecond() const { return pipeline_->state().now().micros() / 1'000'000; }
  const ChangeCounts& counts() const { return pipeline_->state().changes; }
  stock::Life LifeOf(std::string_view sku) const {
    const State& state = pipeline_->state();
    return state.ledger
        .at(state.directory.Find(
            {event::WarehouseIdView::Trusted("W"), event::SkuView::Trusted(sku)}))
        .life;
  }

  Options options_;
  ClockedSource source_;
  memory_store::MemoryStore store_{memory_store::MemoryStore::Serves::kSeveralEngines};
  SteppedClock clock_{Instant::Seconds(kWall)};
  std::optional<Pipeline> pipeline_;
  std::uint64_t lines_ = 0;
};

TEST_F(TimeAheadTest, AChangeFarAheadIsADeadLetterAndTheOthersGoOn) {
  Start();
  Take(Stocked(kWall, DocumentOf("d1", "W", "a", 50)));
  Take(Moved(kFar, "sale", "W", "a", 1));
  EXPECT_EQ(SourceSecond(), kWall);
  Take(Moved(kWall + 1, "sale", "W", "a", 1));
  EXPECT_EQ(counts().applied, 2u);
  EXPECT_EQ(counts().dead_lettered, 1u);
  EXPECT_EQ(pipeline_->refused_ahead(), 1u);
  ASSERT_EQ(Letters().size(), 1u);
  const event::DeadLetter letter = Letters()[0];
  EXPECT_EQ(letter.reason, "ahead of the clock");
  EXPECT_EQ(letter.stage, event::Stage::kRead);
  EXPECT_EQ(letter.line, 2u);
  ASSERT_TRUE(letter.position);
  EXPECT_EQ(letter.position->seconds, kFar);
  // 2,590,000,000 seconds are 29,976 days, 20 hours, 26 minutes and 40 seconds.
  EXPECT_EQ(letter.message,
            "the cluster time 2105-12-11T18:40:00Z is 29976d20h26m40s ahead of the clock, and "
            "source.ahead_max is 1d");
}

TEST_F(TimeAheadTest, WhatIsAheadByWhatIsAllowedIsTaken) {
  Start();
  Take(Stocked(kWall + kDay, DocumentOf("d1", "W", "a", 50)));
  EXPECT_EQ(SourceSecond(), kWall + kDay);
  Take(Moved(kWall + kDay + 1, "sale", "W", "a", 1));
  EXPECT_EQ(counts().dead_lettered, 1u);
  clock_.Pass(Duration::Seconds(1));
  Take(Moved(kWall + kDay + 1, "sale", "W", "a", 1));
  EXPECT_EQ(counts().applied, 2u);
}

TEST_F(TimeAheadTest, WithoutALimitTheSourceMakesUpItsTime) {
  Start(Duration());
  Take(Stocked(kFar, DocumentOf("d1", "W", "a", 50)));
  EXPECT_EQ(SourceSecond(), kFar);
  EXPECT_EQ(counts().applied, 1u);
}

// A machine that slept: its wall is ahead of engine time, and so are the changes.
TEST_F(TimeAheadTest, AChangeThatAgreesWithTheWallIsBelievedBeforeTheWallIs) {
  Start();
  clock_.Jump(Duration::Days(3));
  Take(Stocked(kWall + 3 * kDay, DocumentOf("d1", "W", "a", 50)));
  EXPECT_EQ(counts().applied, 1u);
}

TEST_F(TimeAheadTest, AWatermarkFarAheadIsNotFollowed) {
  Start();
  Take(Stocked(kWall, DocumentOf("d1", "W", "a", 50)));
  source_.watermark = Instant::Seconds(kFar);
  ASSERT_TRUE(pipeline_->Step().ok());
  EXPECT_EQ(SourceSecond(), kWall);
  EXPECT_TRUE(pipeline_->watermark_ahead());
  source_.watermark = Instant::Seconds(kWall + 60);
  ASSERT_TRUE(pipeline_->Step().ok());
  EXPECT_EQ(SourceSecond(), kWall + 60);
  EXPECT_FALSE(pipeline_->watermark_ahead());
}

// It would describe its item as of then: no later document could.
TEST_F(TimeAheadTest, ASnapshotFromFarAheadLeavesEverythingAsItWas) {
  Start();
  Take(Stocked(kWall, DocumentOf("d1", "W", "a", 50)));
  Take(Stocked(kWall, DocumentOf("d2", "W", "b", 50)));
  source_.snapshot_since = base::Position{0, kFar, 0, 0};
  Take(Stocked(kFar, DocumentOf("d1", "W", "a", 50)), true);
  EXPECT_EQ(LifeOf("a"), stock::Life::kOpened);
  EXPECT_EQ(LifeOf("b"), stock::Life::kOpened)
      << "a snapshot of which nothing was taken shows none";
  source_.snapshot_since = base::Position{0, kWall + 10, 0, 0};
  Take(Stocked(kWall + 20, DocumentOf("d2", "W", "b", 50)), true);
  EXPECT_EQ(LifeOf("a"), stock::Life::kRetired);
  EXPECT_EQ(LifeOf("b"), stock::Life::kOpened);
}

}  // namespace
}  // namespace stockwatch::flow
