#include "domain/alert/episode.h"

#include <algorithm>

#include "base/digest.h"

namespace stockwatch::alert {
namespace {

struct EdgeRow {
  State from;
  Edge edge;
  State to;
};

constexpr std::array kEdges{
    EdgeRow{State::kOpen, Edge::kAcknowledged, State::kAcknowledged},
    EdgeRow{State::kAcknowledged, Edge::kUnacknowledged, State::kOpen},
    EdgeRow{State::kOpen, Edge::kResolved, State::kResolved},
    EdgeRow{State::kAcknowledged, Edge::kResolved, State::kResolved},
    EdgeRow{State::kResolved, Edge::kReopened, State::kOpen},
    EdgeRow{State::kResolved, Edge::kClosed, State::kClosed},
};

}  // namespace

std::string_view Name(State state) {
  constexpr std::array<std::string_view, 4> kNames{"open", "acknowledged", "resolved", "closed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view Name(Edge edge) {
  constexpr std::array<std::string_view, 6> kNames{"opened",         "reopened", "acknowledged",
                                                   "unacknowledged", "resolved", "closed"};
  return kNames[static_cast<std::size_t>(edge)];
}

std::string_view Name(Cause cause) {
  constexpr std::array<std::string_view, 5> kNames{"cleared", "rule", "retired", "empty", "manual"};
  return kNames[static_cast<std::size_t>(cause)];
}

std::string_view Name(TimerKind kind) {
  constexpr std::array<std::string_view, 7> kNames{"rule_interval", "day",  "hour", "retirement",
                                                   "drift",         "hold", "close"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<State> Follow(State from, Edge edge) {
  const auto row = std::find_if(kEdges.begin(), kEdges.end(), [&](const EdgeRow& candidate) {
    return candidate.from == from && candidate.edge == edge;
  });
  if (row == kEdges.end()) return std::nullopt;
  return row->to;
}

std::string PlaceText(const Place& place) {
  switch (place.kind) {
    case Place::Kind::kChange: {
      const base::Position& p = place.position;
      return "change/" + std::to_string(p.generation) + "/" + std::to_string(p.seconds) + "/" +
             std::to_string(p.increment) + "/" + std::to_string(p.ordinal);
    }
    case Place::Kind::kTimer:
      return "timer/" + std::to_string(place.due.micros()) + "/" + std::string(Name(place.timer));
    case Place::Kind::kSecond:
      return "second/" + std::to_string(place.due.micros() / 1'000'000);
    case Place::Kind::kCommand:
      return "command/" + std::to_string(place.due.micros());
    case Place::Kind::kLook:
      return "look/" + std::to_string(place.due.micros());
  }
  return {};
}

EpisodeId MakeEpisodeId(event::ConditionType type, std::string_view subject, const Place& place) {
  std::string text = "episode/1\n";
  text.append(event::Name(type)).append("\n");
  text.append(subject).append("\n");
  text.append(PlaceText(place)).append("\n");
  const base::Sha256Bytes digest = base::Sha256Of(text);
  EpisodeId id;
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

std::string SubjectText(const event::ItemKey& item) {
  std::string text = "item\n";
  text.append(item.warehouse.text()).append("\n").append(item.sku.text());
  return text;
}

std::string SubjectText(const stock::RollUps& rollups, stock::NodeIndex node) {
  std::string text = "node\n";
  text.append(stock::Name(rollups.at(node).tree));
  for (const std::string_view name : rollups.Path(node)) text.append("\n").append(name);
  return text;
}

std::string SubjectText(const Component& component) {
  return std::string(Name(component.kind)) + "\n" + component.name;
}

}  // namespace stockwatch::alert
