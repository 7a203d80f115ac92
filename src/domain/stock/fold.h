#pragma once

#include <vector>

#include "domain/stock/inbound.h"
#include "domain/stock/item.h"

namespace stockwatch::stock {

// The stock of one item as a function of the set of its rows alone: the definition that the
// ledger's quick ways must agree with, and the way taken when a count, document or delete arrives
// late.
struct Folded {
  Life life = Life::kUnopened;
  base::Position opening;  // as in Item
  std::uint32_t opened_seconds = 0;
  base::Position began;  // as in Book
  base::Position base;   // of the absolute that on-hand counts from
  Figures sums;
  InboundReferences references;

  bool operator==(const Folded&) const = default;
};

void SortByPosition(std::vector<HistoryRow>& rows);

// Sorts `rows` by position. A row `keep_seconds` or more behind the last delete finds a new item:
// the retired one is dropped by then.
Folded Fold(std::vector<HistoryRow>& rows, const WarehouseRules& rules, std::uint32_t keep_seconds);

// When a sale counts as done: as it says, at the latest at its cluster second.
base::Instant SoldAt(const HistoryRow& sale);

// The sales among the rows that are demand: those of the time in which the item was not retired; of
// an item that was forgotten `keep_seconds` after its delete and came back, those since. Sorts
// `rows` by position; the pointers lead into them.
std::vector<const HistoryRow*> LivingSales(std::vector<HistoryRow>& rows,
                                           std::uint32_t keep_seconds);
// When the latest of them was made; 0: none. Sorts `rows` by position.
base::Instant LastSale(std::vector<HistoryRow>& rows, std::uint32_t keep_seconds);

}  // namespace stockwatch::stock
