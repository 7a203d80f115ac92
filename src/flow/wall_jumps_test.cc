#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "flow/pipeline.h"
#include "testing/engine_run.h"
#include "testing/rules.h"
#include "testing/stepped_clock.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes and rules
using base::Duration;
using Lines = std::vector<std::string>;

constexpr std::uint32_t kStart = 1'700'000'000;
constexpr Duration kTwoMonths = Duration::Days(60);
constexpr Duration kMonthBack = Duration::Micros(-Duration::Days(30).micros());

// Does not answer what is about one item.
class DeafNotifier : public CollectingNotifier {
 public:
  std::string deaf_to;
  int tries = 0;  // of that

 protected:
  ports::Sent AnswerTo(const outbox::Row& row) override {
    if (deaf_to.empty() || row.message.sku != deaf_to) return CollectingNotifier::AnswerTo(row);
    ++tries;
    return Of(outbox::Outcome::kUnknown);
  }
};

class PatientSource : public VectorSource {
 public:
  base::Result<ports::Next> Read(ports::RawInput& input) override {
    SW_TRY(const ports::Next next, VectorSource::Read(input));
    return next == ports::Next::kEnd ? ports::Next::kNothingYet : next;
  }
};

// What runs on engine time: the wall leaps a month to and fro, and nothing fires or freezes.
class WallJumpsTest : public ::testing::Test {
 protected:
  WallJumpsTest() {
    options_ = LedgerShop();
    options_.rules = {MakeRule("default", ForAll(), LowOf(10))};
    options_.destinations = {"console"};
    pipeline_.emplace(options_, ShopDecoding(),
                      Pipeline::Parts{source_, store_, &notifier_, &clock_}, nullptr);
    SW_ASSERT(pipeline_->Start().ok(), "an empty store starts a pipeline");
  }

  void Pass(Duration time) {
    clock_.Pass(time);
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(pipeline_->Step().ok());
  }
  void Stock(const std::string& sku, int on_hand) {
    source_.Add(InputOf(Stocked(kStart + second_++, DocumentOf(sku, "W", sku, on_hand))));
    Pass(Duration());
  }
  // "low_stock opened a" of each notice since the last call, sorted.
  Lines Told() {
    Lines lines;
    for (; heard_ < notifier_.rows.size(); ++heard_) {
      const outbox::Message& message = notifier_.rows[heard_].message;
      lines.push_back(std::string(event::Name(message.type)) + " " +
                      std::string(alert::Name(message.kind)) + " " + message.sku);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  void Do(event::CommandBody body) {
    event::Command command;
    command.key = std::to_string(++commands_);
    command.author = command.principal = "ann";
    command.body = std::move(body);
    ASSERT_TRUE(pipeline_->Take(command).ok());
  }
  base::Instant In(Duration time) const { return pipeline_->state().engine_time + time; }

  Options options_;
  PatientSource source_;
  memory_store::MemoryStore store_;
  DeafNotifier notifier_;
  SteppedClock clock_{base::Instant::Seconds(kStart)};
  std::optional<Pipeline> pipeline_;
  std::uint32_t second_ = 0;
  std::size_t heard_ = 0;
  int commands_ = 0;
};

TEST_F(WallJumpsTest, SnoozeAndSilenceEndWhenTheirTimeHasPassed) {
  Stock("a", 5);
  ASSERT_EQ(Told(), Lines{"low_stock opened a"});
  std::optional<alert::EpisodeId> a;
  pipeline_->state().episodes.ForEach(
      [&](const alert::Episode& episode, const alert::Notes*) { a = episode.id; });
  Do(event::Snooze{*a, In(Duration::Hours(2))});
  event::Silence silence;
  silence.id = "s";
  silence.scope.sku = "b";
  silence.until = In(Duration::Hours(2));
  Do(event::AddSilence{silence});
  Stock("b", 5);
  EXPECT_EQ(Told(), Lines()) << "silenced";

  clock_.Jump(kMonthBack);
  Pass(Duration::Minutes(50));
  EXPECT_EQ(Told(), Lines()) << "70 minutes are left";
  clock_.Jump(kTwoMonths);
  Pass(Duration::Minutes(1));
  EXPECT_EQ(Told(), Lines{"clock opened "}) << "69 minutes are left";
  Pass(Duration::Minutes(58));
  EXPECT_EQ(Told(), Lines()) << "11 minutes are left";
  clock_.Jump(kMonthBack);
  Pass(Duration::Minutes(10));
  EXPECT_EQ(Told(), Lines{"clock resolved "}) << "1 minute is left";
  Pass(Duration::Minutes(1));
  EXPECT_EQ(Told(), (Lines{"low_stock opened b", "low_stock reminder a"}));
  clock_.Jump(kMonthBack);
  Pass(Duration::Hours(3));
  EXPECT_EQ(Told(), Lines()) << "once";
}

// After 5 s, 5 min, 30 min, with up to a tenth more.
TEST_F(WallJumpsTest, ARetryComesAfterItsPauseAndNotWithAJump) {
  notifier_.deaf_to = "a";
  Stock("a", 5);
  EXPECT_EQ(notifier_.tries, 1);
  clock_.Jump(kMonthBack);
  Pass(Duration::Seconds(4));
  EXPECT_EQ(notifier_.tries, 1);
  Pass(Duration::Seconds(3));
  EXPECT_EQ(notifier_.tries, 2) << "a wall that goes back freezes nothing";
  clock_.Jump(kTwoMonths);
  Pass(Duration::Minutes(4));
  EXPECT_EQ(notifier_.tries, 2) << "one that leaps ahead fires nothing";
  notifier_.deaf_to.clear();
  clock_.Jump(kMonthBack);
  Pass(Duration::Minutes(3));
  EXPECT_EQ(Told(), (Lines{"clock opened ", "clock resolved ", "low_stock opened a"}));
}

}  // namespace
}  // namespace stockwatch::flow
