#include "flow/history_sweep.h"

#include <gtest/gtest.h>

#include <random>

#include "domain/stock/fold.h"
#include "testing/engine_run.h"
#include "testing/stream.h"

namespace stockwatch::flow {
namespace {

using memory_store::MemoryStore;
using stockwatch::testing::Deleted;
using stockwatch::testing::DocumentOf;
using stockwatch::testing::EngineRun;
using stockwatch::testing::kDay;
using stockwatch::testing::Moved;
using stockwatch::testing::Nth;
using stockwatch::testing::ShopDecoding;
using stockwatch::testing::Stocked;
using stockwatch::testing::Updated;
using stockwatch::testing::Written;

constexpr std::uint32_t kKeepDays = 35;
constexpr std::uint32_t kDays = 400;
constexpr std::uint32_t kBegin = 20'000 * kDay;

Options Shop(stock::Authority authority) {
  Options options;
  options.warehouse.authority = authority;
  options.history_keep = base::Duration::Days(kKeepDays);
  return options;
}

// Movements of three items, four a day each, a document or a count now and then, one in ten late by
// up to 34 days; `c` is deleted and comes back.
std::vector<Written> ManyDays(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  std::vector<Written> changes;
  for (const char* sku : {"a", "b", "c"}) {
    changes.push_back(Stocked(kBegin, DocumentOf(sku, "W", sku, 100)));
  }
  const char* const kinds[] = {"sale", "sale", "sale", "receipt", "ordered", "reserve", "return"};
  std::uint32_t increment = 1;
  for (std::uint32_t day = 1; day < kDays; ++day) {
    for (const char* sku : {"a", "b", "c"}) {
      for (std::uint32_t i = 0; i < 4; ++i) {
        std::uint32_t second = kBegin + day * kDay + i * 3600;
        if (day > kKeepDays && below(10) == 0) second -= below(34 * kDay);
        Written change = Moved(second, kinds[below(7)], "W", sku, static_cast<int>(1 + below(5)));
        if (below(40) == 0) change = Moved(second, "count", "W", sku, static_cast<int>(below(80)));
        if (below(40) == 0) {
          change = Updated(second, DocumentOf(sku, "W", sku, static_cast<int>(below(80))));
        }
        changes.push_back(Nth(++increment, std::move(change)));
      }
    }
    const std::uint32_t evening = kBegin + day * kDay + 20 * 3600;
    if (day == 200) changes.push_back(Deleted(evening, "c"));
    if (day == 210) changes.push_back(Stocked(evening, DocumentOf("c", "W", "c", 50)));
  }
  return changes;
}

// An engine on a store that outlives it: it sweeps.
class LongLife {
 public:
  explicit LongLife(Options options) : options_(std::move(options)), decoder_(ShopDecoding()) {
    Begin();
  }
  void Begin() {
    engine.emplace(options_, store);
    ASSERT_TRUE(engine->Start(store).ok());
  }
  void Take(const Written& written) {
    Arrival arrival;
    arrival.input = stockwatch::testing::InputOf(written);
    engine->Place(arrival.input);
    arrival.decoded = decoder_.Decode(arrival.input.change);
    engine->Take(arrival, 0);
    ASSERT_TRUE(engine->Commit(store).ok());
  }
  std::vector<stock::HistoryRow> Rows(std::string_view sku) {
    State& state = engine->state();
    auto& rows = state.ledger.ReadHistory(
        state.directory.Find({event::WarehouseIdView::Trusted("W"), event::SkuView::Trusted(sku)}));
    stock::SortByPosition(rows);
    return rows;
  }

  MemoryStore store{MemoryStore::Serves::kSeveralEngines};
  std::optional<Engine> engine;

 private:
  Options options_;
  decode::Decoder decoder_;
};

void ExpectTwiceTheHistoryAndTheSameStock(stock::Authority authority) {
  EngineRun whole(Shop(authority));
  LongLife swept(Shop(authority));
  std::size_t taken = 0;
  for (const Written& change : ManyDays(7)) {
    whole.Take(change);
    swept.Take(change);
    if (++taken % 900 == 0) swept.Begin();
    if (taken % 50 != 0) continue;
    ASSERT_EQ(flow::Digest(swept.engine->state()), whole.Digest()) << taken;
  }
  EXPECT_EQ(flow::Digest(swept.engine->state()), whole.Digest());
  EXPECT_EQ(swept.engine->state().changes, whole.counts());
  for (const char* sku : {"a", "b", "c"}) {
    const auto rows = swept.Rows(sku);
    // And what was carried over: sales of a year by week, and few more.
    EXPECT_LT(rows.size(), 4 * (2 * kKeepDays + kKeepDays / 4) + 60) << sku;
    const auto begin = std::find_if(rows.begin(), rows.end(),
                                    [](const stock::HistoryRow& row) { return row.begins; });
    ASSERT_NE(begin, rows.end()) << sku << ": something was carried over";
    EXPECT_GT(begin->position.seconds, kBegin + (kDays - 3 * kKeepDays) * kDay) << sku;
  }
}

TEST(HistorySweep, KeepsTwiceTheHistoryAndTheSameStockOfALedger) {
  ExpectTwiceTheHistoryAndTheSameStock(stock::Authority::kLedger);
}

TEST(HistorySweep, KeepsTwiceTheHistoryAndTheSameStockOfSnapshots) {
  ExpectTwiceTheHistoryAndTheSameStock(stock::Authority::kSnapshot);
}

TEST(HistorySweep, AChangeInsideTheHistoryIsKnownAndAnOlderOneIsStale) {
  LongLife swept(Shop(stock::Authority::kLedger));
  std::vector<Written> changes;
  for (const Written& change : ManyDays(8)) {
    swept.Take(change);
    changes.push_back(change);
  }
  const ChangeCounts before = swept.engine->state().changes;
  for (const Written& change : changes) swept.Take(change);
  const ChangeCounts after = swept.engine->state().changes;
  EXPECT_EQ(after.applied, before.applied);
  EXPECT_GT(after.duplicate, before.duplicate);
  EXPECT_GT(after.stale, before.stale);
}

}  // namespace
}  // namespace stockwatch::flow
