// stockwatch-sim: the whole engine in one thread from a seed. The only unit of it that knows CLI11.

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/simulation.h"

namespace stockwatch::cmd {
namespace {

struct SimFlags {
  std::uint64_t seed = 1;
  std::string seeds;  // "1..100"
  std::uint32_t events = 20'000;
  int mutant = 0;
  std::string schedule;
};

// Of the run under way: an assertion of the engine ends the process.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): seen by a signal handler
char under_way[64] = "";

extern "C" void TellSeed(int) {
  std::fputs(under_way, stderr);
  std::_Exit(1);
}

bool ReadSeeds(const SimFlags& flags, std::uint64_t& first, std::uint64_t& last) {
  first = last = flags.seed;
  if (flags.seeds.empty()) return true;
  char end = 0;
  unsigned long long from = 0;
  unsigned long long to = 0;
  if (std::sscanf(flags.seeds.c_str(), "%llu..%llu%c", &from, &to, &end) != 2) return false;
  first = from;
  last = to;
  return first <= last;
}

bool Fails(const sim::Schedule& schedule) {
  std::snprintf(under_way, sizeof under_way, "seed %llu: the engine gave up\n",
                static_cast<unsigned long long>(schedule.seed));
  const sim::Report report = sim::Run(schedule);
  if (report.broken.empty()) return false;
  std::printf("seed %llu: %s\n", static_cast<unsigned long long>(schedule.seed),
              report.broken.c_str());
  std::fflush(stdout);
  return true;
}

void Keep(const sim::Schedule& shrunk) {
  const std::string name = "seed-" + std::to_string(shrunk.seed) + ".schedule";
  std::ofstream out(name);
  out << sim::Write(shrunk);
  out.close();
  if (!out) std::fprintf(stderr, "stockwatch-sim: cannot write %s\n", name.c_str());
}

void Summarize(std::uint64_t seeds, std::uint64_t events, std::uint64_t failed) {
  std::printf("%llu seeds, %llu events, %llu failed\n", static_cast<unsigned long long>(seeds),
              static_cast<unsigned long long>(events), static_cast<unsigned long long>(failed));
}

int RunSchedule(const std::string& name) {
  std::ifstream in(name);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    std::fprintf(stderr, "stockwatch-sim: cannot read %s\n", name.c_str());
    return 2;
  }
  const auto schedule = sim::Read(text.str());
  if (!schedule.ok()) {
    std::fprintf(stderr, "stockwatch-sim: %s\n", schedule.error().message.c_str());
    return 2;
  }
  const bool failed = Fails(schedule.value());
  Summarize(1, schedule.value().events, failed ? 1 : 0);
  return failed ? 1 : 0;
}

int RunSeeds(const SimFlags& flags) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!ReadSeeds(flags, first, last)) {
    std::fprintf(stderr, "stockwatch-sim: --seeds: not FIRST..LAST: \"%s\"\n", flags.seeds.c_str());
    return 2;
  }
  std::uint64_t failed = 0;
  std::uint64_t seeds = 0;
  for (std::uint64_t seed = first; seeds <= last - first; ++seed, ++seeds) {
    const sim::Schedule schedule =
        sim::Draw(seed, flags.events, static_cast<sim::Mutant>(flags.mutant));
    if (!Fails(schedule)) continue;
    ++failed;
    Keep(sim::Shrink(schedule));
  }
  Summarize(seeds, seeds * flags.events, failed);
  return failed > 0 ? 1 : 0;
}

int Main(int argc, char** argv) {
  CLI::App app("Simulates the engine from a seed: crashes, repeats, late changes",
               "stockwatch-sim");
  SimFlags flags;
  auto* seed = app.add_option("--seed", flags.seed, "the one seed to run")->capture_default_str();
  auto* seeds = app.add_option("--seeds", flags.seeds, "a range of seeds, ends included")
                    ->type_name("FIRST..LAST")
                    ->excludes(seed);
  app.add_option("--events", flags.events, "events of a seed")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--mutant", flags.mutant, "a mistake of store or source that is to be found")
      ->capture_default_str()
      ->check(CLI::Range(0, sim::kMutants - 1));
  app.add_option("--schedule", flags.schedule, "run what a failing seed has written")
      ->type_name("FILE")
      ->excludes(seed)
      ->excludes(seeds);
  app.footer(
      "A failing seed writes seed-N.schedule into the working folder.\n"
      "Exit codes: 0 all hold, 1 a seed failed, 2 wrong flags or schedule.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::signal(SIGABRT, TellSeed);
  return flags.schedule.empty() ? RunSeeds(flags) : RunSchedule(flags.schedule);
}

}  // namespace
}  // namespace stockwatch::cmd

int main(int argc, char** argv) {
  return stockwatch::cmd::Main(argc, argv);
}
