#include "domain/stock/rollups.h"

#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::Pieces;

using Path = std::vector<std::string>;

Contribution Item(int on_hand) {
  Contribution c;
  c.present = true;
  c.shown.on_hand = Pieces(on_hand);
  return c;
}

class RollUpsTest : public ::testing::Test {
 protected:
  NodeIndex Group(std::string_view warehouse, std::string_view department,
                  std::string_view category, std::string_view brand) {
    return rollups_.GroupOf(names_.Intern(warehouse), {department, category, brand, "p"});
  }
  // Names separated by blanks; the root of the global tree is "".
  std::string Text(NodeIndex node) const {
    std::string text;
    for (const std::string_view name : rollups_.Path(node)) {
      text.append(text.empty() ? "" : " ").append(name);
    }
    return text;
  }
  // On-hand of the node with that path, after Propagate.
  std::int64_t OnHand(Tree tree, const std::string& path) {
    rollups_.Propagate();
    for (NodeIndex i = 0; i < rollups_.size(); ++i) {
      if (rollups_.at(i).tree == tree && Text(i) == path) {
        return rollups_.at(i).totals.on_hand.thousandths() / 1000;
      }
    }
    return -1;
  }

  key::NamePool names_;
  RollUps rollups_{names_};
};

TEST_F(RollUpsTest, AnItemStandsInEveryNodeAboveItInBothTrees) {
  rollups_.Add(Group("GB", "8", "85", "acme"), Item(5));
  for (const char* path : {"GB", "GB 8", "GB 8 85", "GB 8 85 acme"}) {
    EXPECT_EQ(OnHand(Tree::kWarehouse, path), 5) << path;
  }
  for (const char* path : {"", "8", "8 85", "8 85 acme"}) {
    EXPECT_EQ(OnHand(Tree::kGlobal, path), 5) << path;
  }
}

TEST_F(RollUpsTest, TheGlobalTreeAddsWarehouses) {
  rollups_.Add(Group("GB", "8", "85", "acme"), Item(5));
  rollups_.Add(Group("FR", "8", "85", "acme"), Item(7));
  rollups_.Add(Group("FR", "8", "86", "acme"), Item(1));
  EXPECT_EQ(OnHand(Tree::kGlobal, "8 85 acme"), 12);
  EXPECT_EQ(OnHand(Tree::kGlobal, ""), 13);
  EXPECT_EQ(OnHand(Tree::kWarehouse, "FR"), 8);
  EXPECT_EQ(OnHand(Tree::kWarehouse, "GB 8 85"), 5);
}

TEST_F(RollUpsTest, WhenAPathChangesTheOldNodesGiveUpWhatTheNewOnesGain) {
  const NodeIndex from = Group("GB", "8", "85", "acme");
  const NodeIndex to = Group("GB", "9", "91", "acme");
  rollups_.Add(from, Item(5));
  EXPECT_EQ(OnHand(Tree::kGlobal, "8"), 5);
  rollups_.Remove(from, Item(5));
  rollups_.Add(to, Item(5));
  EXPECT_EQ(OnHand(Tree::kGlobal, "8"), 0);
  EXPECT_EQ(OnHand(Tree::kGlobal, "9"), 5);
  EXPECT_EQ(OnHand(Tree::kWarehouse, "GB"), 5);
  EXPECT_EQ(rollups_.at(from).totals.items, 0) << "a node without items";
}

TEST_F(RollUpsTest, OneNameAtTwoPlacesIsTwoNodes) {
  const NodeIndex first = Group("GB", "8", "85", "acme");
  EXPECT_EQ(Group("GB", "8", "85", "acme"), first);
  EXPECT_NE(Group("GB", "9", "85", "acme"), first);
  EXPECT_NE(Group("FR", "8", "85", "acme"), first);
  rollups_.Add(Group("8", "8", "8", "8"), Item(3));
  EXPECT_EQ(OnHand(Tree::kWarehouse, "8 8 8 8"), 3);
  EXPECT_EQ(OnHand(Tree::kGlobal, "8 8 8"), 3);
}

TEST_F(RollUpsTest, NamesTheLevelsAboveANode) {
  const NodeIndex group = Group("GB", "8", "85", "acme");
  EXPECT_EQ(names_.Text(rollups_.Warehouse(group)), "GB");
  EXPECT_EQ(names_.Text(rollups_.Department(group)), "8");
  EXPECT_EQ(names_.Text(rollups_.Category(group)), "85");
  EXPECT_EQ(names_.Text(rollups_.Brand(group)), "acme");
  const NodeIndex twin = rollups_.at(group).twin;
  EXPECT_EQ(Text(twin), "8 85 acme");
  EXPECT_EQ(rollups_.Warehouse(twin), key::kNoName);
  const NodeIndex category = rollups_.at(group).parent;
  EXPECT_EQ(names_.Text(rollups_.Category(category)), "85");
  EXPECT_EQ(rollups_.Brand(category), key::kNoName) << "it lies below";
}

TEST_F(RollUpsTest, ListsCategoriesInOrderOfTreeAndPath) {
  Group("GB", "9", "1", "x");
  Group("FR", "8", "2", "x");
  Group("FR", "8", "1", "y");
  std::vector<std::string> categories;
  for (const NodeIndex node : rollups_.Categories()) {
    categories.push_back(std::string(Name(rollups_.at(node).tree)) + " " + Text(node));
  }
  EXPECT_EQ(categories,
            (std::vector<std::string>{"global 8 1", "global 8 2", "global 9 1", "warehouse FR 8 1",
                                      "warehouse FR 8 2", "warehouse GB 9 1"}));
}

TEST_F(RollUpsTest, TellsEachTouchedCategoryOnce) {
  rollups_.Add(Group("GB", "8", "85", "a"), Item(1));
  rollups_.Add(Group("GB", "8", "85", "b"), Item(1));
  rollups_.NoteApplied(Group("GB", "8", "85", "b"), 7);
  rollups_.Add(Group("GB", "8", "86", "a"), Item(1));
  rollups_.Propagate();
  std::vector<std::string> changed;
  for (const NodeIndex node : rollups_.TakeChangedCategories()) {
    changed.push_back(Text(node) + (rollups_.at(node).applied_seconds == 7 ? " by a change" : ""));
  }
  EXPECT_EQ(changed, (std::vector<std::string>{"8 85 by a change", "8 86", "GB 8 85 by a change",
                                               "GB 8 86"}));
  rollups_.Propagate();
  EXPECT_TRUE(rollups_.TakeChangedCategories().empty());
  rollups_.Add(Group("GB", "8", "85", "a"), Item(1));
  rollups_.Propagate();
  ASSERT_EQ(rollups_.TakeChangedCategories().size(), 2u);
}

TEST_F(RollUpsTest, AnAppliedChangeWithoutEffectTouchesItsCategories) {
  rollups_.NoteApplied(Group("GB", "8", "85", "a"), 7);
  rollups_.Propagate();
  const auto changed = rollups_.TakeChangedCategories();
  ASSERT_EQ(changed.size(), 2u);
  EXPECT_EQ(rollups_.at(changed[0]).applied_seconds, 7u);
  EXPECT_EQ(rollups_.at(changed[1]).applied_seconds, 7u);
}

struct Sums {
  std::int64_t items = 0;
  std::int64_t unopened = 0;
  std::int64_t low = 0;
  std::int64_t on_hand = 0;
  std::int64_t inbound = 0;
  std::map<std::string, std::int64_t> values;
  bool operator==(const Sums&) const = default;
};

Sums SumsOf(const Totals& totals) {
  Sums sums{totals.items,
            totals.unopened,
            totals.low,
            totals.on_hand.thousandths() / 1000,
            totals.inbound.thousandths() / 1000,
            {}};
  for (const Totals::Value& value : totals.values) {
    sums.values[std::string(value.currency.text())] =
        static_cast<std::int64_t>(value.ten_thousandths);
  }
  return sums;
}

struct Standing {
  Path path;  // warehouse, department, category, brand
  Contribution contribution;
};

Contribution AnyContribution() {
  Contribution c = Item(*rc::gen::inRange(-3, 9));
  c.shown.inbound = Pieces(*rc::gen::inRange(0, 3));
  c.unopened = *rc::gen::inRange(0, 4) == 0;
  c.low = *rc::gen::inRange(0, 2) == 0;
  c.valued = *rc::gen::inRange(0, 2) == 0;
  c.currency = base::Currency::Parse(*rc::gen::element("GBP", "EUR")).value();
  c.value = *rc::gen::inRange(0, 50);
  return c;
}

Path AnyPath() {
  Path path;
  for (int level = 0; level < 4; ++level) {
    path.emplace_back(1, *rc::gen::element('a', 'b'));
  }
  return path;
}

void AddTo(std::map<Path, Sums>& nodes, const Path& path, const Contribution& c) {
  Sums& sums = nodes[path];
  ++sums.items;
  sums.unopened += c.unopened ? 1 : 0;
  sums.low += c.low ? 1 : 0;
  sums.on_hand += c.shown.on_hand.thousandths() / 1000;
  sums.inbound += c.shown.inbound.thousandths() / 1000;
  if (c.valued) sums.values[std::string(c.currency.text())] += static_cast<std::int64_t>(c.value);
}

// Every node of both trees, added up from nothing.
void ExpectEachNodeIsTheSumOfItsItems(const RollUps& rollups,
                                      const std::map<int, Standing>& items) {
  std::map<Path, Sums> warehouse;
  std::map<Path, Sums> global;
  for (const auto& [id, item] : items) {
    for (std::size_t depth = 1; depth <= 4; ++depth) {
      const auto end = item.path.begin() + static_cast<std::ptrdiff_t>(depth);
      AddTo(warehouse, Path(item.path.begin(), end), item.contribution);
      AddTo(global, Path(item.path.begin() + 1, end), item.contribution);
    }
  }
  for (NodeIndex i = 0; i < rollups.size(); ++i) {
    const auto& nodes = rollups.at(i).tree == Tree::kWarehouse ? warehouse : global;
    Path path;
    for (const std::string_view name : rollups.Path(i)) path.emplace_back(name);
    const auto expected = nodes.find(path);
    const Sums sums = SumsOf(rollups.at(i).totals);
    RC_ASSERT(sums == (expected == nodes.end() ? Sums() : expected->second));
  }
}

RC_GTEST_PROP(RollUpsProperty, EachNodeIsTheSumOfItsItems, ()) {
  key::NamePool names;
  RollUps rollups(names);
  std::map<int, Standing> items;
  const auto group = [&](const Path& path) {
    return rollups.GroupOf(names.Intern(path[0]), {path[1], path[2], path[3], "p"});
  };
  const int steps = *rc::gen::inRange(0, 40);
  for (int i = 0; i < steps; ++i) {
    const int id = *rc::gen::inRange(0, 8);
    const int action = *rc::gen::inRange(0, 6);
    if (action == 0) {
      rollups.Propagate();
      ExpectEachNodeIsTheSumOfItsItems(rollups, items);
      continue;
    }
    const auto known = items.find(id);
    if (known != items.end()) {
      rollups.Remove(group(known->second.path), known->second.contribution);
      items.erase(known);
    }
    if (action == 1) continue;  // it is gone
    const Standing standing{AnyPath(), AnyContribution()};
    rollups.Add(group(standing.path), standing.contribution);
    items.emplace(id, standing);
  }
  rollups.Propagate();
  ExpectEachNodeIsTheSumOfItsItems(rollups, items);
}

}  // namespace
}  // namespace stockwatch::stock
