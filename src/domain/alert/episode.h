#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/position.h"
#include "domain/alert/component.h"
#include "domain/alert/fact.h"
#include "domain/event/change.h"
#include "domain/event/command.h"
#include "domain/event/condition_type.h"
#include "domain/key/item_directory.h"
#include "domain/stock/rollups.h"
#include "domain/threshold/resolved.h"

namespace stockwatch::alert {

// An alert is one open episode of one condition on one subject. Pending is no state of an episode:
// what waits for its hold is no alert yet.
enum class State : std::uint8_t { kOpen, kAcknowledged, kResolved, kClosed };
std::string_view Name(State state);
constexpr bool IsActive(State state) {
  return state == State::kOpen || state == State::kAcknowledged;
}

// Every way from one state to another. kOpened is none → open.
enum class Edge : std::uint8_t {
  kOpened,
  kReopened,
  kAcknowledged,
  kUnacknowledged,
  kResolved,
  kClosed,
};
std::string_view Name(Edge edge);

// The one table of edges: the state that `edge` leads to from `from`; nullopt where there is no
// such edge. kOpened starts an episode and leads from no state.
std::optional<State> Follow(State from, Edge edge);

enum class Cause : std::uint8_t { kCleared, kRule, kRetired, kEmpty, kManual };
std::string_view Name(Cause cause);

// The kinds of timers in the order in which those of one moment fire.
enum class TimerKind : std::uint8_t {
  kRuleInterval,
  kDay,
  kHour,
  kRetirement,
  kDrift,
  kHold,
  kClose,
};
std::string_view Name(TimerKind kind);

// What made something happen: a change (or rule) at its position, a timer, the end of a second, a
// person, or a look at the system itself.
struct Place {
  enum class Kind : std::uint8_t { kChange, kTimer, kSecond, kCommand, kLook };
  Kind kind = Kind::kChange;
  base::Position position;  // kChange
  base::Instant due;        // kTimer; kSecond: the second; kCommand, kLook: engine time
  TimerKind timer = TimerKind::kHold;

  static Place OfChange(base::Position position) { return {Kind::kChange, position, {}, {}}; }
  static Place OfTimer(base::Instant due, TimerKind timer) {
    return {Kind::kTimer, {}, due, timer};
  }
  static Place OfSecond(base::Instant second) { return {Kind::kSecond, {}, second, {}}; }
  static Place OfCommand(base::Instant engine_now) { return {Kind::kCommand, {}, engine_now, {}}; }
  static Place OfLook(base::Instant engine_now) { return {Kind::kLook, {}, engine_now, {}}; }
};
// "change/0/1700000000/7/0", "timer/1700000000000000/hold", "second/1700000000",
// "command/1700000000000000", "look/1700000000000000".
std::string PlaceText(const Place& place);

// What an episode is about: a stock item, a node of a tree, or a component of the system itself.
// Indexes of the engine's directory, trees and components.
struct Subject {
  enum class Kind : std::uint8_t { kItem, kNode, kComponent };
  Kind kind = Kind::kItem;
  std::uint32_t index = 0;  // key::ItemIndex, stock::NodeIndex or ComponentIndex

  static Subject OfItem(key::ItemIndex item) { return {Kind::kItem, item}; }
  static Subject OfNode(stock::NodeIndex node) { return {Kind::kNode, node}; }
  static Subject OfComponent(ComponentIndex component) { return {Kind::kComponent, component}; }
};

using EpisodeId = event::AlertId;

inline std::string_view BytesOf(const EpisodeId& id) {
  return {reinterpret_cast<const char*>(id.data()), id.size()};
}

// Hash of type, subject and the place that opened it: the same in replay and after failover.
// docs/formats.md, Alert id. `subject` is the subject's canonical text.
EpisodeId MakeEpisodeId(event::ConditionType type, std::string_view subject, const Place& place);
std::string SubjectText(const event::ItemKey& item);
std::string SubjectText(const stock::RollUps& rollups, stock::NodeIndex node);
std::string SubjectText(const Component& component);

inline constexpr std::size_t kFlapOpenings = 4;

// One episode. Figures are thousandths (alert::Comparison).
struct Episode {
  EpisodeId id{};
  event::ConditionType type{};
  State state = State::kOpen;
  event::Severity severity{};  // the highest resolved since opening
  Cause cause = Cause::kCleared;
  bool told = false;      // nothing holds its opening back any more (or its re-opening since)
  bool reached = false;   // then: there was somebody to tell
  bool flapping = false;  // notices are held back, one said so
  Subject subject;
  event::ItemKey item;  // of an item: its name, also when the item is dropped
  base::Instant opened_at;
  base::Instant reopened_at;  // latest opening
  base::Instant resolved_at;  // latest resolve; meaningful when resolved or closed
  std::uint32_t reopened = 0;
  std::uint32_t transitions = 0;                           // so far: number of the next one
  std::int64_t value = 0;                                  // at first opening
  std::int64_t threshold = 0;                              // at first opening
  threshold::VersionIndex origin = threshold::kNoVersion;  // at first opening
  std::int64_t now = 0;
  std::int64_t worst = 0;
  std::uint64_t count = 0;
  std::array<base::Instant, kFlapOpenings> openings{};  // the latest, newest last
  Timeline timeline;

  bool active() const { return IsActive(state); }
};

struct Remark {
  base::Instant at;
  std::string author;
  std::string text;
  bool operator==(const Remark&) const = default;
};

// What people have done about an episode, beside its state. Times are engine time.
struct Notes {
  static constexpr std::size_t kCommentsMax = 100;

  std::string acknowledged_by;  // empty: it is not
  base::Instant acknowledged_at;
  std::string assignee;                        // empty: nobody
  std::optional<base::Instant> snoozed_until;  // survives a re-opening
  std::string snoozed_by;
  std::uint32_t reminders = 0;  // told so far, each when a snooze had ended
  std::vector<Remark> comments;

  bool operator==(const Notes&) const = default;
};

}  // namespace stockwatch::alert
