#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/alert/episode_book.h"
#include "domain/threshold/rule_book.h"

namespace stockwatch::outbox {

// What a receiver is told about one episode, complete in itself: later changes don't rewrite it.
struct Message {
  alert::EpisodeId episode{};
  event::ConditionType type{};
  alert::NoticeKind kind{};
  event::Severity severity{};
  std::string warehouse_id;  // of an item
  std::string sku;
  std::string tree;  // of a node
  std::vector<std::string> path;
  base::Instant at;
  base::Instant opened_at;
  std::int64_t value = 0;      // thousandths, as of the notice
  std::int64_t threshold = 0;  // thousandths, at opening
  std::string rule_id;         // empty: no rule
  std::uint32_t rule_version = 0;
  alert::Cause cause{};  // of a resolve

  bool operator==(const Message&) const = default;
};

// One message for one destination, written in the same commit as the state that it tells of. Its
// key is the same whenever the same history is worked through: a receiver can drop what it has
// seen.
struct Row {
  std::string key;  // episode/transition/route/destination/occurrence
  std::string route;
  std::string destination;
  Message message;

  bool operator==(const Row&) const = default;
};

inline constexpr std::string_view kDefaultRoute = "default";

// One row for each destination of the default route. `channels`: those that the subject's rules
// name; nullptr: no rule says who is told, so everybody is.
void Plan(const alert::Notice& notice, const alert::EpisodeBook& episodes,
          const stock::RollUps& rollups, const threshold::RuleBook& rules,
          const std::vector<std::string>& destinations, const std::vector<std::string>* channels,
          std::vector<Row>& rows);

}  // namespace stockwatch::outbox
