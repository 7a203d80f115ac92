#include "flow/publish.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/engine_run.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes
using Lines = std::vector<std::string>;

// "opened 5 against 10": what was told of one alert.
Lines Told(const EngineRun& run) {
  Lines lines;
  for (const outbox::Row& row : run.told) {
    lines.push_back(std::string(alert::Name(row.message.kind)) + " " +
                    std::to_string(row.message.value) + " against " +
                    std::to_string(row.message.threshold));
  }
  return lines;
}

Options OneDestination() {
  Options options = LedgerShop();
  options.destinations = {"console"};
  return options;
}

TEST(Publish, AResolveIsToldWithWhatEndedIt) {
  EngineRun run(OneDestination());
  run.Take(RulePut(10, "all", {}, {{"low", 10}}));
  run.Take(Stocked(20, DocumentOf("d", "W", "a", 5)));
  // Edited, not restocked: 5 is above 3 and its margin.
  run.Take(Nth(2, RulePut(30, "all", {}, {{"low", 3}})));
  EXPECT_EQ(Told(run), (Lines{"opened 5000 against 10000", "resolved 5000 against 3000"}));
}

TEST(Publish, AResolveByARuleThatHasGoneIsToldWithTheOpeningsThreshold) {
  EngineRun run(OneDestination());
  run.Take(RulePut(10, "all", {}, {{"low", 10}}));
  run.Take(Stocked(20, DocumentOf("d", "W", "a", 5)));
  run.Take(RuleGone(30, "all"));
  EXPECT_EQ(Told(run), (Lines{"opened 5000 against 10000", "resolved 5000 against 10000"}))
      << "there is none any more";
}

}  // namespace
}  // namespace stockwatch::flow
