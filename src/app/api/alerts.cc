#include "app/api/alerts.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "app/api/list.h"
#include "app/look/listings.h"
#include "domain/event/alert_id.h"
#include "flow/listing.h"

namespace stockwatch::api {
namespace {

using alert::EpisodeRecord;
using base::Code;
using base::Error;
using http_server::Response;

constexpr std::string_view kList = "alerts";

struct Filter {
  std::optional<alert::State> state;  // nullopt: all that are not closed
  std::optional<event::ConditionType> type;
  std::optional<event::Severity> severity;
  std::string warehouse;
  std::string department;
  std::string category;
  std::string brand;
  std::string sku;

  bool names_levels() const {
    return !warehouse.empty() || !department.empty() || !category.empty() || !brand.empty() ||
           !sku.empty();
  }
};

// The enumerator below `count` whose name is given; nullopt: none.
template <typename Enum>
std::optional<Enum> ByName(std::string_view name, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (Name(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

template <typename Enum>
base::Status ReadName(const Call& call, const char* parameter, std::size_t count,
                      std::optional<Enum>& out) {
  const std::string* given = call.Parameter(parameter);
  if (given == nullptr) return {};
  out = ByName<Enum>(*given, count);
  if (out) return {};
  std::string known;
  for (std::size_t i = 0; i < count; ++i) known.append(" ").append(Name(static_cast<Enum>(i)));
  return Error{Code::kInvalidArgument,
               std::string(parameter) + ": is none of" + known + ": \"" + *given + "\""};
}

base::Result<Filter> FilterOf(const Call& call) {
  Filter filter;
  SW_TRY_STATUS(ReadName(call, "state", 4, filter.state));
  SW_TRY_STATUS(ReadName(call, "type", event::kConditionTypes, filter.type));
  SW_TRY_STATUS(ReadName(call, "severity", 4, filter.severity));
  const std::pair<const char*, std::string*> levels[] = {{"warehouse", &filter.warehouse},
                                                         {"department", &filter.department},
                                                         {"category", &filter.category},
                                                         {"brand", &filter.brand},
                                                         {"sku", &filter.sku}};
  for (const auto& [name, level] : levels) {
    const std::string* given = call.Parameter(name);
    if (given == nullptr) continue;
    if (const auto valid = base::ValidateId(*given); !valid.ok()) {
      return Error{Code::kInvalidArgument, std::string(name) + ": " + valid.error().message};
    }
    *level = *given;
  }
  return filter;
}

// Where a subject stands in the hierarchy; levels below a node are empty.
struct Levels {
  std::string_view warehouse;
  std::string_view department;
  std::string_view category;
  std::string_view brand;
  std::string_view sku;
};

bool Takes(const Filter& filter, const Levels& levels) {
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

// Newest first; equal ones by their id.
struct Rank {
  std::int64_t opened_at = 0;
  alert::EpisodeId id{};

  bool operator<(const Rank& other) const {
    return std::tie(other.opened_at, id) < std::tie(opened_at, other.id);
  }
};

std::string PlaceOf(const Rank& rank) {
  return std::to_string(rank.opened_at) + "/" + event::AlertIdText(rank.id);
}

base::Result<Rank> RankOf(const std::string& place) {
  Rank rank;
  const char* end = place.data() + place.size();
  const auto time = std::from_chars(place.data(), end, rank.opened_at);
  bool good = time.ec == std::errc() && end - time.ptr == 1 + 2 * std::ssize(rank.id);
  const char* at = time.ptr + 1;
  for (std::size_t i = 0; good && i < rank.id.size(); ++i, at += 2) {
    const auto byte = std::from_chars(at, at + 2, rank.id[i], 16);
    good = byte.ec == std::errc() && byte.ptr == at + 2;
  }
  if (good) return rank;
  return Error{Code::kInvalidArgument, "cursor: is none that this list gave"};
}

// Alerts of one page, newest first.
struct Found {
  std::vector<EpisodeRecord> records;
  std::optional<Rank> reached;  // there may be more behind it; nullopt: there are none
};

Rank RankOf(const EpisodeRecord& record) {
  return {record.opened_at.micros(), record.id};
}

bool Takes(const Filter& filter, const flow::State& state, const alert::Episode& episode) {
  if (episode.state == alert::State::kClosed) return false;
  if (filter.state && episode.state != *filter.state) return false;
  if (filter.type && episode.type != *filter.type) return false;
  if (filter.severity && episode.severity != *filter.severity) return false;
  return !filter.names_levels() || Takes(filter, LevelsOf(state, episode));
}

Found FindLive(const flow::State& state, const Filter& filter, const std::optional<Rank>& behind,
               std::size_t limit) {
  Found found;
  std::optional<alert::EpisodeBook::Age> from;
  if (behind) from = {base::Instant::Micros(behind->opened_at), behind->id};
  state.episodes.ForEachByAge(from, [&](const alert::Episode& episode, const alert::Notes* notes) {
    if (!Takes(filter, state, episode)) return true;
    if (found.records.size() == limit) {
      found.reached = RankOf(found.records.back());
      return false;
    }
    found.records.push_back(flow::EpisodeRecordOf(state, episode, notes));
    return true;
  });
  return found;
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

bool Takes(const Filter& filter, const flow::State& state, const EpisodeRecord& record) {
  if (filter.type && record.type != *filter.type) return false;
  if (filter.severity && record.severity != *filter.severity) return false;
  return !filter.names_levels() || Takes(filter, LevelsOf(state, record));
}

// Keys of family kClosedAlert behind that one.
base::Result<std::vector<std::string>> ClosedBehind(ports::StateStore& store,
                                                    const std::string& behind) {
  constexpr std::size_t kMost = 256;
  std::vector<std::string> keys;
  SW_TRY_STATUS(store.ReadRange({ports::Family::kClosedAlert, behind},
                                [&](std::string_view key, std::string_view) {
                                  if (key != behind) keys.emplace_back(key);
                                  return keys.size() < kMost;
                                }));
  return keys;
}

// Those that are over: the store has them, and memory has not. One answer looks at so many at most:
// where a filter takes few, a page is short, even empty, and `next` goes on.
base::Result<Found> FindClosed(Engine& engine, const Filter& filter,
                               const std::optional<Rank>& behind, std::size_t limit) {
  Found found;
  std::string key;
  if (behind)
    key = flow::AgeKey(base::Instant::Micros(behind->opened_at), alert::BytesOf(behind->id));
  std::size_t looked_at = 0;
  while (true) {
    SW_TRY(const std::vector<std::string> keys, ClosedBehind(engine.store, key));
    if (keys.empty()) {
      found.reached.reset();
      return found;
    }
    for (const std::string& next : keys) {
      if (found.records.size() == limit || looked_at++ == engine.options.scan_items_max) {
        return found;
      }
      key = next;
      SW_TRY(EpisodeRecord record, look::ReadEpisode(engine.store, flow::IdOfAgeKey(key)));
      found.reached = RankOf(record);
      if (Takes(filter, engine.state(), record)) found.records.push_back(std::move(record));
    }
  }
}

base::Result<Response> List(Engine& engine, const Call& call) {
  SW_TRY(const Filter filter, FilterOf(call));
  SW_TRY(const Page page, PageOf(engine, call, kList));
  std::optional<Rank> behind;
  if (page.place) {
    SW_TRY(behind, RankOf(*page.place));
  }
  Found found;
  if (filter.state == alert::State::kClosed) {
    SW_TRY(found, FindClosed(engine, filter, behind, page.limit));
  } else {
    found = FindLive(engine.state(), filter, behind, page.limit);
  }
  ListAnswer answer(engine);
  for (const EpisodeRecord& record : found.records) answer.AddLine(flow::AlertLine(record));
  if (!found.reached) return answer.Finish(std::nullopt);
  return answer.Finish(MakeCursor(kList, PlaceOf(*found.reached)));
}

base::Result<Response> Show(Engine& engine, const Call& call) {
  SW_TRY(const EpisodeRecord episode,
         look::FindEpisode(engine.state(), engine.store, call.named[0]));
  return JsonAnswer(flow::AlertLine(episode));
}

}  // namespace

std::vector<Route> AlertRoutes() {
  return {{"GET",
           "/api/v1/alerts",
           {"state", "type", "severity", "warehouse", "department", "category", "brand", "sku",
            "limit", "cursor"},
           List},
          {"GET", "/api/v1/alerts/{id}", {}, Show}};
}

}  // namespace stockwatch::api
