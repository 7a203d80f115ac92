#include "flow/refill.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "domain/outbox/row_key.h"
#include "flow/episode_order.h"

namespace stockwatch::flow {
namespace {

std::size_t LaneOf(const outbox::Row& row) {
  // Digests first: rows of any lane may have to wait for one.
  return row.message.digest ? 0 : 1 + outbox::LaneOf(row.message.severity);
}

}  // namespace

bool Refill::Ranked::operator<(const Ranked& other) const {
  return std::tie(lane, at, sequence, delivery.row.key) <
         std::tie(other.lane, other.at, other.sequence, other.delivery.row.key);
}

void Refill::Offer(outbox::Delivery&& delivery) {
  const auto place = outbox::PlaceOf(delivery.row.key);
  if (!place) {
    const outbox::Row& row = delivery.row;
    return Add({LaneOf(row), row.message.at, 0, std::move(delivery)});
  }
  if (place->alert != alert_) {
    TakeAlert();
    alert_ = place->alert;
  }
  of_alert_.push_back(std::move(delivery));
}

// What is to be told later is no more urgent than what is to be told before.
void Refill::TakeAlert() {
  std::map<std::string, std::vector<Ranked>> by_destination;
  for (outbox::Delivery& delivery : of_alert_) {
    const outbox::Row& row = delivery.row;
    const std::uint64_t sequence = outbox::PlaceOf(row.key)->sequence;
    by_destination[row.destination].push_back(
        {LaneOf(row), row.message.at, sequence, std::move(delivery)});
  }
  of_alert_.clear();
  for (auto& [destination, rows] : by_destination) {
    std::sort(rows.begin(), rows.end(),
              [](const Ranked& a, const Ranked& b) { return a.sequence < b.sequence; });
    std::pair<std::size_t, base::Instant> least;
    for (Ranked& row : rows) {
      least = std::max(least, std::pair(row.lane, row.at));
      std::tie(row.lane, row.at) = least;
      Add(std::move(row));
    }
  }
}

void Refill::Add(Ranked&& ranked) {
  best_.insert(std::move(ranked));
  if (best_.size() <= room_) return;
  const auto least = std::prev(best_.end());
  for (const LinePlace& place : PlacesOf(least->delivery.row)) {
    chosen_.left_lines.insert(place.line);
  }
  ++chosen_.left;
  best_.erase(least);
}

Refill::Chosen Refill::Take() {
  TakeAlert();
  while (!best_.empty()) {
    chosen_.rows.push_back(std::move(best_.extract(best_.begin()).value().delivery));
  }
  return std::exchange(chosen_, {});
}

}  // namespace stockwatch::flow
