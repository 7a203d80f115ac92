#include "domain/outbox/outbox_row.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "testing/alarm_room.h"
#include "testing/rules.h"

namespace stockwatch::outbox {
namespace {

using event::ConditionType;
using event::Severity;
using namespace stockwatch::testing;  // findings and builders of rules

class OutboxRowTest : public ::testing::Test {
 protected:
  // The rows of the last notice of the room.
  std::vector<Row> Planned(const std::vector<std::string>& destinations) {
    std::vector<Row> rows;
    Plan(room_.last.notices.back(), {room_.book, room_.rollups, room_.components, rules_},
         destinations, rows);
    return rows;
  }
  std::string EpisodeText() const {
    const alert::EpisodeId& id = room_.book.at(0).id;
    return base::Hex(std::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
  }

  AlarmRoom room_;
  threshold::RuleBook rules_;
  alert::Subject mug_ = room_.Item("GB", "mug");
};

TEST_F(OutboxRowTest, OneRowForEachDestination) {
  room_.Change(mug_, 100, {{ConditionType::kLowStock, Holds()}});
  const std::vector<Row> rows = Planned({"console", "mail"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].destination, "console");
  EXPECT_EQ(rows[1].destination, "mail");
  EXPECT_EQ(rows[0].message, rows[1].message);
  EXPECT_TRUE(Planned({}).empty());
}

// episode/transition/route/destination/occurrence: domain page, section 10.
TEST_F(OutboxRowTest, KeysAreEpisodeTransitionRouteDestinationOccurrence) {
  room_.Change(mug_, 100, {{ConditionType::kLowStock, Holds()}});
  EXPECT_EQ(Planned({"mail"})[0].key, EpisodeText() + "/0/default/mail/0");
  EXPECT_EQ(Planned({"mail"})[0].route, "default");
  room_.Change(mug_, 110, {{ConditionType::kLowStock, Clears()}});
  EXPECT_EQ(Planned({"mail"})[0].key, EpisodeText() + "/1/default/mail/0");
}

TEST_F(OutboxRowTest, AMessageOfAnItemIsCompleteInItself) {
  rules_.Put(MakeRule("first", ForAll()), At(1));
  rules_.Put(MakeRule("low", ForSku("mug"), LowOf(10)), At(2));
  alert::Finding finding = WithSeverity(Severity::kCritical, Holds(9000, 10'000));
  finding.origin = 1;
  room_.Change(mug_, 100, {{ConditionType::kLowStock, finding}});
  const Message opened = Planned({"mail"})[0].message;
  Message expected;
  expected.episode = room_.book.at(0).id;
  expected.type = ConditionType::kLowStock;
  expected.kind = alert::NoticeKind::kOpened;
  expected.severity = Severity::kCritical;
  expected.warehouse_id = "GB";
  expected.sku = "mug";
  expected.at = expected.opened_at = AlarmRoom::Second(100);
  expected.value = expected.opening_value = 9000;
  expected.threshold = 10'000;
  expected.rule_id = "low";
  expected.rule_version = 1;
  EXPECT_EQ(opened, expected);
  room_.Change(mug_, 110, {{ConditionType::kLowStock, Clears(20'000)}});
  expected.kind = alert::NoticeKind::kResolved;
  expected.at = AlarmRoom::Second(110);
  expected.value = 20'000;
  expected.cause = alert::Cause::kCleared;
  EXPECT_EQ(Planned({"mail"})[0].message, expected);
}

TEST_F(OutboxRowTest, AMessageOfANodeNamesTreeAndPath) {
  room_.Sweep(room_.Category("GB"), 100, {{ConditionType::kCategoryLow, Holds(500, 400)}});
  const Message message = Planned({"mail"})[0].message;
  EXPECT_EQ(message.tree, "warehouse");
  EXPECT_EQ(message.path, (std::vector<std::string>{"GB", "d", "c"}));
  EXPECT_EQ(message.warehouse_id, "");
  EXPECT_EQ(message.sku, "");
  EXPECT_EQ(message.rule_id, "");
  EXPECT_EQ(message.rule_version, 0u);
}

TEST_F(OutboxRowTest, ANoticeWrittenBeforeIsNotRewritten) {
  room_.Change(mug_, 100, {{ConditionType::kLowStock, Holds(9000, 10'000)}});
  const std::vector<Row> before = Planned({"mail"});
  room_.Change(mug_, 110, {{ConditionType::kLowStock, Holds(1000, 10'000)}});
  EXPECT_EQ(before[0].message.value, 9000);
}

}  // namespace
}  // namespace stockwatch::outbox
