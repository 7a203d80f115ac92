#include "domain/alert/episode.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "base/digest.h"

namespace stockwatch::alert {
namespace {

using event::ConditionType;

std::string Text(const EpisodeId& id) {
  return base::Hex(std::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

constexpr State kStates[] = {State::kOpen, State::kAcknowledged, State::kResolved, State::kClosed};
constexpr Edge kEdges[] = {Edge::kOpened,         Edge::kReopened, Edge::kAcknowledged,
                           Edge::kUnacknowledged, Edge::kResolved, Edge::kClosed};

// Domain page, section 9. Every edge that there is; Follow refuses all others.
TEST(Episode, FollowsTheTableOfEdgesAlone) {
  const std::map<std::pair<State, Edge>, State> table{
      {{State::kOpen, Edge::kAcknowledged}, State::kAcknowledged},
      {{State::kAcknowledged, Edge::kUnacknowledged}, State::kOpen},
      {{State::kOpen, Edge::kResolved}, State::kResolved},
      {{State::kAcknowledged, Edge::kResolved}, State::kResolved},
      {{State::kResolved, Edge::kReopened}, State::kOpen},
      {{State::kResolved, Edge::kClosed}, State::kClosed},
  };
  for (const State from : kStates) {
    for (const Edge edge : kEdges) {
      const auto row = table.find({from, edge});
      const std::optional<State> expected =
          row == table.end() ? std::nullopt : std::optional(row->second);
      EXPECT_EQ(Follow(from, edge), expected) << Name(from) << " " << Name(edge);
    }
  }
}

TEST(Episode, EveryEdgeIsReachedFromAnOpening) {
  std::set<State> reached{State::kOpen};  // by kOpened
  std::set<Edge> taken{Edge::kOpened};
  for (std::size_t round = 0; round < std::size(kStates); ++round) {
    for (const State from : kStates) {
      if (!reached.contains(from)) continue;
      for (const Edge edge : kEdges) {
        if (const auto next = Follow(from, edge)) {
          reached.insert(*next);
          taken.insert(edge);
        }
      }
    }
  }
  EXPECT_EQ(reached.size(), std::size(kStates));
  EXPECT_EQ(taken.size(), std::size(kEdges));
}

TEST(Episode, NamesAreThoseOfTheFormats) {
  EXPECT_EQ(Name(State::kAcknowledged), "acknowledged");
  EXPECT_EQ(Name(Cause::kCleared), "cleared");
  EXPECT_EQ(Name(Cause::kManual), "manual");
  const std::pair<TimerKind, const char*> kinds[] = {{TimerKind::kRuleInterval, "rule_interval"},
                                                     {TimerKind::kDay, "day"},
                                                     {TimerKind::kHour, "hour"},
                                                     {TimerKind::kRetirement, "retirement"},
                                                     {TimerKind::kDrift, "drift"},
                                                     {TimerKind::kHold, "hold"},
                                                     {TimerKind::kClose, "close"}};
  TimerKind before{};
  for (const auto& [kind, name] : kinds) {
    EXPECT_EQ(Name(kind), name);
    EXPECT_GE(kind, before) << "the order in which timers of one moment fire";
    before = kind;
  }
}

// docs/formats.md, Alert id. The digests are those of sha256sum, cut to 32 digits.
TEST(Episode, IdOfAChangeIsTheDocumentedHash) {
  // printf 'episode/1\nlow_stock\nitem\nGB\n85123A\nchange/0/1291191960/1/2\n' | sha256sum
  EXPECT_EQ(Text(MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n85123A",
                               Place::OfChange({0, 1291191960, 1, 2}))),
            "044c806a864c7a2150ba3091c368438e");
}

TEST(Episode, IdOfTheEndOfASecondIsTheDocumentedHash) {
  // printf 'episode/1\ncategory_low\nnode\nwarehouse\nGB\n8\n85\nsecond/1291191960\n' | sha256sum
  EXPECT_EQ(Text(MakeEpisodeId(ConditionType::kCategoryLow, "node\nwarehouse\nGB\n8\n85",
                               Place::OfSecond(base::Instant::Seconds(1291191960)))),
            "a817b407957d6718cdc9427ed4d2279a");
}

TEST(Episode, IdOfATimerIsTheDocumentedHash) {
  // printf 'episode/1\ndrift\nitem\nGB\n85123A\ntimer/1291192020000000/drift\n' | sha256sum
  EXPECT_EQ(
      Text(MakeEpisodeId(ConditionType::kDrift, "item\nGB\n85123A",
                         Place::OfTimer(base::Instant::Seconds(1291192020), TimerKind::kDrift))),
      "b9ba538b53a5345ce89016da9e236ca3");
}

TEST(Episode, IdsDifferByTypeSubjectAndPlace) {
  const Place place = Place::OfChange({0, 1, 1, 0});
  std::set<EpisodeId> ids{
      MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n1", place),
      MakeEpisodeId(ConditionType::kOverstock, "item\nGB\n1", place),
      MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n2", place),
      MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n1", Place::OfChange({1, 1, 1, 0})),
      MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n1", Place::OfChange({0, 1, 1, 1})),
      MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n1",
                    Place::OfTimer(base::Instant::Seconds(1), TimerKind::kHold)),
      MakeEpisodeId(ConditionType::kLowStock, "item\nGB\n1",
                    Place::OfSecond(base::Instant::Seconds(1))),
  };
  EXPECT_EQ(ids.size(), 7u);
}

TEST(Episode, SubjectsHaveTheTextOfTheFormats) {
  EXPECT_EQ(SubjectText(event::ItemKey{event::WarehouseIdView::Trusted("GB"),
                                       event::SkuView::Trusted("85123A")}),
            "item\nGB\n85123A");
  key::NamePool names;
  stock::RollUps rollups(names);
  const stock::NodeIndex group = rollups.GroupOf(names.Intern("GB"), {"8", "85", "acme", "p"});
  const stock::NodeIndex category = rollups.at(group).parent;
  EXPECT_EQ(SubjectText(rollups, category), "node\nwarehouse\nGB\n8\n85");
  EXPECT_EQ(SubjectText(rollups, rollups.at(rollups.at(group).twin).parent), "node\nglobal\n8\n85");
  EXPECT_EQ(SubjectText(rollups, 0), "node\nglobal") << "the whole shop";
}

}  // namespace
}  // namespace stockwatch::alert
