#include "sim/simulation.h"

#include <gtest/gtest.h>

namespace stockwatch::sim {
namespace {

constexpr std::uint32_t kEvents = 2000;

TEST(Simulation, EveryInvariantHoldsWhateverCrashes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(sim::Run(Draw(seed, kEvents)).broken, "") << "seed " << seed;
  }
}

TEST(Simulation, EachMutantIsCaught) {
  for (std::uint8_t mutant = 1; mutant < kMutants; ++mutant) {
    bool caught = false;
    for (std::uint64_t seed = 1; seed <= 50 && !caught; ++seed) {
      caught = !sim::Run(Draw(seed, kEvents, static_cast<Mutant>(mutant))).broken.empty();
    }
    EXPECT_TRUE(caught) << "mutant " << int{mutant} << ", seeds 1 to 50";
  }
}

TEST(Simulation, TheSameSeedGivesTheSameRun) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Report first = sim::Run(Draw(seed, kEvents));
    const Report second = sim::Run(Draw(seed, kEvents));
    EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
    EXPECT_EQ(first.crashes, second.crashes) << "seed " << seed;
    EXPECT_NE(first.trace, sim::Run(Draw(seed + 1, kEvents)).trace) << "seed " << seed;
  }
}

TEST(Simulation, FewerEventsAreTheFirstOnes) {
  const World world(7);
  const auto all = DrawEvents(world, 7, 500);
  const auto some = DrawEvents(world, 7, 200);
  ASSERT_EQ(some.size(), 200u);
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(some[i].token, all[i].token);
}

TEST(Simulation, AFailingScheduleShrinksToOneThatFails) {
  std::uint64_t seed = 1;
  while (sim::Run(Draw(seed, kEvents, Mutant::kPositionAhead)).broken.empty()) ++seed;
  const Schedule failing = Draw(seed, kEvents, Mutant::kPositionAhead);
  const Schedule shrunk = Shrink(failing);
  EXPECT_NE(sim::Run(shrunk).broken, "") << "seed " << seed;
  EXPECT_LE(shrunk.crashes.size(), 1u);
  EXPECT_LE(shrunk.events, failing.events);
}

TEST(Schedule, IsReadAsItIsWritten) {
  const Schedule schedule{7, 300, Mutant::kItemLost, {{13, Fault::kWhileTelling, 5}}};
  EXPECT_EQ(Write(schedule), "seed 7\nevents 300\nmutant 3\ncrash 13 while_telling 5\n");
  const auto read = Read(Write(schedule));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(Write(read.value()), Write(schedule));
}

TEST(Schedule, ALineThatIsNoneIsRefusedByName) {
  for (const char* line : {"sed 7", "events many", "crash 1 no_such_fault 0", "mutant 99"}) {
    const auto read = Read(line);
    ASSERT_FALSE(read.ok()) << line;
    EXPECT_NE(read.error().message.find(line), std::string::npos) << read.error().message;
  }
}

}  // namespace
}  // namespace stockwatch::sim
