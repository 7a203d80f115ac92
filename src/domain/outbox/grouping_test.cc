#include "domain/outbox/grouping.h"

#include <gtest/gtest.h>

namespace stockwatch::outbox {
namespace {

using stock::Tree;
using Path = std::vector<std::string>;

Message OfItem() {
  Message message;
  message.severity = event::Severity::kWarning;
  message.warehouse_id = "W1";
  message.sku = "S";
  message.context.department = "home";
  message.context.category = "mugs";
  message.context.brand = "acme";
  return message;
}

Message OfNode(Tree tree, Path path) {
  Message message;
  message.severity = event::Severity::kWarning;
  message.tree = stock::Name(tree);
  message.path = std::move(path);
  return message;
}

std::optional<Path> PathBy(const Message& message, GroupBy by, Tree tree) {
  Grouping grouping;
  grouping.by = by;
  grouping.tree = tree;
  const auto group = GroupOf(message, grouping);
  if (!group) return std::nullopt;
  EXPECT_EQ(group->tree, tree);
  return group->path;
}

TEST(Grouping, AnItemStandsInOneSubtreeOfEachLevel) {
  const auto in_warehouse = [](GroupBy by) { return PathBy(OfItem(), by, Tree::kWarehouse); };
  EXPECT_EQ(in_warehouse(GroupBy::kNone), std::nullopt);
  EXPECT_EQ(in_warehouse(GroupBy::kWarehouse), Path{"W1"});
  EXPECT_EQ(in_warehouse(GroupBy::kDepartment), (Path{"W1", "home"}));
  EXPECT_EQ(in_warehouse(GroupBy::kCategory), (Path{"W1", "home", "mugs"}));
  EXPECT_EQ(in_warehouse(GroupBy::kBrand), (Path{"W1", "home", "mugs", "acme"}));
  const auto anywhere = [](GroupBy by) { return PathBy(OfItem(), by, Tree::kGlobal); };
  EXPECT_EQ(anywhere(GroupBy::kDepartment), Path{"home"});
  EXPECT_EQ(anywhere(GroupBy::kBrand), (Path{"home", "mugs", "acme"}));
}

TEST(Grouping, ACategoryStandsWithItsItemsOrAboveThem) {
  const Message in_warehouse = OfNode(Tree::kWarehouse, {"W1", "home", "mugs"});
  EXPECT_EQ(PathBy(in_warehouse, GroupBy::kDepartment, Tree::kWarehouse), (Path{"W1", "home"}));
  EXPECT_EQ(PathBy(in_warehouse, GroupBy::kBrand, Tree::kWarehouse), (Path{"W1", "home", "mugs"}));
  EXPECT_EQ(PathBy(in_warehouse, GroupBy::kCategory, Tree::kGlobal), (Path{"home", "mugs"}));
  const Message anywhere = OfNode(Tree::kGlobal, {"home", "mugs"});
  EXPECT_EQ(PathBy(anywhere, GroupBy::kCategory, Tree::kGlobal), (Path{"home", "mugs"}));
  EXPECT_EQ(PathBy(anywhere, GroupBy::kCategory, Tree::kWarehouse), std::nullopt);
}

TEST(Grouping, WhatIsUrgentOrOfNoSubtreeGoesByItself) {
  Message page = OfItem();
  page.severity = event::Severity::kPage;
  EXPECT_EQ(PathBy(page, GroupBy::kWarehouse, Tree::kWarehouse), std::nullopt);
  Message digest = OfItem();
  digest.digest = Digest();
  EXPECT_EQ(PathBy(digest, GroupBy::kWarehouse, Tree::kWarehouse), std::nullopt);
  Message system;
  system.component = alert::Component{alert::Component::Kind::kChannel, "ops"};
  EXPECT_EQ(PathBy(system, GroupBy::kWarehouse, Tree::kWarehouse), std::nullopt);
}

}  // namespace
}  // namespace stockwatch::outbox
