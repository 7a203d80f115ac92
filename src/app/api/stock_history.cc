#include "app/api/stock_history.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/api/list.h"
#include "app/look/history.h"

namespace stockwatch::api {
namespace {

using base::Code;
using base::Error;
using http_server::Response;

constexpr std::string_view kList = "history";

std::string PlaceOf(base::Position position) {
  std::string place;
  for (const std::uint32_t part :
       {position.generation, position.seconds, position.increment, position.ordinal}) {
    place.append(place.empty() ? "" : ".").append(std::to_string(part));
  }
  return place;
}

base::Result<base::Position> PositionOf(const std::string& place) {
  std::array<std::uint32_t, 4> parts{};
  const char* at = place.data();
  const char* end = at + place.size();
  bool good = true;
  for (std::size_t i = 0; good && i < parts.size(); ++i) {
    if (i > 0) {
      good = at != end && *at == '.';
      if (good) ++at;
    }
    const auto read = std::from_chars(at, end, parts[i]);
    good = good && read.ec == std::errc();
    at = read.ptr;
  }
  if (good && at == end) return base::Position{parts[0], parts[1], parts[2], parts[3]};
  return Error{Code::kInvalidArgument, "cursor: is none that this list gave"};
}

base::Result<Response> History(Engine& engine, const Call& call) {
  look::HistoryQuestion question{call.named[0], call.named[1], std::nullopt};
  SW_TRY(const Page page, PageOf(engine, call, kList));
  if (const std::string* at = call.Parameter("at")) {
    SW_TRY(question.at, base::ParseInstant(*at));
  }
  key::ItemIndex item = key::kNoItem;
  SW_TRY(auto rows, look::ReadHistory(engine.state(), question, item));
  if (question.at) {
    return JsonAnswer(look::FiguresLine(engine.state(), item, question, rows));
  }
  auto row = rows.begin();
  if (page.place) {
    SW_TRY(const base::Position behind, PositionOf(*page.place));
    row = std::upper_bound(rows.begin(), rows.end(), behind,
                           [](base::Position position, const stock::HistoryRow& other) {
                             return position < other.position;
                           });
  }
  ListAnswer answer(engine);
  base::Position last;
  for (std::size_t written = 0; row != rows.end() && written < page.limit; ++row, ++written) {
    answer.AddLine(look::HistoryRowLine(*row));
    last = row->position;
  }
  if (row == rows.end()) return answer.Finish(std::nullopt);
  return answer.Finish(MakeCursor(kList, PlaceOf(last)));
}

}  // namespace

std::vector<Route> StockHistoryRoutes() {
  return {{"GET", "/api/v1/stock/{warehouse}/{sku}/history", {"at", "limit", "cursor"}, History}};
}

}  // namespace stockwatch::api
