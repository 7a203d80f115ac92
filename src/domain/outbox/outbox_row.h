#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/quantity.h"
#include "domain/alert/episode_book.h"
#include "domain/threshold/rule_book.h"

namespace stockwatch::outbox {

// The stock of the same SKU in another warehouse.
struct Elsewhere {
  std::string warehouse_id;
  base::Quantity available;

  bool operator==(const Elsewhere&) const = default;
};

// What is known of the item beside its alert, as of the notice; no part of its identity.
struct Context {
  struct Figures {
    base::Quantity on_hand;
    base::Quantity reserved;
    base::Quantity inbound;
    base::Quantity available;

    bool operator==(const Figures&) const = default;
  };
  // Units sold: in the last 24 hours and the last 28 days.
  struct Trend {
    base::Quantity sold_day;
    base::Quantity sold_four_weeks;

    bool operator==(const Trend&) const = default;
  };
  // Where the item has a forecast of some demand.
  struct Outlook {
    event::Thousandths days_of_cover;
    base::Instant stockout;  // projected
    base::Instant early;     // of its 80 % interval
    base::Instant late;
    base::Instant expected_receipt;

    bool operator==(const Outlook&) const = default;
  };
  struct Suggestion {
    std::string action;
    base::Quantity quantity;        // 0 of a count
    std::string from_warehouse_id;  // of a transfer
    std::optional<base::Money> cost;
    std::string confidence = {};  // empty: an older version wrote the row

    bool operator==(const Suggestion&) const = default;
  };

  std::string name;
  std::string department = {};  // where the item stands; empty: unknown
  std::string category = {};
  std::string brand = {};
  std::string product = {};
  std::optional<Figures> stock;
  std::optional<base::Money> price;
  std::vector<Elsewhere> elsewhere;  // most first
  std::optional<Trend> trend;
  std::optional<Outlook> outlook;
  std::optional<Suggestion> suggestion;
  std::optional<base::Money> revenue_at_risk;

  bool operator==(const Context&) const = default;
};

// What a digest says of one item, node or part of the system: the newest of its notices, of several
// alerts the one that matters most.
struct DigestLine {
  std::string key;
  event::ConditionType type{};
  alert::NoticeKind kind{};
  event::Severity severity{};
  std::string warehouse_id;
  std::string sku;
  std::string tree;
  std::vector<std::string> path;
  std::int64_t value = 0;
  std::int64_t threshold = 0;
  std::optional<base::Money> revenue_at_risk;
  std::optional<base::Money> price;
  std::optional<alert::Component> component = {};
  std::optional<event::Compare> compare = {};
  std::uint32_t notices = 1;  // of this subject in the digest

  bool operator==(const DigestLine&) const = default;
};

// A subtree of stock.
struct Group {
  stock::Tree tree = stock::Tree::kWarehouse;
  std::vector<std::string> path;  // names from the top

  auto operator<=>(const Group&) const = default;
};

// Many rows in one: what came in a storm, above a channel's rate, or of one group.
struct Digest {
  base::Instant from;  // of the messages, source time
  base::Instant until;
  std::array<std::uint32_t, event::kConditionTypes> by_type{};
  std::array<std::uint32_t, 4> by_severity{};
  std::uint32_t resolved = 0;
  std::vector<DigestLine> lines;  // a subject each: the critical ones that matter most, the top of
                                  // the others
  std::vector<std::string> keys;  // of every row in it
  std::optional<Group> group = {};
  // Of all subjects, by what a line says or would say of them.
  std::array<std::uint32_t, event::kConditionTypes> subjects_by_type{};
  std::array<std::uint32_t, 4> subjects_by_severity{};

  std::uint32_t subjects() const {
    return std::accumulate(subjects_by_severity.begin(), subjects_by_severity.end(),
                           std::uint32_t{0});
  }
  bool operator==(const Digest&) const = default;
};

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
  std::int64_t threshold = 0;  // thousandths, at opening; at the end of what its figures ended
  std::string rule_id;         // empty: no rule
  std::uint32_t rule_version = 0;
  std::string rule_author = {};
  std::string rule_reason = {};
  std::optional<event::Compare> compare = {};  // the figure of stock that `value` is, if it is one
  alert::Cause cause{};                        // of a resolve
  std::int64_t opening_value = 0;              // thousandths, at opening
  Context context = {};
  std::optional<Digest> digest = {};               // then the rest says only severity and time
  std::optional<alert::Component> component = {};  // then it is about no item and no node

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

// What a message is made of.
struct Known {
  const alert::EpisodeBook& episodes;
  const stock::RollUps& rollups;
  const alert::ComponentBook& components;
  const threshold::RuleBook& rules;
};

// One row of the default route for each destination.
void Plan(const alert::Notice& notice, const Known& known,
          const std::vector<std::string>& destinations, std::vector<Row>& rows);

}  // namespace stockwatch::outbox
