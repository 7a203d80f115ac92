#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/faults.h"

namespace stockwatch::sim {

// All that one run depends on.
struct Schedule {
  std::uint64_t seed = 0;
  std::uint32_t events = 20'000;
  Mutant mutant = Mutant::kNone;
  std::vector<CrashPoint> crashes;  // in the order of their commits
};

struct Report {
  std::string broken;  // the first broken invariant; empty: none
  std::uint32_t crashes = 0;
  std::uint64_t trace = 0;  // equal where the same happened
};

// The crash points that the seed draws.
Schedule Draw(std::uint64_t seed, std::uint32_t events, Mutant mutant = Mutant::kNone);

// Runs the events twice, with the crashes and without any, and holds both against the model and
// each other.
Report Run(const Schedule& schedule);

// A schedule that fails too, with fewer crash points and events.
Schedule Shrink(Schedule failing);

// One item a line: "seed 7", "events 2000", "mutant 3", "crash 13 commit_lost 5".
std::string Write(const Schedule& schedule);
// kInvalidArgument, naming the line.
base::Result<Schedule> Read(std::string_view text);

}  // namespace stockwatch::sim
