#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/route.h"
#include "base/json_writer.h"

namespace stockwatch::api {

// Items: lists by any part of the hierarchy, status and text; one item; its history.
std::vector<Route> StockRoutes();

// What an item counts as in the roll-ups above it, and what it is beside that.
enum class Status : std::uint8_t { kOut, kCritical, kLow, kOver, kOk, kUnopened, kDiscontinued };
inline constexpr std::string_view kStatusNames[] = {"out", "critical", "low",         "over",
                                                    "ok",  "unopened", "discontinued"};

// Which items a list is of. A text that is empty excludes nothing.
struct StockFilter {
  std::string warehouse;
  std::string department;
  std::string category;
  std::string brand;
  std::string product;
  std::optional<Status> status;
  std::string search;  // in lower case; part of a SKU or name
};

// Finds out, item by item, what a filter takes; remembers it by leaf group.
class StockMatcher {
 public:
  StockMatcher(const flow::State& state, StockFilter filter);
  // REQUIRES: the item is living
  bool Takes(key::ItemIndex item);

 private:
  enum class Known : std::uint8_t { kNot, kTaken, kLeft };
  bool TakesGroup(stock::NodeIndex group);
  bool TakesText(key::ItemIndex item) const;

  const flow::State& state_;
  StockFilter filter_;
  std::vector<Known> groups_;  // by NodeIndex
};

// The members of an item: its figures, where it stands, its thresholds.
void WriteStockItem(const flow::State& state, key::ItemIndex item, base::JsonWriter& json);

// The number of the item that the call's first two names are of; kNotFound.
base::Result<key::ItemIndex> ItemOf(const flow::State& state, const std::string& warehouse,
                                    const std::string& sku);

}  // namespace stockwatch::api
