#include "flow/held_back.h"

#include <gtest/gtest.h>

#include "testing/engine_run.h"
#include "testing/rules.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;
using event::ConditionType;

Options ShopWith(event::RuleFields fields) {
  Options options = LedgerShop();
  options.destinations = {"console"};
  options.rules = {MakeRule("default", ForAll(), std::move(fields))};
  return options;
}

// What lists say of the one alert of that type, but for its id.
std::string Telling(const State& state, ConditionType type) {
  std::string text;
  base::JsonWriter json(text);
  json.BeginObject();
  state.episodes.ForEachIndex([&](alert::EpisodeIndex index) {
    if (state.episodes.at(index).type == type) {
      WriteTelling(state, EpisodeRecordOf(state, index), json);
    }
  });
  json.EndObject();
  return text;
}

TEST(HeldBack, NobodyIsNamedWhereTheRulesNameNoChannelThatIsThere) {
  event::RuleFields fields = LowOf(10);
  fields.channels = {"elsewhere"};
  EngineRun run(ShopWith(fields));
  run.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  EXPECT_TRUE(run.told.empty());
  EXPECT_EQ(Telling(run.state(), ConditionType::kLowStock),
            R"({"told":false,"held_back_by":[{"reason":"nobody_named","by":null,"until":null}]})");
}

TEST(HeldBack, OfOneThatGoesOutNothingDoes) {
  EngineRun run(ShopWith(LowOf(10)));
  run.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  ASSERT_EQ(run.told.size(), 1u);
  EXPECT_EQ(Telling(run.state(), ConditionType::kLowStock), R"({"told":true,"held_back_by":[]})");
}

TEST(HeldBack, CountsEachReasonOfActiveOnesAlone) {
  EngineRun run(ShopWith(CriticalOf(5, LowOf(10))));
  run.Take(Stocked(10, DocumentOf("d", "W", "a", 5)));
  EXPECT_EQ(CountHeldBack(run.state()), (std::array<std::uint64_t, kHolds>{1, 0, 0, 0, 0}))
      << "critical mutes low";
  run.Take(Moved(20, "receipt", "W", "a", 50));
  EXPECT_EQ(CountHeldBack(run.state()), (std::array<std::uint64_t, kHolds>{}));
}

}  // namespace
}  // namespace stockwatch::flow
