#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "domain/demand/planning.h"
#include "domain/demand/rings.h"
#include "domain/event/change.h"
#include "domain/stock/item.h"

namespace stockwatch::quality {

// An item's stock after a change.
struct Moment {
  base::Instant at;
  base::Quantity available;
  base::Quantity taken;  // by customers since the beginning: sold or reserved
};

// Available came to nothing or less.
struct Stockout {
  base::Instant at;
  bool after_a_day = false;  // there had been some for a day and more
  std::optional<base::Instant> ended_at;
};

// What became of one item, kept by the table of transaction types alone: of the engine it shares
// nothing but the decoder.
class ItemTrail {
 public:
  void Open(const event::InventoryImage& image, bool absolute, base::Instant at);
  void Move(const event::Transaction& transaction, bool moves_stock, base::Instant at);
  void Retire() { open_ = false; }

  bool open() const { return open_ && !discontinued_; }
  base::Quantity available() const { return on_hand_ - std::max(base::Quantity(), reserved_); }
  const std::vector<Moment>& moments() const { return moments_; }
  const std::vector<Stockout>& stockouts() const { return stockouts_; }
  // There has been stock for a day and more at that moment.
  bool HadStockForADay(base::Instant at) const;
  // When customers had taken what was available at `at`, whatever came in meanwhile; nullopt: not
  // by the end.
  std::optional<base::Instant> RanOut(base::Instant at) const;

  // The plain forecast to beat: mean and deviation of the 28 complete days before, of as many as
  // there are; nullopt with fewer than 14, or without demand.
  std::optional<demand::Rate> Naive(demand::Day today) const;
  // Something that is on its way is due before then.
  bool IsDueBefore(base::Instant then) const;

  // "smooth", "erratic", "intermittent", "lumpy" by what was sold from the first sale on; empty:
  // sold on fewer than ten days.
  std::string_view ClassAt(demand::Day end) const;

  bool naive_open = false;  // an alert of the plain forecast is

 private:
  struct Inbound {
    base::Quantity sum;
    std::optional<base::Instant> expected_at;
  };
  void Note(base::Quantity taken, base::Instant at);
  const Moment* At(base::Instant at) const;

  bool open_ = false;
  bool discontinued_ = false;
  base::Quantity on_hand_;
  base::Quantity reserved_;
  base::Quantity taken_;
  std::map<std::string, Inbound, std::less<>> inbound_;
  std::optional<base::Instant> opened_at_;
  std::optional<base::Instant> in_stock_since_;
  std::map<demand::Day, base::Quantity> sold_;
  std::vector<Moment> moments_;
  std::vector<Stockout> stockouts_;
};

// All of them, by "<warehouse>/<sku>".
class Trails {
 public:
  // The item that the change was about; nullptr: none.
  ItemTrail* Take(const event::Change& change, stock::Authority authority);
  std::map<std::string, ItemTrail, std::less<>>& items() { return items_; }

  static std::string KeyOf(const event::ItemKey& item) {
    return std::string(item.warehouse.text()).append("/").append(item.sku.text());
  }

 private:
  std::map<std::string, ItemTrail, std::less<>> items_;
  std::map<std::string, std::string, std::less<>> documents_;
};

}  // namespace stockwatch::quality
