// Which item runs out next: State::running_out, kept while changes come. docs/adr/0005, 14.

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "flow/planning.h"
#include "testing/engine_run.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes
using Lines = std::vector<std::string>;

constexpr std::uint32_t kDay = 86'400;
constexpr std::uint32_t kMonday = 1'704'067'200;  // 2024-01-01

std::string LineOf(const State& state, key::ItemIndex item, std::int64_t cover) {
  const event::ItemKey key = state.directory.Key(item);
  return std::string(key.warehouse.text()) + "/" + std::string(key.sku.text()) + " " +
         std::to_string(cover);
}

// "W/a 4000": thousandths of a day of cover.
Lines RunningOut(State& state) {
  Lines lines;
  for (const stock::AtRisk& entry : state.running_out.Top(0, 99, state.directory)) {
    lines.push_back(LineOf(state, entry.item, entry.score));
  }
  return lines;
}

// Everything worked out anew, of every item.
Lines WorkedOut(const State& state) {
  using Rank = std::tuple<std::int64_t, event::ItemKey, key::ItemIndex>;
  std::vector<Rank> ranks;
  for (key::ItemIndex index = 0; index < state.ledger.size(); ++index) {
    const stock::Item& item = state.ledger.at(index);
    const bool counts = item.life == stock::Life::kOpened && !item.discontinued &&
                        state.rules.at(item.thresholds).NeedsDemand();
    if (!counts || state.ledger.ShownOf(item).available() <= base::Quantity()) continue;
    const ItemPlan plan = PlanOf(state, index);
    if (plan.days_of_cover) {
      ranks.emplace_back(plan.days_of_cover->count, state.directory.Key(index), index);
    }
  }
  std::sort(ranks.begin(), ranks.end());
  Lines lines;
  for (const auto& [cover, key, index] : ranks) lines.push_back(LineOf(state, index, cover));
  return lines;
}

// Twenty days, of which each sells so many pieces; on the morning after them so many are left.
void SellFor20Days(EngineRun& run, const std::string& warehouse, const std::string& sku, int a_day,
                   int left) {
  const std::string id = warehouse + sku;
  run.Take(Stocked(kMonday + 1, DocumentOf(id, warehouse, sku, left + 20 * a_day)));
  for (std::uint32_t day = 0; day < 20; ++day) {
    run.Take(Moved(kMonday + day * kDay + kDay / 2, "sale", warehouse, sku, a_day));
  }
}

TEST(RunningOut, TheEarliestStockOutComesFirst) {
  EngineRun run(LedgerShop());
  run.Take(RulePut(kMonday, "cover", {}, {{"days_of_cover", 3}}));
  // Each behind the other: the changes of an item commute with those of another.
  SellFor20Days(run, "W", "a", 5, 20);
  SellFor20Days(run, "W", "b", 10, 20);
  SellFor20Days(run, "V", "b", 10, 20);
  SellFor20Days(run, "W", "out", 5, 0);
  run.Take(Stocked(kMonday + 2, DocumentOf("i", "W", "idle", 1)));
  run.Take(Moved(kMonday + 20 * kDay + 1, "damage", "W", "idle", 1));
  State& state = run.engine.state();
  EXPECT_EQ(RunningOut(state), (Lines{"V/b 2000", "W/b 2000", "W/a 4000"}))
      << "not what is out, nor what has no forecast";
  run.Take(Moved(kMonday + 20 * kDay + 60, "sale", "W", "a", 15));
  run.Take(Moved(kMonday + 20 * kDay + 61, "receipt", "W", "out", 50));
  EXPECT_EQ(RunningOut(state), (Lines{"W/a 1000", "V/b 2000", "W/b 2000", "W/out 10000"}));
  run.Take(
      Nth(2, RulePut(kMonday + 20 * kDay + 61, "peak", {{"sku", "b"}}, {{"season_factor", 4}})));
  EXPECT_EQ(RunningOut(state), (Lines{"V/b 500", "W/b 500", "W/a 1000", "W/out 10000"}));
  run.Take(RuleGone(kMonday + 20 * kDay + 62, "cover"));
  EXPECT_EQ(RunningOut(state), Lines()) << "no rule asks for a forecast";
}

// A day of the shop: sales, deliveries, documents that move items or discontinue them, deletes.
void AnyDay(std::uint32_t day, std::vector<Written>& changes) {
  std::uint32_t second = kMonday + day * kDay + 1;
  for (const std::string sku : {"a", "b", "c"}) {
    second += 3'600;
    const int figure = *rc::gen::inRange(1, 6);
    switch (*rc::gen::inRange(0, 12)) {
      case 0:
        break;
      case 1:
        changes.push_back(Moved(second, "receipt", "W", sku, 40 * figure));
        break;
      case 2:
        changes.push_back(
            Updated(second, DocumentOf("W" + sku, "W", sku, 30,
                                       {{"category", figure > 3 ? "x" : "y"},
                                        {"status", figure == 5 ? "discontinued" : "active"}})));
        break;
      case 3:
        if (figure > 4) changes.push_back(Deleted(second, "W" + sku));
        break;
      default:
        changes.push_back(Moved(second, "sale", "W", sku, figure));
    }
  }
}

RC_GTEST_PROP(RunningOutProperty, IsInTheOrderThatIsWorkedOutAnew, ()) {
  Options options = LedgerShop();
  options.warehouse.authority =
      *rc::gen::element(stock::Authority::kSnapshot, stock::Authority::kLedger);
  std::vector<Written> changes{
      RulePut(kMonday, "r", {}, {{*rc::gen::element("days_of_cover", "velocity_spike_ratio"), 3}})};
  for (const std::string sku : {"a", "b", "c"}) {
    changes.push_back(Stocked(kMonday + 1, DocumentOf("W" + sku, "W", sku, 90)));
  }
  const auto days = *rc::gen::inRange<std::uint32_t>(16, 30);
  for (std::uint32_t day = 0; day < days; ++day) AnyDay(day, changes);
  // One of them comes late.
  const auto late = *rc::gen::inRange<std::size_t>(1, changes.size());
  const auto then = *rc::gen::inRange<std::size_t>(late, changes.size());
  std::rotate(changes.begin() + static_cast<std::ptrdiff_t>(late),
              changes.begin() + static_cast<std::ptrdiff_t>(late) + 1,
              changes.begin() + static_cast<std::ptrdiff_t>(then) + 1);
  EngineRun run(options);
  for (const Written& change : changes) {
    run.Take(change);
    RC_ASSERT(RunningOut(run.engine.state()) == WorkedOut(run.engine.state()));
  }
}

}  // namespace
}  // namespace stockwatch::flow
