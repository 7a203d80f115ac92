#include "flow/component_flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "domain/outbox/delivery_record.h"
#include "flow/listing.h"
#include "flow/pipeline.h"
#include "testing/engine_run.h"
#include "testing/rules.h"
#include "testing/stepped_clock.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes and rules
using base::Duration;
using Lines = std::vector<std::string>;

constexpr Duration kAllowed = Duration::Seconds(90);

// Delivers what it is given, and says of itself what the test wants.
class PatientSource : public VectorSource {
 public:
  base::Result<ports::Next> Read(ports::RawInput& input) override {
    SW_TRY(const ports::Next next, VectorSource::Read(input));
    return next == ports::Next::kEnd ? ports::Next::kNothingYet : next;
  }
  std::optional<Health> GetHealth() const override { return health; }

  Health health{.still = {}, .still_max = kAllowed};
};

class ComponentFlowTest : public ::testing::Test {
 protected:
  ComponentFlowTest() {
    options_ = LedgerShop();
    options_.rules = {MakeRule("default", ForAll(), LowOf(10))};
    options_.destinations = {"console", "mail"};
    Start();
  }

  // As after a stop, or a kill -9: what is in memory is gone.
  void Start() {
    pipeline_.emplace(options_, ShopDecoding(),
                      Pipeline::Parts{source_, store_, &notifier_, &clock_}, nullptr);
    ASSERT_TRUE(pipeline_->Start().ok());
  }
  void Step(Duration after = Duration::Seconds(1)) {
    clock_.Pass(after);
    ASSERT_TRUE(pipeline_->Step().ok());
  }
  // As often as something may follow; the notices that came.
  Lines Told() {
    const std::size_t before = notifier_.rows.size();
    for (int i = 0; i < 3; ++i) Step();
    Lines lines;
    for (std::size_t i = before; i < notifier_.rows.size(); ++i) {
      const outbox::Row& row = notifier_.rows[i];
      const auto& component = row.message.component;
      lines.push_back(row.destination + " " + std::string(event::Name(row.message.type)) + " " +
                      std::string(alert::Name(row.message.kind)) + " " +
                      (component ? component->name : row.message.sku));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  void Say(const Written& written) { source_.Add(InputOf(written)); }
  void FallSilent() { source_.health.still = Duration::Seconds(91); }
  void Move() {
    source_.health.still = Duration();
    source_.health.has_moved = true;
  }
  // The alert of that type that is not closed.
  std::optional<alert::EpisodeRecord> Find(event::ConditionType type) {
    std::optional<alert::EpisodeRecord> found;
    pipeline_->state().episodes.ForEach(
        [&](const alert::Episode& episode, const alert::Notes* notes) {
          if (episode.type == type) found = EpisodeRecordOf(pipeline_->state(), episode, notes);
        });
    return found;
  }
  base::Result<Commanded> Resolve(event::ConditionType type, const std::string& key) {
    event::Command command;
    command.key = key;
    command.author = "ann";
    command.principal = "admin";
    command.body = event::Resolve{Find(type).value().id};
    return pipeline_->Take(command);
  }

  Options options_;
  PatientSource source_;
  memory_store::MemoryStore store_{memory_store::MemoryStore::Serves::kSeveralEngines};
  CollectingNotifier notifier_;
  SteppedClock clock_{base::Instant::Seconds(1'700'000'000)};
  std::optional<Pipeline> pipeline_;
};

TEST_F(ComponentFlowTest, SilenceIsToldAndEndsWithProgress) {
  Move();
  source_.health.still = kAllowed;
  EXPECT_EQ(Told(), Lines()) << "it may be silent for so long";
  FallSilent();
  EXPECT_EQ(Told(),
            (Lines{"console source_silent opened default", "mail source_silent opened default"}));
  EXPECT_EQ(notifier_.rows.back().message.severity, event::Severity::kPage);
  EXPECT_EQ(notifier_.rows.back().message.value, 91'000);
  EXPECT_EQ(notifier_.rows.back().message.threshold, 90'000);
  Step(Duration::Minutes(5));
  Move();
  EXPECT_EQ(Told(), (Lines{"console source_silent resolved default",
                           "mail source_silent resolved default"}));
  EXPECT_GE(notifier_.rows.back().message.value, 390'000) << "how long it lasted";
}

TEST_F(ComponentFlowTest, SilenceMutesWhatHappensToItems) {
  Say(Stocked(10, DocumentOf("d1", "W", "a", 50)));
  Move();
  EXPECT_EQ(Told(), Lines());
  FallSilent();
  EXPECT_EQ(Told().size(), 2u);
  Say(Moved(20, "adjustment", "W", "a", -45));
  EXPECT_EQ(Told(), Lines());
  Move();
  EXPECT_EQ(Told(), (Lines{"console low_stock opened a", "console source_silent resolved default",
                           "mail low_stock opened a", "mail source_silent resolved default"}));
}

TEST_F(ComponentFlowTest, ARestartIsNoProgressAndAPauseIsNoSilence) {
  FallSilent();
  EXPECT_EQ(Told().size(), 2u);
  Start();
  source_.health.still = Duration();  // since the process began
  EXPECT_EQ(Told(), Lines());
  ASSERT_TRUE(Find(event::ConditionType::kSourceSilent));
  EXPECT_EQ(Find(event::ConditionType::kSourceSilent)->state, alert::State::kOpen);
  source_.health.paused = true;
  EXPECT_EQ(Told().size(), 2u) << "whoever pauses it knows that it is silent";
  FallSilent();
  EXPECT_EQ(Told(), Lines());
}

TEST_F(ComponentFlowTest, NobodyEndsASilenceByHand) {
  FallSilent();
  EXPECT_EQ(Told().size(), 2u);
  EXPECT_EQ(Resolve(event::ConditionType::kSourceSilent, "k").error().code, base::Code::kAborted);
}

TEST_F(ComponentFlowTest, ASilenceThatIsOverIsClosedInEngineTime) {
  FallSilent();
  EXPECT_EQ(Told().size(), 2u);
  Move();
  EXPECT_EQ(Told().size(), 2u);
  FallSilent();
  EXPECT_EQ(Told(), (Lines{"console source_silent reopened default",
                           "mail source_silent reopened default"}))
      << "within a quarter of an hour it is the same";
  Move();
  EXPECT_EQ(Told().size(), 2u);
  Step(Duration::Minutes(16));
  EXPECT_FALSE(Find(event::ConditionType::kSourceSilent));
}

TEST_F(ComponentFlowTest, AGapIsToldAndEndsWhenAllWasReadAnew) {
  Say(Stocked(1'699'999'400, DocumentOf("d1", "W", "a", 50)));
  Move();
  EXPECT_EQ(Told(), Lines());
  source_.health.gaps = 1;
  EXPECT_EQ(Told(), (Lines{"console source_gap opened default", "mail source_gap opened default"}));
  EXPECT_EQ(notifier_.rows.back().message.value, 604'000) << "seconds since the last change";
  Start();  // whose source has lost nothing
  source_.health.gaps = 0;
  EXPECT_EQ(Told(), Lines());
  source_.snapshot_since = base::Position{0, 1'699'999'300, 1, 0};
  EXPECT_EQ(Told(),
            (Lines{"console source_gap resolved default", "mail source_gap resolved default"}));
}

TEST_F(ComponentFlowTest, AGapThatIsMadeGoodAtOnceIsToldAndEnds) {
  source_.health.gaps = 1;
  source_.snapshot_since = base::Position{0, 10, 1, 0};
  EXPECT_EQ(Told().size(), 4u) << "opened and resolved, to two channels";
  EXPECT_EQ(Find(event::ConditionType::kSourceGap)->state, alert::State::kResolved);
}

TEST_F(ComponentFlowTest, AGapThatIsLeftOutIsEndedByHand) {
  source_.health.gaps = 1;
  EXPECT_EQ(Told().size(), 2u);
  EXPECT_TRUE(Resolve(event::ConditionType::kSourceGap, "k").ok());
  EXPECT_EQ(Find(event::ConditionType::kSourceGap)->cause, alert::Cause::kManual);
}

TEST_F(ComponentFlowTest, AGapAtWhichTheSourceStopsIsToldBeforeTheEnd) {
  source_.health.gaps = 1;
  source_.fails_at = 0;
  EXPECT_FALSE(pipeline_->Step().ok());
  ASSERT_TRUE(pipeline_->Stop().ok());
  ASSERT_TRUE(pipeline_->Stop().ok());
  ASSERT_EQ(notifier_.rows.size(), 2u);
  EXPECT_EQ(notifier_.rows[0].message.type, event::ConditionType::kSourceGap);
}

TEST_F(ComponentFlowTest, GivenUpNoticesAreToldToTheOtherChannels) {
  notifier_.refused_destination = "console";
  Say(Stocked(10, DocumentOf("d1", "W", "a", 5)));
  Say(Stocked(11, DocumentOf("d2", "W", "b", 5)));
  EXPECT_EQ(Told(), (Lines{"mail low_stock opened a", "mail low_stock opened b",
                           "mail undeliverable opened console"}));
  EXPECT_EQ(notifier_.rows.back().message.value, 2000) << "both";
  EXPECT_EQ(AlertLine(*Find(event::ConditionType::kUndeliverable)).find(R"("channel":"console")") !=
                std::string::npos,
            true);
  Say(Stocked(20, DocumentOf("d3", "W", "c", 5)));
  EXPECT_EQ(Told(), Lines{"mail low_stock opened c"}) << "once";
  EXPECT_EQ(Find(event::ConditionType::kUndeliverable)->now, 3000);
  notifier_.refused_destination.clear();
  Say(Stocked(30, DocumentOf("d4", "W", "d", 5)));
  EXPECT_EQ(Told(), (Lines{"console low_stock opened d", "mail low_stock opened d",
                           "mail undeliverable resolved console"}));
}

// Or a kill between the two would leave what was given up untold.
TEST_F(ComponentFlowTest, WhatWasGivenUpAndItsAlertAreStoredAtOnce) {
  notifier_.refused_destination = "console";
  Say(Stocked(10, DocumentOf("d1", "W", "a", 5)));
  Step();
  Step();
  std::size_t given_up = 0;
  (void)store_.ReadFamily(ports::Family::kDelivery, [&](std::string_view, std::string_view record) {
    const auto delivery = outbox::DecodeDelivery(record).value();
    if (delivery.state == outbox::DeliveryState::kDeadLettered) ++given_up;
  });
  ASSERT_EQ(given_up, 1u);
  Start();
  EXPECT_TRUE(Find(event::ConditionType::kUndeliverable));
  EXPECT_EQ(Told(), Lines{"mail undeliverable opened console"});
}

TEST_F(ComponentFlowTest, WithOneChannelTheAlertStandsThoughNobodyIsTold) {
  options_.destinations = {"console"};
  Start();
  notifier_.refused_destination = "console";
  Say(Stocked(10, DocumentOf("d1", "W", "a", 5)));
  EXPECT_EQ(Told(), Lines());
  ASSERT_TRUE(Find(event::ConditionType::kUndeliverable));
  EXPECT_EQ(pipeline_->delivery()->waiting(), 0u);
}

TEST_F(ComponentFlowTest, AnAlertOfAChannelThatIsNoMoreEnds) {
  notifier_.refused_destination = "console";
  Say(Stocked(10, DocumentOf("d1", "W", "a", 5)));
  EXPECT_EQ(Told().size(), 2u);
  options_.destinations = {"mail"};
  Start();
  EXPECT_EQ(Find(event::ConditionType::kUndeliverable)->cause, alert::Cause::kRetired);
}

const Lines kHeadroomOpened{"console oplog_headroom opened default",
                            "mail oplog_headroom opened default"};
const Lines kHeadroomResolved{"console oplog_headroom resolved default",
                              "mail oplog_headroom resolved default"};

TEST_F(ComponentFlowTest, AnOplogThatRunsOutIsToldByHowNearAndEndsWhenThePlaceIsFarFromIt) {
  Move();
  source_.health.lost_in_min = Duration::Minutes(10);
  const auto say = [&](std::optional<Duration> lost_in) {
    source_.health.reach_known = true;
    source_.health.lost_in = lost_in;
  };
  say(Duration::Minutes(10));
  EXPECT_EQ(Told(), Lines());
  say(Duration::Seconds(599));
  EXPECT_EQ(Told(), kHeadroomOpened);
  EXPECT_EQ(notifier_.rows.back().message.severity, event::Severity::kCritical);
  EXPECT_EQ(notifier_.rows.back().message.value, 599'000);
  EXPECT_EQ(notifier_.rows.back().message.threshold, 600'000);
  EXPECT_EQ(Resolve(event::ConditionType::kOplogHeadroom, "k").error().code, base::Code::kAborted);
  say(Duration::Seconds(149));
  EXPECT_EQ(Told(), Lines()) << "it is the same alert";
  EXPECT_EQ(Find(event::ConditionType::kOplogHeadroom)->severity, event::Severity::kPage);
  EXPECT_EQ(Find(event::ConditionType::kOplogHeadroom)->worst, 149'000);
  source_.health.reach_known = false;
  EXPECT_EQ(Told(), Lines()) << "that nobody knows it any more is no end";
  say(Duration::Minutes(19));
  EXPECT_EQ(Told(), Lines());
  say(std::nullopt);
  EXPECT_EQ(Told(), kHeadroomResolved);
}

TEST_F(ComponentFlowTest, AnOplogThatRunsOutIsStillOneAfterARestart) {
  source_.health.lost_in_min = Duration::Minutes(10);
  source_.health.reach_known = true;
  source_.health.lost_in = Duration::Seconds(60);
  EXPECT_EQ(Told(), kHeadroomOpened);
  EXPECT_EQ(notifier_.rows.back().message.severity, event::Severity::kPage) << "so near";
  Start();
  source_.health.reach_known = false;  // it was not looked at yet
  source_.health.lost_in.reset();
  EXPECT_EQ(Told(), Lines());
  source_.health.reach_known = true;
  EXPECT_EQ(Told(), kHeadroomResolved);
}

// The wall leaps a month ahead.
constexpr Duration kLeap = Duration::Days(30);
const Lines kClockOpened{"console clock opened engine", "mail clock opened engine"};
const Lines kClockResolved{"console clock resolved engine", "mail clock resolved engine"};

TEST_F(ComponentFlowTest, AWallThatIsAheadIsToldAndBelievedAfterAnHour) {
  clock_.Jump(Duration::Minutes(5));
  EXPECT_EQ(Told(), Lines()) << "so little is followed";
  clock_.Jump(kLeap);
  EXPECT_EQ(Told(), kClockOpened);
  EXPECT_EQ(notifier_.rows.back().message.severity, event::Severity::kWarning);
  EXPECT_EQ(notifier_.rows.back().message.value, 2'592'000'000) << "seconds ahead";
  EXPECT_EQ(notifier_.rows.back().message.threshold, 300'000);
  EXPECT_NE(AlertLine(*Find(event::ConditionType::kClock)).find(R"("clock":"engine")"),
            std::string::npos);
  EXPECT_EQ(Resolve(event::ConditionType::kClock, "k").error().code, base::Code::kAborted);
  clock_.Pass(Duration::Hours(1));
  EXPECT_EQ(Told(), kClockResolved);
  EXPECT_EQ(pipeline_->state().engine_time, clock_.Wall());
}

TEST_F(ComponentFlowTest, AWallThatGoesBackToWhereItWasEndsItsAlert) {
  clock_.Jump(kLeap);
  EXPECT_EQ(Told(), kClockOpened);
  clock_.Jump(Duration::Micros(-kLeap.micros()));
  EXPECT_EQ(Told(), kClockResolved);
  EXPECT_EQ(pipeline_->state().engine_time, clock_.Wall());
}

TEST_F(ComponentFlowTest, AnOperatorAdoptsTheWallAtOnce) {
  const Actor ann{"admin", "here", "it is right"};
  EXPECT_EQ(pipeline_->AdoptWall(ann).error().code, base::Code::kFailedPrecondition);
  clock_.Jump(kLeap);
  EXPECT_EQ(Told(), kClockOpened);
  ASSERT_TRUE(pipeline_->AdoptWall(ann).ok());
  EXPECT_EQ(pipeline_->state().engine_time, clock_.Wall());
  EXPECT_EQ(Told(), kClockResolved);
  EXPECT_EQ(pipeline_->AdoptWall(ann).error().code, base::Code::kFailedPrecondition);
  Lines audited;
  ASSERT_TRUE(ReadAudit(store_, [&](const audit::SealedEntry& sealed) {
                const audit::Entry& entry = sealed.entry;
                audited.push_back(entry.who + " " + entry.kind + " " + entry.subject + " " +
                                  entry.why + " " + entry.before + " " + entry.after);
                return true;
              }).ok());
  // 1,700,000,000 is 2023-11-14T22:13:20Z; three steps of a second.
  EXPECT_EQ(audited.back(),
            "admin clock.adopt engine it is right "
            R"({"engine_time":"2023-11-14T22:13:23Z"} {"engine_time":"2023-12-14T22:13:23Z"})");
}

// Engine time begins at the wall: whoever starts an engine has looked at its clock.
TEST_F(ComponentFlowTest, ARestartBelievesTheWall) {
  clock_.Jump(kLeap);
  EXPECT_EQ(Told(), kClockOpened);
  Start();
  EXPECT_EQ(Told(), kClockResolved);
}

}  // namespace
}  // namespace stockwatch::flow
