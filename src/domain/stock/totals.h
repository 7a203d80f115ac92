#pragma once

#include <cstdint>
#include <vector>

#include "base/money.h"
#include "domain/stock/item.h"

namespace stockwatch::stock {

// What one stock item adds to each of its nodes. The counts are plain comparisons at source time:
// no margin, no hold.
struct Contribution {
  bool present = false;  // living (unopened or opened)
  bool unopened = false;
  bool active = false;  // opened and not discontinued
  bool out_of_stock = false;
  bool critical = false;
  bool low = false;  // critical and out included
  bool over = false;
  bool valued = false;
  Shown shown;
  base::Currency currency;
  base::Int128 value = 0;  // ten-thousandths, max(0, on-hand) × cost
};

// The figures of one node: sums of its items' contributions, so that adding and taking away are
// exact inverses.
struct Totals {
  struct Value {
    base::Currency currency;
    base::Int128 ten_thousandths = 0;
    std::int64_t items = 0;
  };

  std::int64_t items = 0;
  std::int64_t unopened = 0;
  std::int64_t active = 0;
  std::int64_t out_of_stock = 0;
  std::int64_t critical = 0;
  std::int64_t low = 0;
  std::int64_t over = 0;
  std::int64_t not_valued = 0;
  base::Quantity on_hand;
  base::Quantity reserved;
  base::Quantity inbound;
  std::vector<Value> values;  // by currency; entries without items are dropped

  base::Quantity available() const { return on_hand - reserved; }

  void Add(const Contribution& contribution) { Count(contribution, 1); }
  void Remove(const Contribution& contribution) { Count(contribution, -1); }
  void Change(const Contribution& before, const Contribution& after);
  void Add(const Totals& other);
  void Clear();

 private:
  void Count(const Contribution& contribution, std::int64_t sign);
  void AddValue(base::Currency currency, base::Int128 amount, std::int64_t items);
};

}  // namespace stockwatch::stock
