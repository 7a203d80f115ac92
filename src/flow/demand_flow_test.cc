#include "flow/demand_flow.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "testing/engine_run.h"

namespace stockwatch::flow {
namespace {

using namespace stockwatch::testing;  // builders of changes
using Lines = std::vector<std::string>;

constexpr std::uint32_t kHour = 3600;
constexpr std::uint32_t kDay = 24 * kHour;
// 2024-01-01 is a Monday.
constexpr std::uint32_t kMonday = 1704067200;

// docs/formats.md, Demand; by hand. The document shows nothing left on Tuesday and Wednesday, but
// something was sold on Tuesday.
TEST(DemandFlow, RingsAndMaskAreShownAsTheyStandNow) {
  EngineRun run;
  run.TakeAll({Stocked(kMonday + 1, DocumentOf("d1", "W", "a", 9)),
               Moved(kMonday + 5 * kHour, "sale", "W", "a", 4),
               Moved(kMonday + kDay + kHour, "sale", "W", "a", 2),
               Updated(kMonday + kDay + 2 * kHour, DocumentOf("d1", "W", "a", 0)),
               Stocked(kMonday + 3 * kDay, DocumentOf("d2", "W", "b", 1)),
               Updated(kMonday + 3 * kDay + 1, DocumentOf("d1", "W", "a", 6)),
               Moved(kMonday + 7 * kDay, "sale", "W", "a", 1)});
  EXPECT_EQ(run.Demand(),
            Lines{R"x({"warehouse_id":"W","sku":"a","first_sale":"2024-01-01",)x"
                  R"x("hours":{"2024-01-08T00:00:00Z":1},)x"
                  R"x("days":{"2024-01-01":4,"2024-01-02":2,"2024-01-08":1},)x"
                  R"x("weeks":{"2024-01-01":6,"2024-01-08":1},"without_stock":["2024-01-03"]})x"
                  "\n"});
}

TEST(DemandFlow, ASaleTakenBackIsNotTheFirst) {
  EngineRun run;
  run.TakeAll({Stocked(kMonday, DocumentOf("d1", "W", "a", 9)),
               Moved(kMonday + kDay, "sale", "W", "a", 1),
               Stocked(kMonday + 2 * kDay, DocumentOf("d1", "W", "a", 9)),
               Moved(kMonday + 3 * kDay, "sale", "W", "a", 2)});
  EXPECT_NE(run.Demand().at(0).find(R"("first_sale":"2024-01-02")"), std::string::npos);
  run.Take(Deleted(kMonday + kDay - 1, "d1"));  // late: the first sale was of a retired item
  EXPECT_NE(run.Demand().at(0).find(R"("first_sale":"2024-01-04")"), std::string::npos)
      << run.Demand().at(0);
}

// Sales, deliveries, documents of one item over some days, and a delete at most: ADR 1, 14 says
// what of several is not exact.
std::vector<Written> AnyMonth() {
  std::vector<Written> month;
  bool lives = false;
  bool deleted = false;
  std::uint32_t second = kMonday;
  const auto count = *rc::gen::inRange(2, 14);
  for (int i = 0; i < count; ++i) {
    second += *rc::gen::element<std::uint32_t>(1, kHour, 20 * kHour, 3 * kDay, 9 * kDay);
    const int figure = *rc::gen::inRange(0, 4);
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        if (!lives || deleted) break;
        month.push_back(Deleted(second, "d1"));
        deleted = true;
        break;
      case 1:
      case 2:
        month.push_back(Stocked(second, DocumentOf("d1", "W", "a", figure)));
        lives = true;
        break;
      case 3:
        month.push_back(Moved(second, "receipt", "W", "a", figure + 1));
        break;
      default:
        month.push_back(Moved(second, "sale", "W", "a", figure + 1));
    }
  }
  month.push_back(Stocked(second + kDay, DocumentOf("d9", "V", "z", 1)));  // the same source time
  return month;
}

// Domain page, section 4: the same changes in any order inside the history give the same digest.
RC_GTEST_PROP(DemandFlowProperty, AnyOrderGivesTheSameDemand, ()) {
  Options options;
  options.warehouse.authority =
      *rc::gen::element(stock::Authority::kSnapshot, stock::Authority::kLedger);
  const std::vector<Written> month = AnyMonth();
  std::vector<Written> arrival;
  for (const Written& change : month) {
    const auto place = *rc::gen::inRange<std::size_t>(0, arrival.size() + 1);
    arrival.insert(arrival.begin() + static_cast<std::ptrdiff_t>(place), change);
  }
  std::string told;
  for (const Written& change : arrival) {
    told += " " + change.collection + "@" + std::to_string(change.second) +
            (change.operation == event::Operation::kDelete ? " deleted" : "");
  }
  RC_LOG() << told << "\n";
  EngineRun in_order(options);
  in_order.TakeAll(month).Finish();
  EngineRun shuffled(options);
  shuffled.TakeAll(arrival).Finish();
  RC_ASSERT(shuffled.Demand() == in_order.Demand());
  RC_ASSERT(shuffled.Digest() == in_order.Digest());
}

}  // namespace
}  // namespace stockwatch::flow
