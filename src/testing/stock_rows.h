#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/position.h"
#include "base/quantity.h"
#include "domain/stock/carry.h"
#include "domain/stock/fold.h"
#include "domain/stock/history_row.h"
#include "domain/stock/ledger.h"

namespace stockwatch::testing {

inline constexpr std::uint32_t kDay = 86'400;

// The change of that cluster second, the first of its cluster time.
constexpr base::Position At(std::uint32_t seconds, std::uint32_t increment = 1) {
  return {0, seconds, increment, 0};
}

constexpr base::Quantity Pieces(std::int64_t count) {
  return base::Quantity::Pieces(count);
}

constexpr stock::Figures PiecesOf(std::int64_t on_hand, std::int64_t reserved = 0,
                                  std::int64_t inbound = 0) {
  return {Pieces(on_hand), Pieces(reserved), Pieces(inbound)};
}

// A movement or a count of so many pieces, which happened when it was written.
inline stock::HistoryRow Movement(stock::RowKind kind, base::Position position, std::int64_t pieces,
                                  std::string_view reference = {}) {
  stock::HistoryRow row;
  row.position = position;
  row.kind = kind;
  row.stated.on_hand = Pieces(pieces);
  row.reference = reference;
  row.occurred_at = base::Instant::Seconds(position.seconds);
  return row;
}

inline stock::HistoryRow Sale(base::Position position, std::int64_t pieces,
                              std::int64_t from_reserved = 0) {
  stock::HistoryRow row = Movement(stock::RowKind::kSale, position, pieces);
  row.stated.reserved = Pieces(from_reserved);
  return row;
}

inline stock::HistoryRow Count(base::Position position, std::int64_t pieces) {
  return Movement(stock::RowKind::kCount, position, pieces);
}

inline stock::HistoryRow Delete(base::Position position) {
  return Movement(stock::RowKind::kDelete, position, 0);
}

// An inventory document that carries all three figures.
inline stock::HistoryRow Document(base::Position position, std::int64_t on_hand,
                                  std::int64_t reserved = 0, std::int64_t inbound = 0) {
  stock::HistoryRow row = Movement(stock::RowKind::kDocument, position, 0);
  row.stated = PiecesOf(on_hand, reserved, inbound);
  row.has_reserved = row.has_inbound = true;
  return row;
}

// One that carries on-hand alone.
inline stock::HistoryRow BareDocument(base::Position position, std::int64_t on_hand) {
  return Movement(stock::RowKind::kDocument, position, on_hand);
}

inline stock::HistoryRow LookedUp(base::Position position, std::int64_t on_hand) {
  stock::HistoryRow row = Document(position, on_hand);
  row.kind = stock::RowKind::kLookedUp;
  return row;
}

// Keeps every row it is given; counts how often somebody reads.
class KeptHistory : public stock::History {
 public:
  void Keep(key::ItemIndex item, const stock::HistoryRow& row) {
    if (item >= rows_.size()) rows_.resize(item + 1);
    rows_[item].push_back(row);
    if (!row.reference.empty()) {
      rows_[item].back().reference = references_.emplace_back(row.reference);
    }
  }
  void Read(key::ItemIndex item, std::vector<stock::HistoryRow>& out) override {
    ++reads_;
    out.clear();
    if (item < rows_.size()) out = rows_[item];
  }
  // Instead of all that there was.
  void Replace(key::ItemIndex item, const std::vector<stock::HistoryRow>& rows) {
    std::vector<stock::HistoryRow> before;
    std::swap(before, rows_[item]);
    for (const stock::HistoryRow& row : rows) Keep(item, row);
  }
  int reads() const { return reads_; }

 private:
  std::vector<std::vector<stock::HistoryRow>> rows_;
  std::deque<std::string> references_;
  int reads_ = 0;
};

// One stock item with its ledger and history, driven as the flow drives them.
class Shelf {
 public:
  static constexpr key::ItemIndex kItem = 0;
  static constexpr std::uint32_t kKeepSeconds = 100 * kDay;

  explicit Shelf(stock::WarehouseRules warehouse = {}, std::uint32_t keep_seconds = kKeepSeconds)
      : rules(warehouse), ledger(history, keep_seconds), keep_seconds_(keep_seconds) {
    ledger.Start(kItem);
  }

  stock::Applied Put(stock::HistoryRow row) {
    if (ledger.IsDroppedAt(item(), row.position)) ledger.Renew(item());
    const stock::Applied applied = ledger.Apply(kItem, row, rules);
    if (applied == stock::Applied::kApplied) history.Keep(kItem, row);
    return applied;
  }
  void PutAll(const std::vector<stock::HistoryRow>& rows) {
    for (const stock::HistoryRow& row : rows) Put(row);
  }

  // As the flow does with what is older than the history: stock::CarryOver.
  bool CarryOver(std::uint32_t until) {
    auto old = rows();
    stock::SortByPosition(old);
    const bool has_book = ledger.FindBook(item()) != nullptr;
    stock::Book* book = has_book ? &ledger.BookOf(item()) : nullptr;
    stock::Shadow* shadow = book != nullptr && book->shadow ? &*book->shadow : nullptr;
    if (!stock::CarryOver(old, until, rules, keep_seconds_, shadow)) return false;
    history.Replace(kItem, old);
    return true;
  }

  stock::Item& item() { return ledger.at(kItem); }
  stock::Shown shown() { return ledger.ShownOf(item()); }
  // Of the history, in the order of arrival.
  std::vector<stock::HistoryRow> rows() {
    std::vector<stock::HistoryRow> all;
    history.Read(kItem, all);
    return all;
  }

  stock::WarehouseRules rules;
  KeptHistory history;
  stock::Ledger ledger;

 private:
  std::uint32_t keep_seconds_;
};

inline stock::WarehouseRules SnapshotRules() {
  return {};
}

inline stock::WarehouseRules LedgerRules() {
  stock::WarehouseRules rules;
  rules.authority = stock::Authority::kLedger;
  return rules;
}

inline stock::WarehouseRules OpensAtZero(stock::WarehouseRules rules) {
  rules.opens_at_zero = true;
  return rules;
}

// Figures as a person reads them: "3 0 7" are on-hand, reserved, inbound in pieces.
inline std::string Read(const stock::Shown& shown) {
  std::string text;
  base::AppendQuantity(text, shown.on_hand);
  text += ' ';
  base::AppendQuantity(text, shown.reserved);
  text += ' ';
  base::AppendQuantity(text, shown.inbound);
  return text;
}

}  // namespace stockwatch::testing
