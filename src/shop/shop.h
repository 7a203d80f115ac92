#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "shop/labels.h"
#include "shop/options.h"

namespace stockwatch::shop {

// What the shop itself believes to have of an item.
struct StockFigures {
  std::string warehouse_id;
  std::string sku;
  base::Quantity on_hand;
  base::Quantity reserved;
  base::Quantity inbound;
};

// Looking into the future for labels takes about as long as the shop itself ten times over.
enum class Labelling { kNone, kStockouts };

// A shop of our own making: people buy, buyers order, things break, and every change comes out as
// MongoDB would print it (relaxed Extended JSON), for `authority: ledger` and prices in EUR. Pure:
// the same options give the same lines on every machine, and a run of more days begins with the run
// of fewer. One thread at a time.
class Shop {
 public:
  // REQUIRES: options.Validate() is ok
  explicit Shop(Options options, Labelling labelling = Labelling::kNone);
  ~Shop();
  Shop(Shop&&) noexcept;
  Shop& operator=(Shop&&) noexcept;

  // The next change, without a line break. False: the days are over, `line` is left as it was.
  bool Next(std::string& line);

  // The next label, never ahead of Next. False: there is none yet.
  bool NextLabel(Label& label);

  // Of every item with an inventory document. It may be ahead of Next by the few lines that one
  // moment gives, and is exact when the days are over.
  std::vector<StockFigures> Stock() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::shop
