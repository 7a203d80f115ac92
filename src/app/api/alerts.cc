#include "app/api/alerts.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "app/api/list.h"
#include "app/look/alert_filter.h"
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

Found FindLive(const flow::State& state, const look::AlertFilter& filter,
               const std::optional<Rank>& behind, std::size_t limit) {
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
base::Result<Found> FindClosed(Engine& engine, const look::AlertFilter& filter,
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
  SW_TRY(const look::AlertFilter filter,
         look::AlertFilter::From([&](std::string_view name) { return call.Parameter(name); }));
  SW_TRY(const Page page, PageOf(engine, call, kList));
  std::optional<Rank> behind;
  if (page.place) {
    SW_TRY(behind, RankOf(*page.place));
  }
  Found found;
  if (filter.closed()) {
    SW_TRY(found, FindClosed(engine, filter, behind, page.limit));
  } else {
    found = FindLive(engine.state(), filter, behind, page.limit);
  }
  ListAnswer answer(engine);
  for (const EpisodeRecord& record : found.records)
    answer.AddLine(flow::AlertLine(engine.state(), record));
  if (!found.reached) return answer.Finish(std::nullopt);
  return answer.Finish(MakeCursor(kList, PlaceOf(*found.reached)));
}

base::Result<Response> Show(Engine& engine, const Call& call) {
  SW_TRY(const EpisodeRecord episode,
         look::FindEpisode(engine.state(), engine.store, call.named[0]));
  return JsonAnswer(flow::AlertLine(engine.state(), episode));
}

}  // namespace

std::vector<Route> AlertRoutes() {
  const auto& filters = look::AlertFilter::kNames;
  std::vector<std::string_view> parameters(filters.begin(), filters.end());
  parameters.insert(parameters.end(), {"limit", "cursor"});
  return {{"GET", "/api/v1/alerts", std::move(parameters), List},
          {"GET", "/api/v1/alerts/{id}", {}, Show}};
}

}  // namespace stockwatch::api
