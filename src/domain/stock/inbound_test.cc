#include "domain/stock/inbound.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::Pieces;

// Shown inbound = Σ max(0, named) + max(0, unnamed − Σ max(0, −named)); domain page, section 4.
TEST(InboundReferences, ShowsTheSumOfTheDomainPage) {
  struct Case {
    const char* what;
    std::vector<std::pair<const char*, int>> named;
    int unnamed;
    int shown;
  };
  const Case cases[] = {
      {"nothing on its way", {}, 0, 0},
      {"unnamed alone", {}, 7, 7},
      {"more received than ordered, unnamed", {}, -7, 0},
      {"two orders", {{"order/1", 5}, {"order/2", 6}}, 0, 11},
      {"received before it was announced takes from what has no name", {{"order/1", -4}}, 10, 6},
      {"but not below nothing", {{"order/1", -12}}, 10, 0},
      {"and not from another order", {{"order/1", -4}, {"order/2", 9}}, 0, 9},
      {"all together", {{"order/1", -4}, {"order/2", 9}, {"transfer/1", -1}}, 8, 12},
      {"negative unnamed takes nothing from named", {{"order/1", 9}}, -5, 9},
  };
  for (const Case& c : cases) {
    InboundReferences references;
    for (const auto& [name, pieces] : c.named) references.Add(name, Pieces(pieces));
    EXPECT_EQ(references.Shown(Pieces(c.unnamed)), Pieces(c.shown)) << c.what;
  }
}

TEST(InboundReferences, DropsASumOfExactlyNothing) {
  InboundReferences references;
  references.Add("order/1", Pieces(5));
  references.Add("order/1", Pieces(-2));
  EXPECT_EQ(references.SumOf("order/1"), Pieces(3));
  EXPECT_EQ(references.SumOf("order/2"), Pieces(0));
  references.Add("order/1", Pieces(-3));
  EXPECT_TRUE(references.empty());
}

TEST(InboundReferences, CountsPositiveOnesOnly) {
  InboundReferences references;
  EXPECT_EQ(references.positive(), 0u);
  references.Add("order/1", Pieces(5));
  references.Add("order/2", Pieces(-5));
  references.Add("order/3", base::Quantity::Thousandths(1));
  EXPECT_EQ(references.positive(), 2u);
  references.Add("order/2", Pieces(6));
  EXPECT_EQ(references.positive(), 3u);
}

TEST(InboundReferences, OrdersAndTransfersOfOneIdAreTwoReferences) {
  InboundReferences references;
  references.Add("order/1", Pieces(5));
  references.Add("transfer/1", Pieces(-5));
  EXPECT_EQ(references.list().size(), 2u);
  EXPECT_EQ(references.Shown(Pieces(5)), Pieces(5));
}

TEST(InboundReferences, KeepsWhenAReferenceIsExpected) {
  InboundReferences references;
  references.SetExpected("order/1", base::Instant::Seconds(9));
  EXPECT_TRUE(references.empty());
  references.Add("order/1", Pieces(5));
  references.SetExpected("order/1", base::Instant::Seconds(9));
  EXPECT_EQ(references.list().at(0).expected_at, base::Instant::Seconds(9));
}

TEST(InboundReferences, ClearForgetsAll) {
  InboundReferences references;
  references.Add("order/1", Pieces(5));
  references.Clear();
  EXPECT_EQ(references, InboundReferences());
}

RC_GTEST_PROP(InboundReferencesProperty, EqualAMapOfSums, ()) {
  InboundReferences references;
  std::map<std::string, std::int64_t> sums;
  const int steps = *rc::gen::inRange(0, 40);
  for (int i = 0; i < steps; ++i) {
    const std::string name = "order/" + std::to_string(*rc::gen::inRange(0, 6));
    const std::int64_t pieces = *rc::gen::inRange(-3, 4);
    references.Add(name, Pieces(pieces));
    sums[name] += pieces;
  }
  std::erase_if(sums, [](const auto& entry) { return entry.second == 0; });
  const std::int64_t unnamed = *rc::gen::inRange(-9, 10);
  std::int64_t ahead = 0;
  std::int64_t behind = 0;
  auto entry = references.list().begin();
  RC_ASSERT(references.list().size() == sums.size());
  for (const auto& [name, pieces] : sums) {
    RC_ASSERT(entry->reference == name);
    RC_ASSERT(entry->sum == Pieces(pieces));
    ahead += std::max<std::int64_t>(0, pieces);
    behind += std::max<std::int64_t>(0, -pieces);
    ++entry;
  }
  RC_ASSERT(references.Shown(Pieces(unnamed)) ==
            Pieces(ahead + std::max<std::int64_t>(0, unnamed - behind)));
}

}  // namespace
}  // namespace stockwatch::stock
