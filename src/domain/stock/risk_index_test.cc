#include "domain/stock/risk_index.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <tuple>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::KeptHistory;
using stockwatch::testing::Pieces;

TEST(RiskOf, IsTheShareOfLowThatIsAvailable) {
  struct Case {
    const char* what = "";
    base::Quantity available;
    std::optional<base::Quantity> low;
    std::optional<RiskScore> score;
  };
  const Case cases[] = {
      {"half of low", Pieces(20), Pieces(40), 500},
      {"at low", Pieces(40), Pieces(40), 1000},
      {"twice low is the last at risk", Pieces(80), Pieces(40), 2000},
      {"more is not", base::Quantity::Thousandths(80'040), Pieces(40), std::nullopt},
      {"in stock without low", Pieces(1), std::nullopt, std::nullopt},
      {"in stock with a low of nothing", Pieces(1), Pieces(0), std::nullopt},
      {"out of stock", Pieces(0), std::nullopt, 0},
      {"the deeper the worse", Pieces(-7), Pieces(40), -7},
      {"in stock is better than out, however little", base::Quantity::Thousandths(1), Pieces(40),
       1},
  };
  for (const Case& c : cases) EXPECT_EQ(RiskOf(c.available, c.low), c.score) << c.what;
}

// Items by SKU in groups of two trees.
class Shop {
 public:
  explicit Shop(RiskIndex::Slots slots = RiskIndex::Slots::kInItem)
      : index(ledger, rollups, slots) {}

  key::ItemIndex Add(const std::string& warehouse, const std::string& sku) {
    const std::string& kept_warehouse = texts_.emplace_back(warehouse);
    const std::string& kept_sku = texts_.emplace_back(sku);
    const key::ItemIndex item = directory.Add(
        {event::WarehouseIdView::Trusted(kept_warehouse), event::SkuView::Trusted(kept_sku)});
    ledger.Start(item);
    return item;
  }
  NodeIndex Group(const std::string& warehouse, const std::string& category,
                  const std::string& brand) {
    return rollups.GroupOf(names.Intern(warehouse), {"d", category, brand, "p"});
  }
  std::vector<std::string> Top(NodeIndex node, std::size_t count,
                               const std::optional<RiskIndex::Place>& behind = std::nullopt) {
    std::vector<std::string> top;
    for (const AtRisk& entry : index.Top(node, count, directory, behind)) {
      top.push_back(std::string(directory.Key(entry.item).sku.text()) + " " +
                    std::to_string(entry.score));
    }
    return top;
  }

  key::NamePool names;
  key::ItemDirectory directory{names};
  KeptHistory history;
  Ledger ledger{history, 1000};
  RollUps rollups{names};
  RiskIndex index;

 private:
  std::deque<std::string> texts_;
};

using Skus = std::vector<std::string>;

TEST(RiskIndex, FindsTheRiskiestBelowAnyNode) {
  Shop shop;
  const NodeIndex gb = shop.Group("GB", "85", "x");
  const NodeIndex fr = shop.Group("FR", "85", "x");
  const NodeIndex other = shop.Group("GB", "86", "x");
  shop.index.Set(shop.Add("GB", "a"), gb, 500);
  shop.index.Set(shop.Add("GB", "b"), gb, -3);
  shop.index.Set(shop.Add("FR", "c"), fr, 200);
  shop.index.Set(shop.Add("GB", "e"), other, 100);
  EXPECT_EQ(shop.Top(0, 3), (Skus{"b -3", "e 100", "c 200"})) << "the whole shop";
  EXPECT_EQ(shop.Top(gb, 9), (Skus{"b -3", "a 500"})) << "a leaf group";
  EXPECT_EQ(shop.Top(shop.rollups.at(gb).twin, 9), (Skus{"b -3", "c 200", "a 500"}));
  EXPECT_EQ(shop.Top(shop.rollups.at(other).parent, 9), (Skus{"e 100"}));
  EXPECT_EQ(shop.Top(0, 0), Skus{});
}

TEST(RiskIndex, EqualScoresAreInOrderOfTheKeys) {
  Shop shop;
  const NodeIndex group = shop.Group("GB", "85", "x");
  for (const char* sku : {"c", "a", "d", "b"}) shop.index.Set(shop.Add("GB", sku), group, 7);
  EXPECT_EQ(shop.Top(group, 3), (Skus{"a 7", "b 7", "c 7"}));
}

TEST(RiskIndex, GoesOnBehindAPlaceWhetherItsItemIsStillThereOrNot) {
  Shop shop;
  const NodeIndex group = shop.Group("GB", "85", "x");
  const NodeIndex other = shop.Group("GB", "86", "x");
  for (const char* sku : {"c", "a", "d", "b"}) shop.index.Set(shop.Add("GB", sku), group, 7);
  shop.index.Set(shop.Add("GB", "e"), group, -1);
  shop.index.Set(shop.Add("GB", "f"), other, 9);
  const RiskIndex::Place at_b{
      7, {event::WarehouseIdView::Trusted("GB"), event::SkuView::Trusted("b")}};
  EXPECT_EQ(shop.Top(0, 2, at_b), (Skus{"c 7", "d 7"}));
  EXPECT_EQ(shop.Top(0, 9, at_b), (Skus{"c 7", "d 7", "f 9"}));
  const key::ItemIndex b = shop.directory.Find(at_b.key);
  shop.index.Set(b, group, 1);
  EXPECT_EQ(shop.Top(0, 1, at_b), Skus{"c 7"});
}

TEST(RiskIndex, FollowsChangesMovesAndRemovals) {
  Shop shop;
  const NodeIndex from = shop.Group("GB", "85", "x");
  const NodeIndex to = shop.Group("GB", "86", "x");
  const key::ItemIndex a = shop.Add("GB", "a");
  const key::ItemIndex b = shop.Add("GB", "b");
  shop.index.Set(a, from, 10);
  shop.index.Set(b, from, 20);
  EXPECT_EQ(shop.Top(from, 1), Skus{"a 10"});
  shop.index.Set(a, from, 30);
  EXPECT_EQ(shop.Top(from, 9), (Skus{"b 20", "a 30"}));
  shop.index.Remove(b, from);
  shop.index.Set(b, to, 20);
  EXPECT_EQ(shop.Top(from, 9), Skus{"a 30"});
  EXPECT_EQ(shop.Top(to, 9), Skus{"b 20"});
  EXPECT_EQ(shop.Top(0, 9), (Skus{"b 20", "a 30"}));
  shop.index.Remove(a, from);
  shop.index.Remove(a, from);
  EXPECT_EQ(shop.Top(from, 9), Skus{});
  EXPECT_EQ(shop.ledger.at(a).risk_slot, kNoSlab);
}

TEST(RiskIndex, ANodeThatNobodyIsAtRiskInHasNone) {
  Shop shop;
  const NodeIndex group = shop.Group("GB", "85", "x");
  EXPECT_EQ(shop.Top(group, 5), Skus{});
  EXPECT_EQ(shop.Top(0, 5), Skus{});
}

RC_GTEST_PROP(RiskIndexProperty, TopIsANaiveSort, ()) {
  Shop shop(*rc::gen::element(RiskIndex::Slots::kInItem, RiskIndex::Slots::kOwn));
  struct Place {
    NodeIndex group;
    RiskScore score;
  };
  std::map<key::ItemIndex, Place> places;
  std::vector<key::ItemIndex> items;
  items.reserve(12);
  for (int i = 0; i < 12; ++i) {
    items.push_back(shop.Add(i % 2 == 0 ? "GB" : "FR", std::string(1, static_cast<char>('z' - i))));
  }
  const int steps = *rc::gen::inRange(0, 60);
  for (int i = 0; i < steps; ++i) {
    const key::ItemIndex item = *rc::gen::elementOf(items);
    const std::string warehouse(shop.directory.Key(item).warehouse.text());
    const NodeIndex group =
        shop.Group(warehouse, *rc::gen::element("1", "2"), *rc::gen::element("x", "y"));
    const auto known = places.find(item);
    if (known != places.end() && known->second.group != group) {
      shop.index.Remove(item, known->second.group);
      places.erase(known);
    }
    if (*rc::gen::inRange(0, 4) == 0) {
      shop.index.Remove(item, group);
      places.erase(item);
    } else {
      const RiskScore score = *rc::gen::element<RiskScore>(-2, 0, 1, 3, 5, 10'000'000);
      shop.index.Set(item, group, score);
      places[item] = {group, score};
    }
    // Any node; its items are those whose group has it among its ancestors.
    const NodeIndex node =
        *rc::gen::inRange<NodeIndex>(0, static_cast<NodeIndex>(shop.rollups.size()));
    using Rank = std::tuple<RiskScore, event::ItemKey>;
    std::vector<Rank> expected;
    for (const auto& [known_item, place] : places) {
      bool below = false;
      for (const NodeIndex start : {place.group, shop.rollups.at(place.group).twin}) {
        for (NodeIndex at = start; at != 0xFFFFFFFF; at = shop.rollups.at(at).parent) {
          below |= at == node;
        }
      }
      if (below) expected.emplace_back(place.score, shop.directory.Key(known_item));
    }
    std::sort(expected.begin(), expected.end());
    // From the beginning, or behind a place, at which an item may stand or not.
    std::optional<RiskIndex::Place> behind;
    if (*rc::gen::arbitrary<bool>()) {
      behind = {*rc::gen::element<RiskScore>(-2, -1, 1, 3, 10'000'000),
                shop.directory.Key(*rc::gen::elementOf(items))};
      const Rank place(behind->score, behind->key);
      expected.erase(expected.begin(), std::upper_bound(expected.begin(), expected.end(), place));
    }
    const std::size_t count = *rc::gen::inRange<std::size_t>(0, 14);
    expected.resize(std::min(count, expected.size()));
    std::vector<Rank> found;
    for (const AtRisk& entry : shop.index.Top(node, count, shop.directory, behind)) {
      found.emplace_back(entry.score, shop.directory.Key(entry.item));
    }
    RC_ASSERT(found == expected);
  }
}

}  // namespace
}  // namespace stockwatch::stock
