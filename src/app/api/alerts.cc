#include "app/api/alerts.h"

#include <algorithm>
#include <charconv>
#include <queue>
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

// Keeps the first `most` of what it is given.
class FirstOf {
 public:
  FirstOf(std::size_t most, std::optional<Rank> behind) : most_(most), behind_(behind) {}

  bool Wants(const Rank& rank) const {
    if (behind_ && !(*behind_ < rank)) return false;
    return kept_.size() < most_ || rank < kept_.top().rank;
  }
  void Take(const Rank& rank, EpisodeRecord record) {
    kept_.push({rank, std::move(record)});
    if (kept_.size() > most_) kept_.pop();
  }
  struct Kept {
    Rank rank;
    EpisodeRecord record;
    bool operator<(const Kept& other) const { return rank < other.rank; }
  };
  std::vector<Kept> InOrder() {
    std::vector<Kept> all;
    for (; !kept_.empty(); kept_.pop()) all.push_back(kept_.top());
    std::reverse(all.begin(), all.end());
    return all;
  }

 private:
  std::size_t most_;
  std::optional<Rank> behind_;
  std::priority_queue<Kept> kept_;  // the last of them on top
};

void TakeLive(const flow::State& state, const Filter& filter, FirstOf& first) {
  state.episodes.ForEach([&](const alert::Episode& episode, const alert::Notes* notes) {
    if (episode.state == alert::State::kClosed) return;
    if (filter.state && episode.state != *filter.state) return;
    if (filter.type && episode.type != *filter.type) return;
    if (filter.severity && episode.severity != *filter.severity) return;
    const Rank rank{episode.opened_at.micros(), episode.id};
    if (!first.Wants(rank)) return;
    if (filter.names_levels()) {
      const bool is_item = episode.subject.kind == alert::Subject::Kind::kItem;
      const Levels levels =
          is_item ? LevelsOfItem(state, episode.item) : LevelsOfNode(state, episode.subject.index);
      if (!Takes(filter, levels)) return;
    }
    first.Take(rank, alert::ToRecord(episode, notes, state.rollups, state.rules));
  });
}

Levels LevelsOf(const flow::State& state, const EpisodeRecord& episode) {
  if (const auto* item = std::get_if<alert::ItemSubject>(&episode.subject)) {
    return LevelsOfItem(state, {event::WarehouseIdView::Trusted(item->warehouse),
                                event::SkuView::Trusted(item->sku)});
  }
  const auto& node = std::get<alert::NodeSubject>(episode.subject);
  Levels levels;
  std::string_view* const parts[] = {&levels.warehouse, &levels.department, &levels.category,
                                     &levels.brand};
  const std::size_t skipped = node.tree == stock::Tree::kGlobal ? 1 : 0;
  for (std::size_t i = 0; i < node.path.size() && i + skipped < std::size(parts); ++i) {
    *parts[i + skipped] = node.path[i];
  }
  return levels;
}

// Those that are over: the store has them, and memory has not.
base::Status TakeClosed(Engine& engine, const Filter& filter, FirstOf& first) {
  base::Status decoded;
  SW_TRY_STATUS(engine.store.ReadFamily(
      ports::Family::kEpisode, [&](std::string_view, std::string_view bytes) {
        auto episode = alert::DecodeEpisode(bytes);
        if (!episode.ok()) {
          decoded = episode.error();
          return;
        }
        EpisodeRecord& record = episode.value();
        if (record.state != alert::State::kClosed) return;
        if (filter.type && record.type != *filter.type) return;
        if (filter.severity && record.severity != *filter.severity) return;
        const Rank rank{record.opened_at.micros(), record.id};
        if (!first.Wants(rank) || !Takes(filter, LevelsOf(engine.state(), record))) return;
        first.Take(rank, std::move(record));
      }));
  return decoded;
}

base::Result<Response> List(Engine& engine, const Call& call) {
  SW_TRY(const Filter filter, FilterOf(call));
  SW_TRY(const Page page, PageOf(engine, call, kList));
  std::optional<Rank> behind;
  if (page.place) {
    SW_TRY(behind, RankOf(*page.place));
  }
  FirstOf first(page.limit + 1, behind);
  if (filter.state == alert::State::kClosed) {
    SW_TRY_STATUS(TakeClosed(engine, filter, first));
  } else {
    TakeLive(engine.state(), filter, first);
  }
  const auto found = first.InOrder();
  ListAnswer answer(engine);
  const std::size_t shown = std::min(found.size(), page.limit);
  for (std::size_t i = 0; i < shown; ++i) answer.AddLine(flow::AlertLine(found[i].record));
  if (found.size() <= page.limit) return answer.Finish(std::nullopt);
  return answer.Finish(MakeCursor(kList, PlaceOf(found[shown - 1].rank)));
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
