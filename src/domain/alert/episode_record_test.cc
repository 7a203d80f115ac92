#include "domain/alert/episode_record.h"

#include "testing/any.h"
#include "testing/record_checks.h"

namespace stockwatch::alert {
namespace {

using stockwatch::testing::FromHex;

EpisodeRecord ItemEpisode() {
  EpisodeRecord episode;
  for (std::size_t i = 0; i < episode.id.size(); ++i) {
    episode.id[i] = static_cast<std::uint8_t>(0xf0 + i);
  }
  episode.type = event::ConditionType::kOverstock;
  episode.state = State::kResolved;
  episode.severity = event::Severity::kCritical;
  episode.cause = Cause::kRetired;
  episode.told = true;
  episode.reached = true;
  episode.subject = ItemSubject{"GB", "85A"};
  episode.opened_at = base::Instant::Micros(1);
  episode.reopened_at = base::Instant::Micros(2);
  episode.resolved_at = base::Instant::Micros(3);
  episode.reopened = 4;
  episode.transitions = 5;
  episode.value = 6;
  episode.threshold = 7;
  episode.origin = RuleOrigin{"top", 8};
  episode.now = -9;
  episode.worst = 10;
  episode.count = 11;
  episode.openings = {base::Instant(), base::Instant(), base::Instant::Micros(1),
                      base::Instant::Micros(2)};
  episode.timeline.Add({FactKind::kTransition,
                        static_cast<std::uint8_t>(Edge::kResolved),
                        base::Instant::Micros(3),
                        base::Instant::Micros(4),
                        {-9, 7},
                        "top",
                        8,
                        "second/3",
                        "",
                        "retired"});
  Notes notes;
  notes.acknowledged_by = "ann";
  notes.acknowledged_at = base::Instant::Micros(5);
  notes.assignee = "bob";
  notes.snoozed_until = base::Instant::Micros(6);
  notes.snoozed_by = "ann";
  notes.reminders = 7;
  notes.comments = {{base::Instant::Micros(8), "bob", "hm"}};
  episode.notes = notes;
  return episode;
}

// Written by hand from docs/formats.md, Episode.
std::string ItemBytes() {
  return FromHex(
      "04"                                // version
      "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"  // id
      "05 02 02 02"                       // overstock, resolved, critical, retired
      "01 00 01"                          // told, not flapping, somebody was reached
      "00 0200 4742 0300 383541"          // item "GB", "85A"
      "0100000000000000"                  // opened
      "0200000000000000"                  // reopened
      "0300000000000000"                  // resolved
      "04000000 05000000"                 // re-openings, transitions
      "0600000000000000"                  // value
      "0700000000000000"                  // threshold
      "01 03000000 746f70 08000000"       // rule "top", version 8
      "f7ffffffffffffff"                  // now −9
      "0a00000000000000"                  // worst
      "0b00000000000000"                  // count
      "0000000000000000 0000000000000000 0100000000000000 0200000000000000"
      "01 01 2f"  // timeline: facts ever, facts kept, length of the first
      "00 04 0300000000000000 0400000000000000"         // transition, resolved, at, engine time
      "11 0e 0300 746f70 08"                            // −9 beside 7, by rule "top", version 8
      "0800 7365636f6e642f33 0000 0700 72657469726564"  // place, by nobody, "retired"
      "01"                                              // notes
      "03000000 616e6e 0500000000000000"                // acknowledged by "ann"
      "03000000 626f62"                                 // assigned to "bob"
      "01 0600000000000000 03000000 616e6e"             // snoozed by "ann"
      "07000000"                                        // reminders
      "01000000 0800000000000000 03000000 626f62 02000000 686d");  // a comment
}

constexpr std::size_t kType = 1 + 16;
constexpr std::size_t kReached = kType + 4 + 2;
constexpr std::size_t kSubject = kReached + 1;

TEST(EpisodeRecord, ThatOfTheFirstVersionHasNeitherTimelineNorNotes) {
  EpisodeRecord bare = ItemEpisode();
  bare.timeline = {};
  bare.notes.reset();
  std::string first;
  EncodeEpisode(bare, first);
  first[0] = 1;
  first.resize(first.size() - 3);  // an empty timeline, no notes
  first.erase(kReached, 1);
  const auto decoded = DecodeEpisode(first);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), bare);
}

std::string NodeBytes(std::string_view subject) {
  return ItemBytes().substr(0, kSubject) + FromHex(subject) + ItemBytes().substr(kSubject + 10);
}

// Nobody was, where the timeline of what was told has no notice.
TEST(EpisodeRecord, ThatOfTheThirdVersionWasReachedWhereItsTimelineHasANotice) {
  for (const bool told : {false, true}) {
    EpisodeRecord episode = ItemEpisode();
    if (told) {
      Fact fact;
      fact.kind = FactKind::kTold;
      episode.timeline.Add(fact);
    }
    std::string third;
    EncodeEpisode(episode, third);
    third[0] = 3;
    third.erase(kReached, 1);
    const auto decoded = DecodeEpisode(third);
    ASSERT_TRUE(decoded.ok());
    episode.reached = told;
    EXPECT_EQ(decoded.value(), episode);
  }
}

TEST(EpisodeRecord, HasTheDocumentedBytes) {
  std::string out;
  EncodeEpisode(ItemEpisode(), out);
  EXPECT_EQ(out, ItemBytes());
  const auto decoded = DecodeEpisode(ItemBytes());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), ItemEpisode());
}

TEST(EpisodeRecord, NamesANodeByTreeAndPath) {
  EpisodeRecord episode = ItemEpisode();
  episode.subject = NodeSubject{stock::Tree::kWarehouse, {"GB", "8"}};
  std::string out;
  EncodeEpisode(episode, out);
  EXPECT_EQ(out, NodeBytes("01 00 02000000 0200 4742 0100 38"));
}

TEST(EpisodeRecord, NamesAComponentByKindAndName) {
  EpisodeRecord episode = ItemEpisode();
  episode.subject = Component{Component::Kind::kChannel, "ops"};
  std::string out;
  EncodeEpisode(episode, out);
  EXPECT_EQ(out, NodeBytes("02 01 03000000 6f7073"));
  const auto decoded = DecodeEpisode(out);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), episode);
}

TEST(EpisodeRecord, IsRefusedWhenDamagedOrNewer) {
  stockwatch::testing::ExpectOnlyWholeRecordOfKnownVersion(DecodeEpisode, ItemBytes());
}

TEST(EpisodeRecord, RefusesNumbersThatNameNothing) {
  const std::pair<std::size_t, unsigned char> cases[] = {
      {kType, 16},    {kType + 1, 4}, {kType + 2, 4}, {kType + 3, 5},         {kType + 4, 2},
      {kType + 5, 2}, {kReached, 2},  {kSubject, 3},  {kSubject + 10 + 48, 2}};
  for (const auto& [offset, byte] : cases) {
    const std::string damaged = stockwatch::testing::WithByte(ItemBytes(), offset, byte);
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeEpisode, damaged), base::Code::kDataLoss) << offset;
  }
}

TEST(EpisodeRecord, RefusesSubjectsThatCannotBe) {
  const std::string_view subjects[] = {
      "00 0000 0300 383541",                                     // empty warehouse
      "00 0200 470a 0300 383541",                                // a control character
      "01 02 00000000",                                          // a third tree
      "01 00 00000000",                                          // no warehouse
      "01 01 04000000 0100 38 0100 38 0100 38 0100 38",          // below the brand
      "01 00 05000000 0100 38 0100 38 0100 38 0100 38 0100 38",  // below the brand
      "01 01 01000000 0000",                                     // a level without name
      "02 03 00000000",                                          // a fourth kind of component
  };
  for (const std::string_view subject : subjects) {
    EXPECT_EQ(stockwatch::testing::CodeOf(DecodeEpisode, NodeBytes(subject)), base::Code::kDataLoss)
        << subject;
  }
}

TEST(EpisodeRecord, IsMadeOfNamesAndTheRuleThatGaveTheThreshold) {
  key::NamePool names;
  stock::RollUps rollups(names);
  event::Levels levels;
  levels.department = "8";
  levels.category = "85";
  const stock::NodeIndex brand = rollups.GroupOf(names.Intern("GB"), levels);
  ComponentBook components;
  threshold::RuleBook rules;
  event::Rule rule;
  rule.id = "share";
  rule.is_default = true;
  ASSERT_EQ(rules.Put(rule, {0, 5, 1, 0}), threshold::Accepted::kInForce);
  ASSERT_EQ(rules.Put(rule, {0, 6, 1, 0}), threshold::Accepted::kInForce);

  Episode episode;
  episode.subject = Subject::OfNode(rollups.at(brand).parent);
  episode.origin = 1;
  episode.count = 3;
  const EpisodeRecord node = ToRecord(episode, nullptr, rollups, components, rules);
  EXPECT_EQ(node.subject, (SubjectRecord(NodeSubject{stock::Tree::kWarehouse, {"GB", "8", "85"}})));
  EXPECT_EQ(node.origin, (RuleOrigin{"share", 2}));
  EXPECT_EQ(node.count, 3u);

  episode.subject = Subject::OfItem(0);
  episode.item = {event::WarehouseIdView::Trusted("GB"), event::SkuView::Trusted("85A")};
  episode.origin = threshold::kNoVersion;
  const EpisodeRecord item = ToRecord(episode, nullptr, rollups, components, rules);
  EXPECT_EQ(item.subject, (SubjectRecord(ItemSubject{"GB", "85A"})));
  EXPECT_EQ(item.origin, std::nullopt);
}

RC_GTEST_PROP(EpisodeRecordProperty, DecodesToWhatWasEncoded, ()) {
  using namespace stockwatch::testing;
  EpisodeRecord episode;
  for (auto& byte : episode.id) byte = Any<std::uint8_t>();
  episode.type = AnyEnum(event::kLastConditionType);
  episode.state = AnyEnum(State::kClosed);
  episode.severity = AnyEnum(event::Severity::kPage);
  episode.cause = AnyEnum(Cause::kManual);
  episode.told = Any<bool>();
  episode.flapping = Any<bool>();
  episode.reached = Any<bool>();
  if (Any<bool>()) {
    episode.subject = ItemSubject{AnyId(), AnyId()};
  } else {
    NodeSubject node{AnyEnum(stock::Tree::kGlobal), AnyList(3, AnyId)};
    if (node.tree == stock::Tree::kWarehouse) node.path.push_back(AnyId());
    episode.subject = node;
  }
  for (auto* instant : {&episode.opened_at, &episode.reopened_at, &episode.resolved_at}) {
    *instant = AnyInstant();
  }
  episode.reopened = Any<std::uint32_t>();
  episode.transitions = Any<std::uint32_t>();
  episode.origin = Maybe([] { return RuleOrigin{AnyText(), Any<std::uint32_t>()}; });
  for (auto* figure : {&episode.value, &episode.threshold, &episode.now, &episode.worst}) {
    *figure = Any<std::int64_t>();
  }
  episode.count = Any<std::uint64_t>();
  for (auto& opening : episode.openings) opening = AnyInstant();
  std::string record;
  EncodeEpisode(episode, record);
  const auto decoded = DecodeEpisode(record);
  RC_ASSERT(decoded.ok());
  RC_ASSERT((decoded.value() == episode));
}

}  // namespace
}  // namespace stockwatch::alert
