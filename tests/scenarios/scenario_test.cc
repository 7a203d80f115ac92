// Golden scenarios: each *.scenario file of this folder is a test. README.md beside this file.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "adapters/memory_store/memory_store.h"
#include "change_text.h"
#include "command_text.h"
#include "config/load.h"
#include "edges.h"
#include "flow/delivery_listing.h"
#include "flow/listing.h"
#include "observer.h"
#include "scenario_file.h"
#include "wire/change_event/change_event.h"
#include "wire/ejson/ejson_reader.h"

namespace stockwatch::scenario {
namespace {

using change_event::UpdateImages;

// Gives the pipeline one line a step.
class LineSource : public ports::ChangeSource {
 public:
  explicit LineSource(event::Image update_images)
      : update_images_(update_images == event::Image::kLookup ? UpdateImages::kLookup
                                                              : UpdateImages::kStored) {}

  void Put(std::string line) { line_ = std::move(line); }
  void End() { ended_ = true; }

  base::Result<ports::Next> Read(ports::RawInput& input) override {
    input.Clear();
    if (!line_) return ended_ ? ports::Next::kEnd : ports::Next::kNothingYet;
    input.bytes = *std::exchange(line_, std::nullopt);
    input.line = ++lines_;
    const base::Status read = reader_.Read(input.bytes, ejson::Limits{}, input.change.event);
    if (read.ok()) {
      input.reject = change_event::ToRawChange(input.change, update_images_);
    } else {
      input.reject = event::Reject{event::Stage::kRead, "malformed JSON", read.error().message};
    }
    return ports::Next::kInput;
  }
  base::Status Acknowledge() override { return {}; }

 private:
  UpdateImages update_images_;
  ejson::EjsonReader reader_;
  std::optional<std::string> line_;
  std::uint64_t lines_ = 0;
  bool ended_ = false;
};

flow::Options OptionsOf(const config::Settings& settings) {
  flow::Options options = settings.flow;
  options.destinations = {"ear"};
  options.delivery = outbox::DeliveryOptions::InOrder();
  options.batch_inputs_max = 1;
  return options;
}

enum class Restarts : std::uint8_t { kNever, kAfterEachStep };

// A pipeline on the time axis of one scenario.
class Stage {
 public:
  Stage(const config::Settings& settings, Restarts restarts)
      : options_(OptionsOf(settings)),
        source_(settings.source.update_images),
        decode_(settings.decode),
        restarts_(restarts),
        observer_(store_, ear_) {
    Restart();
  }

  std::vector<std::string> Play(const TimedLine& line) {
    happened_.clear();
    PassTimers(line.seconds);
    if (auto command = commands_.Of(line.event, state(), store_)) {
      Feed(changes_.Tick(line.seconds), line.seconds, true);
      Take(*command, line.seconds);
    } else if (line.event == "end") {
      source_.End();
      Step(line.seconds, false);
    } else if (line.event == "time") {
      Feed(changes_.Tick(line.seconds), line.seconds, true);
      Step(line.seconds, true);  // engine time, which follows, ends silences and snoozes
    } else {
      Feed(changes_.Of(line.event, line.seconds), line.seconds, false);
    }
    return happened_;
  }

  const flow::State& state() const { return pipeline_->state(); }
  ports::StateStore& store() { return store_; }
  const std::set<std::string>& edges_taken() const { return edges_.taken(); }

  // Of every notice that the alerts say was told there is one row in the store, and the ear heard
  // it once. What is wrong with that; empty: nothing.
  std::string Unconserved() {
    if (!pipeline_->Stop().ok()) return "does not stop";
    const auto episodes = flow::ReadEpisodes(state(), store_);
    const auto deliveries = flow::ReadDeliveries(store_);
    if (!episodes.ok() || !deliveries.ok()) return "the store cannot be read";
    std::size_t told = 0;
    for (const alert::EpisodeRecord& episode : episodes.value()) {
      episode.timeline.ForEach([&](std::uint32_t, const alert::Fact& fact) {
        if (fact.kind == alert::FactKind::kTold) ++told;
      });
    }
    std::set<std::string> keys;
    std::size_t delivered = 0;
    for (const outbox::Delivery& delivery : deliveries.value()) {
      if (!keys.insert(delivery.row.key).second) return "two rows with the key " + delivery.row.key;
      if (delivery.state == outbox::DeliveryState::kDelivered) ++delivered;
    }
    if (told == keys.size() && told == delivered && told == ear_.heard_ever) return {};
    return std::to_string(told) + " notices told, " + std::to_string(keys.size()) + " rows, " +
           std::to_string(delivered) + " delivered, " + std::to_string(ear_.heard_ever) + " heard";
  }

 private:
  // Stops at each second at which a timer is due, so that what fires is seen at its own time. Of
  // the line's own second nothing: its timers fire with its change.
  void PassTimers(std::int64_t seconds) {
    if (!state().source_time) return;
    const auto due = [&](std::int64_t by) {
      return state().timers.HasDue(base::Instant::Seconds(by));
    };
    for (std::int64_t now = Now(); now < seconds - 1 && due(seconds - 1); now = Now()) {
      std::int64_t low = now;
      std::int64_t high = seconds - 1;  // the smallest second with a timer is in (low, high]
      while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (due(middle) ? high : low) = middle;
      }
      Feed(changes_.Tick(high), seconds, true);
    }
  }
  std::int64_t Now() const { return state().now().micros() / 1'000'000; }

  void Feed(std::string change, std::int64_t line_seconds, bool tick) {
    source_.Put(std::move(change));
    Step(line_seconds, tick);
  }
  void Take(const event::Command& command, std::int64_t line_seconds) {
    const auto taken = pipeline_->Take(command);
    if (!taken.ok()) happened_.push_back(RefusalText(taken.error()));
    if (taken.ok() && taken.value() == flow::Commanded::kRepeated) happened_.push_back("repeated");
    Step(line_seconds, true);  // what is told of it goes out
  }
  void Step(std::int64_t line_seconds, bool tick) {
    const auto stepped = pipeline_->Step();
    if (!stepped.ok()) throw std::runtime_error(stepped.error().message);
    edges_.Look(state());
    for (std::string& line : observer_.Look(state(), line_seconds, tick)) {
      happened_.push_back(std::move(line));
    }
    if (restarts_ == Restarts::kAfterEachStep) Restart();
  }
  // What the store keeps is all that is left.
  void Restart() {
    do {
      if (pipeline_ && !pipeline_->Stop().ok()) throw std::runtime_error("does not stop");
    } while (pipeline_ && !pipeline_->IsTold());
    pipeline_.emplace(options_, decode_, flow::Pipeline::Parts{source_, store_, &ear_, nullptr},
                      nullptr);
    if (auto started = pipeline_->Start(); !started.ok()) {
      throw std::runtime_error(started.error().message);
    }
  }

  flow::Options options_;
  LineSource source_;
  memory_store::MemoryStore store_{memory_store::MemoryStore::Serves::kSeveralEngines};
  Ear ear_;
  decode::Options decode_;
  Restarts restarts_;
  std::optional<flow::Pipeline> pipeline_;
  ChangeText changes_;
  CommandText commands_;
  Observer observer_;
  Edges edges_;
  std::vector<std::string> happened_;
};

std::string Comparison(const TimedLine& line, const std::vector<std::string>& happened) {
  std::ostringstream out;
  out << AxisTime(line.seconds) << "  " << line.event << "\n";
  for (std::size_t i = 0; i < std::max(line.transitions.size(), happened.size()); ++i) {
    const std::string expected = i < line.transitions.size() ? line.transitions[i].text : "";
    const std::string actual = i < happened.size() ? happened[i] : "";
    if (expected == actual) {
      out << "      -> " << actual << "\n";
      continue;
    }
    if (!expected.empty()) out << "  page -> " << expected << "\n";
    if (!actual.empty()) out << "   was -> " << actual << "\n";
  }
  return out.str();
}

void Check(const std::string& path, const TimedLine& line, const std::vector<std::string>& happened,
           Stage& stage) {
  bool same = line.transitions.size() == happened.size();
  for (std::size_t i = 0; same && i < happened.size(); ++i) {
    same = line.transitions[i].text == happened[i];
  }
  if (!same)
    GTEST_MESSAGE_AT_(path.c_str(), line.line, Comparison(line, happened).c_str(),
                      ::testing::TestPartResult::kNonFatalFailure);
  for (const Expectation& question : line.questions) {
    const std::string answer = Answer(stage.state(), stage.store(), question.text);
    if (answer.empty()) continue;
    GTEST_MESSAGE_AT_(path.c_str(), question.line, ("? " + question.text + "\n" + answer).c_str(),
                      ::testing::TestPartResult::kNonFatalFailure);
  }
}

std::vector<std::string> Paths() {
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(SW_SCENARIO_DIR, error)) {
    if (entry.path().extension() == ".scenario") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

File ReadScenario(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return ParseFile(text.str());
}

class ScenarioTest : public ::testing::Test {
 public:
  ScenarioTest(std::string path, Restarts restarts) : path_(std::move(path)), restarts_(restarts) {}

  void TestBody() override {
    const File file = ReadScenario(path_);
    for (const std::string& mistake : file.mistakes) ADD_FAILURE() << path_ << ": " << mistake;
    const config::Loaded loaded = config::Load(file.settings);
    for (const base::Error& error : loaded.errors) {
      ADD_FAILURE() << path_ << ": settings: " << error.message;
    }
    if (HasFailure()) return;
    Stage stage(loaded.settings, restarts_);
    for (const TimedLine& line : file.timed) {
      try {
        Check(path_, line, stage.Play(line), stage);
      } catch (const std::exception& error) {
        FAIL() << path_ << ":" << line.line << ": " << line.event << ": " << error.what();
      }
    }
    const std::string lost = stage.Unconserved();
    EXPECT_EQ(lost, "") << path_;
  }

 private:
  std::string path_;
  Restarts restarts_;
};

// Before main: the framework has to know its tests when it begins.
bool RegisterAll() {
  const std::vector<std::string> paths = Paths();
  for (const std::string& path : paths) {
    const std::string name = std::filesystem::path(path).stem().string();
    // Nobody can tell an engine that was restarted from one that never stopped.
    for (const auto& [suite, restarts] : {std::pair{"Scenario", Restarts::kNever},
                                          std::pair{"Restarted", Restarts::kAfterEachStep}}) {
      ::testing::RegisterTest(
          suite, name.c_str(), nullptr, nullptr, path.c_str(), 1,
          [path, mode = restarts]() -> ::testing::Test* { return new ScenarioTest(path, mode); });
    }
  }
  return !paths.empty();
}
const bool kRegistered = RegisterAll();

TEST(Scenarios, AreThere) {
  EXPECT_TRUE(kRegistered) << "no *.scenario in " SW_SCENARIO_DIR;
}

// Domain page, section 9: "edges, and no others". Each is taken by some scenario at least.
TEST(Scenarios, TakeEveryEdgeOfTheTable) {
  std::set<std::string> taken;
  for (const std::string& path : Paths()) {
    const File file = ReadScenario(path);
    const config::Loaded loaded = config::Load(file.settings);
    Stage stage(loaded.settings, Restarts::kNever);
    for (const TimedLine& line : file.timed) stage.Play(line);
    taken.insert(stage.edges_taken().begin(), stage.edges_taken().end());
  }
  EXPECT_EQ(taken, Edges::OfTheTable());
}

}  // namespace
}  // namespace stockwatch::scenario
