#include "sim/simulation.h"

#include <algorithm>
#include <utility>

#include "domain/key/stable_hash.h"
#include "flow/listing.h"
#include "flow/pipeline.h"
#include "sim/checker.h"
#include "testing/engine_run.h"
#include "testing/stepped_clock.h"

namespace stockwatch::sim {
namespace {

constexpr std::uint32_t kFullCheckEvery = 64;  // commits

// What is left when all events are through.
struct Ending {
  std::string broken;
  std::string state;  // the lines of the digest
  std::string alerts;
  std::map<std::string, std::string> notices;
  std::uint32_t crashes = 0;
  std::uint64_t trace = 0;
};

// The engine's processes, one after another, on one store.
// The first line that differs.
std::string Difference(std::string_view one, std::string_view other) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < std::min(one.size(), other.size()) && one[i] == other[i]; ++i) {
    if (one[i] == '\n') begin = i + 1;
  }
  const auto line = [&](std::string_view text) {
    return std::string(text.substr(begin, text.find('\n', begin) - begin));
  };
  return line(one) + " instead of " + line(other);
}

class Play {
 public:
  // `disturbed`: by the schedule's crashes, pauses, lost answers; and checked.
  Play(const World& world, const std::vector<Event>& events, const Schedule& schedule,
       bool disturbed)
      : world_(world),
        events_(events),
        schedule_(schedule),
        disturbed_(disturbed),
        mutant_(disturbed ? schedule.mutant : Mutant::kNone),
        model_(world),
        checker_(world, model_),
        store_(mutant_, schedule.seed ^ 0x73746F7265),
        receiver_(disturbed, schedule.seed ^ 0x7265636569) {
    store_.fault_at = [this](std::uint32_t commit) { return Strike(commit); };
    store_.on_kept = [this] { OnKept(); };
  }

  Ending Run() {
    Begin(0);
    while (ending_.broken.empty() && !(ended_ && pipeline_->delivery()->waiting() == 0)) Step();
    if (ending_.broken.empty()) Finish();
    ending_.notices = receiver_.taken();
    return std::move(ending_);
  }

 private:
  void Begin(std::uint32_t rewind) {
    ended_ = false;
    pipeline_.reset();
    source_.emplace(world_, events_,
                    Source::Plan{rewind, mutant_, disturbed_, schedule_.seed + store_.commits()});
    pipeline_.emplace(world_.options, testing::ShopDecoding(),
                      flow::Pipeline::Parts{*source_, store_, &receiver_, &clock_}, nullptr);
    if (auto started = pipeline_->Start(); !started.ok()) {
      ending_.broken = "cannot start: " + started.error().message;
    } else {
      Check(true);
    }
    if (!ending_.broken.empty()) ending_.broken += " (after a start)";
  }

  void Step() {
    struck_.reset();
    // So that a row that waits for another attempt gets it.
    clock_.Pass(ended_ ? base::Duration::Hours(3) : base::Duration::Seconds(10));
    const auto stepped = pipeline_->Step();
    if (struck_) {
      ++ending_.crashes;
      receiver_.Restart();
      Begin(struck_->rewind);
      return;
    }
    if (!stepped.ok()) {
      if (stepped.error().code != base::Code::kUnavailable) {
        ending_.broken = stepped.error().message;
      }
      return;
    }
    Check(store_.commits() % kFullCheckEvery == 0);
    ended_ = stepped.value() == flow::Pipeline::Stepped::kEnded;
    if (ended_) receiver_.Calm();
  }

  std::optional<Fault> Strike(std::uint32_t commit) {
    if (!disturbed_ || next_crash_ >= schedule_.crashes.size()) return std::nullopt;
    if (schedule_.crashes[next_crash_].commit > commit) return std::nullopt;
    struck_ = schedule_.crashes[next_crash_++];
    if (struck_->fault == Fault::kNotSettled) source_->cut_off = true;
    if (struck_->fault == Fault::kWhileTelling) receiver_.CutOff();
    return struck_->fault;
  }

  void OnKept() {
    for (; taken_ < source_->delivered(); ++taken_) model_.Take(events_[taken_]);
    receiver_.Settle();
    Trace(store_.commits());
    Trace(taken_);
  }

  void Check(bool all) {
    if (!disturbed_) return;
    const flow::State& state = pipeline_->state();
    ending_.broken = all ? checker_.CheckAll(state) : checker_.CheckTouched(state);
    if (ending_.broken.empty()) ending_.broken = receiver_.broken();
    Trace(state.changes.duplicate);
    Trace(state.changes.stale);
  }

  // Nothing is lost by a last restart.
  void Finish() {
    next_crash_ = schedule_.crashes.size();
    if (auto stopped = pipeline_->Stop(); !stopped.ok()) {
      ending_.broken = "cannot stop: " + stopped.error().message;
      return;
    }
    Check(true);
    ending_.state = Lines();
    ending_.alerts = Alerts();
    if (!disturbed_ || !ending_.broken.empty()) return;
    Begin(0);
    if (!ending_.broken.empty()) return;
    if (const std::string restarted = Lines(); restarted != ending_.state) {
      ending_.broken = "another state after a restart: " + Difference(restarted, ending_.state);
    } else if (Alerts() != ending_.alerts) {
      ending_.broken = "the alerts are others after a restart";
    } else if (pipeline_->delivery()->waiting() > 0) {
      ending_.broken = "notices that were delivered wait again after a restart";
    }
    for (const std::string* text : {&ending_.state, &ending_.alerts}) {
      Trace(key::StableHash(*text, 0));
    }
  }

  std::string Lines() const {
    std::string lines;
    const auto add = [&](std::string_view line) { lines += line; };
    flow::WriteItems(pipeline_->state(), add);
    flow::WriteRollUps(pipeline_->state(), add);
    flow::WriteDemand(pipeline_->state(), add);
    return lines;
  }

  std::string Alerts() {
    std::string lines;
    const auto written = flow::WriteAlerts(pipeline_->state(), store_,
                                           [&](std::string_view line) { lines += line; });
    return written.ok() ? lines : "cannot list alerts: " + written.error().message;
  }

  void Trace(std::uint64_t value) { ending_.trace = base::SplitMix64(ending_.trace ^ value); }

  const World& world_;
  const std::vector<Event>& events_;
  const Schedule& schedule_;
  bool disturbed_;
  Mutant mutant_;
  Model model_;
  Checker checker_;
  Store store_;
  Receiver receiver_;
  testing::SteppedClock clock_{base::Instant::Seconds(1'700'000'000)};
  std::optional<Source> source_;
  std::optional<flow::Pipeline> pipeline_;
  std::size_t next_crash_ = 0;
  std::optional<CrashPoint> struck_;  // in the step under way
  std::uint32_t taken_ = 0;           // events of which a commit is kept
  bool ended_ = false;
  Ending ending_;
};

}  // namespace

Report Run(const Schedule& schedule) {
  const World world(schedule.seed);
  const std::vector<Event> events = DrawEvents(world, schedule.seed, schedule.events);
  Ending disturbed = Play(world, events, schedule, true).Run();
  Report report{std::move(disturbed.broken), disturbed.crashes, disturbed.trace};
  if (!report.broken.empty()) return report;
  World calm_world = world;
  calm_world.options.batch_inputs_max = 4096;
  const Ending calm = Play(calm_world, events, schedule, false).Run();
  if (!calm.broken.empty()) {
    report.broken = calm.broken + " (without a crash)";
  } else if (disturbed.state != calm.state) {
    report.broken =
        "another state than without a crash: " + Difference(disturbed.state, calm.state);
  } else if (disturbed.alerts != calm.alerts) {
    report.broken = "alerts differ from those of a run without a crash: " +
                    Difference(disturbed.alerts, calm.alerts);
  } else if (disturbed.notices != calm.notices) {
    report.broken = "other notices than in a run without a crash";
  }
  return report;
}

}  // namespace stockwatch::sim
