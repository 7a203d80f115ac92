#include "app/look/alert_filter.h"

#include "app/look/listings.h"
#include "flow/held_back.h"
#include "flow/listing.h"

namespace stockwatch::look {
namespace {

using alert::EpisodeRecord;
using base::Code;
using base::Error;

constexpr std::size_t kStates = 4;
constexpr std::size_t kSeverities = 4;

unsigned Bit(alert::State state) {
  return 1u << static_cast<unsigned>(state);
}

// One of the first `count` names of an enumeration; nullopt: it is not given.
template <typename Enum>
base::Result<std::optional<Enum>> ByName(const AlertFilter::Given& given, std::string_view what,
                                         std::size_t count) {
  const std::string* name = given(what);
  if (name == nullptr) return std::optional<Enum>();
  std::string known;
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = static_cast<Enum>(i);
    if (Name(one) == *name) return std::optional(one);
    known.append(" ").append(Name(one));
  }
  return Error{Code::kInvalidArgument,
               std::string(what) + ": is none of" + known + ": \"" + *name + "\""};
}

base::Result<std::uint8_t> StatesOf(const AlertFilter::Given& given) {
  const std::string* name = given("state");
  if (name == nullptr) return AlertFilter().states;
  if (*name == "active") {
    return static_cast<std::uint8_t>(Bit(alert::State::kOpen) | Bit(alert::State::kAcknowledged));
  }
  auto state = ByName<alert::State>(given, "state", kStates);
  if (state.ok()) return static_cast<std::uint8_t>(Bit(*state.value()));
  return Error{Code::kInvalidArgument,
               "state: is none of active open acknowledged resolved closed: \"" + *name + "\""};
}

base::Result<std::optional<bool>> HeldBackOf(const AlertFilter::Given& given) {
  const std::string* name = given("held_back");
  if (name == nullptr) return std::optional<bool>();
  if (*name == "true" || *name == "false") return std::optional(*name == "true");
  return Error{Code::kInvalidArgument, "held_back: is true or false, not \"" + *name + "\""};
}

// Where a subject stands in the hierarchy; levels below a node are empty.
struct Levels {
  std::string_view warehouse;
  std::string_view department;
  std::string_view category;
  std::string_view brand;
  std::string_view sku;
};

bool Takes(const AlertFilter& filter, const Levels& levels) {
  const auto is = [](const std::string& wanted, std::string_view level) {
    return wanted.empty() || wanted == level;
  };
  return is(filter.warehouse, levels.warehouse) && is(filter.department, levels.department) &&
         is(filter.category, levels.category) && is(filter.brand, levels.brand) &&
         is(filter.sku, levels.sku);
}

Levels LevelsOfNode(const flow::State& state, stock::NodeIndex index) {
  const stock::Node& node = state.rollups.at(index);
  Levels levels;
  const auto path = state.rollups.Path(index);
  std::size_t at = 0;
  if (node.tree == stock::Tree::kWarehouse && at < path.size()) levels.warehouse = path[at++];
  if (at < path.size()) levels.department = path[at++];
  if (at < path.size()) levels.category = path[at++];
  if (at < path.size()) levels.brand = path[at++];
  return levels;
}

Levels LevelsOfItem(const flow::State& state, const event::ItemKey& key) {
  Levels levels;
  const key::ItemIndex item = state.directory.Find(key);
  if (item != key::kNoItem && state.ledger.at(item).group != stock::kNoSlab) {
    levels = LevelsOfNode(state, state.ledger.at(item).group);
  }
  levels.warehouse = key.warehouse.text();
  levels.sku = key.sku.text();
  return levels;
}

Levels LevelsOf(const flow::State& state, const alert::Episode& episode) {
  switch (episode.subject.kind) {
    case alert::Subject::Kind::kItem:
      return LevelsOfItem(state, episode.item);
    case alert::Subject::Kind::kNode:
      return LevelsOfNode(state, episode.subject.index);
    case alert::Subject::Kind::kComponent:
      break;
  }
  return {};
}

Levels LevelsOf(const flow::State& state, const EpisodeRecord& episode) {
  if (const auto* item = std::get_if<alert::ItemSubject>(&episode.subject)) {
    return LevelsOfItem(state, {event::WarehouseIdView::Trusted(item->warehouse),
                                event::SkuView::Trusted(item->sku)});
  }
  Levels levels;
  if (std::holds_alternative<alert::Component>(episode.subject)) return levels;
  const auto& node = std::get<alert::NodeSubject>(episode.subject);
  std::string_view* const parts[] = {&levels.warehouse, &levels.department, &levels.category,
                                     &levels.brand};
  const std::size_t skipped = node.tree == stock::Tree::kGlobal ? 1 : 0;
  for (std::size_t i = 0; i < node.path.size() && i + skipped < std::size(parts); ++i) {
    *parts[i + skipped] = node.path[i];
  }
  return levels;
}

}  // namespace

base::Result<AlertFilter> AlertFilter::From(const Given& given) {
  AlertFilter filter;
  SW_TRY(filter.states, StatesOf(given));
  SW_TRY(filter.type, ByName<event::ConditionType>(given, "type", event::kConditionTypes));
  SW_TRY(filter.severity, ByName<event::Severity>(given, "severity", kSeverities));
  SW_TRY(filter.held_back, HeldBackOf(given));
  const std::pair<const char*, std::string*> levels[] = {{"warehouse", &filter.warehouse},
                                                         {"department", &filter.department},
                                                         {"category", &filter.category},
                                                         {"brand", &filter.brand},
                                                         {"sku", &filter.sku}};
  for (const auto& [name, level] : levels) {
    const std::string* named = given(name);
    if (named == nullptr) continue;
    if (const auto valid = base::ValidateId(*named); !valid.ok()) {
      return Error{Code::kInvalidArgument, std::string(name) + ": " + valid.error().message};
    }
    *level = *named;
  }
  return filter;
}

bool Takes(const AlertFilter& filter, const flow::State& state, const alert::Episode& episode) {
  if ((filter.states & Bit(episode.state)) == 0) return false;
  if (filter.type && episode.type != *filter.type) return false;
  if (filter.severity && episode.severity != *filter.severity) return false;
  if (filter.names_levels() && !Takes(filter, LevelsOf(state, episode))) return false;
  if (!filter.held_back) return true;
  const auto index = state.episodes.Find(episode.id);
  return (index && flow::HoldsOf(state, *index).any()) == *filter.held_back;
}

bool Takes(const AlertFilter& filter, const flow::State& state, const EpisodeRecord& record) {
  if (filter.type && record.type != *filter.type) return false;
  if (filter.severity && record.severity != *filter.severity) return false;
  if (filter.held_back.value_or(false)) return false;
  return !filter.names_levels() || Takes(filter, LevelsOf(state, record));
}

base::Status WriteAlerts(const AlertFilter& filter, const flow::State& state,
                         ports::StateStore& store, const flow::LineSink& sink) {
  if (!filter.closed()) {
    state.episodes.ForEachByAge(
        std::nullopt, [&](const alert::Episode& episode, const alert::Notes* notes) {
          if (Takes(filter, state, episode)) {
            sink(flow::AlertLine(state, flow::EpisodeRecordOf(state, episode, notes)));
          }
          return true;
        });
    return {};
  }
  std::vector<std::string> ids;
  SW_TRY_STATUS(
      store.ReadRange({ports::Family::kClosedAlert}, [&](std::string_view key, std::string_view) {
        ids.emplace_back(flow::IdOfAgeKey(key));
        return true;
      }));
  for (const std::string& id : ids) {
    SW_TRY(const EpisodeRecord record, ReadEpisode(store, id));
    if (Takes(filter, state, record)) sink(flow::AlertLine(state, record));
  }
  return {};
}

}  // namespace stockwatch::look
