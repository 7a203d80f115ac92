#include "flow/episode_order.h"

#include <algorithm>
#include <tuple>

#include "base/assertion.h"
#include "domain/key/stable_hash.h"
#include "domain/outbox/row_key.h"

namespace stockwatch::flow {

std::vector<LinePlace> PlacesOf(const outbox::Row& row) {
  std::vector<LinePlace> places;
  const std::uint64_t seed = key::StableHash(row.destination, 0);
  const auto add = [&](std::string_view key) {
    const auto place = outbox::PlaceOf(key);
    if (place) places.push_back({key::StableHash(place->alert, seed), place->sequence});
  };
  if (!row.message.digest) {
    add(row.key);
    return places;
  }
  for (const std::string& key : row.message.digest->keys) add(key);
  std::sort(places.begin(), places.end(), [](const LinePlace& a, const LinePlace& b) {
    return std::tie(a.line, a.sequence) < std::tie(b.line, b.sequence);
  });
  const auto same = [](const LinePlace& a, const LinePlace& b) { return a.line == b.line; };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  return places;
}

void EpisodeOrder::Enter(Waiting& row) {
  for (const auto& [line, sequence] : PlacesOf(row.delivery.row)) {
    std::vector<Entry>& rows = lines_[line];
    // Behind an equal one: a digest comes before the rows that it stands for have left.
    const auto place = std::find_if(rows.begin(), rows.end(),
                                    [&, at = sequence](const Entry& e) { return e.sequence > at; });
    if (place != rows.begin()) {
      ++row.behind;
    } else if (!rows.empty()) {
      ++rows.front().row->behind;
    }
    rows.insert(place, {sequence, &row});
  }
}

std::vector<Waiting*> EpisodeOrder::Leave(Waiting& row) {
  std::vector<Waiting*> freed;
  for (const auto& [line, sequence] : PlacesOf(row.delivery.row)) {
    const auto found = lines_.find(line);
    SW_ASSERT(found != lines_.end(), "a row leaves that never came");
    std::vector<Entry>& rows = found->second;
    const auto place = std::find_if(rows.begin(), rows.end(),
                                    [&](const Entry& entry) { return entry.row == &row; });
    SW_ASSERT(place != rows.end(), "a row leaves that never came");
    const bool first = place == rows.begin();
    rows.erase(place);
    if (rows.empty()) {
      lines_.erase(found);
      continue;
    }
    if (first && --rows.front().row->behind == 0) freed.push_back(rows.front().row);
  }
  row.behind = 0;
  return freed;
}

bool EpisodeOrder::IsLast(const Waiting& row) const {
  const auto places = PlacesOf(row.delivery.row);
  return std::all_of(places.begin(), places.end(), [&](const LinePlace& place) {
    return lines_.at(place.line).back().row == &row;
  });
}

bool EpisodeOrder::IsBehindFoldedOnly(const Waiting& row) const {
  if (row.behind == 0) return true;
  const auto places = PlacesOf(row.delivery.row);
  return std::all_of(places.begin(), places.end(), [&](const LinePlace& place) {
    for (const Entry& entry : lines_.at(place.line)) {
      if (entry.row == &row) return true;
      if (!entry.row->folding) return false;
    }
    return true;
  });
}

}  // namespace stockwatch::flow
