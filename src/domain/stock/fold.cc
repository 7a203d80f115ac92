#include "domain/stock/fold.h"

#include <algorithm>
#include <optional>

namespace stockwatch::stock {
namespace {

using Rows = std::vector<HistoryRow>;

// The last life of the item: the rows behind its last delete.
struct Span {
  Rows::const_iterator begin;
  Rows::const_iterator end;
  std::optional<base::Position> deleted_at;  // none: never deleted, or dropped since
  base::Position began;
};

// The last position before a second.
base::Position LastBefore(std::uint64_t second) {
  constexpr std::uint32_t kMax = 0xFFFFFFFF;
  return {0, static_cast<std::uint32_t>(second - 1), kMax, kMax};
}

// A delete ends a life; what is retired can't be deleted again. A document returns the item, unless
// it was dropped before: then whatever comes first from there on finds a new one.
Span LastLife(const Rows& rows, std::uint32_t keep_seconds) {
  Span span{rows.begin(), rows.end(), std::nullopt, {}};
  std::optional<std::uint64_t> dropped;  // while retired: the second from which it is forgotten
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    if (dropped && row->position.seconds >= *dropped) {
      span = {row, rows.end(), std::nullopt, LastBefore(*dropped)};
      dropped.reset();
    }
    if (row->kind == RowKind::kDelete && !dropped) {
      span = {row + 1, rows.end(), row->position, {}};
      dropped = std::uint64_t{row->position.seconds} + keep_seconds;
    } else if (IsDocument(row->kind)) {
      dropped.reset();
    }
  }
  return span;
}

Folded FoldSnapshot(const Span& span, const WarehouseRules& rules) {
  Folded folded;
  folded.life = span.deleted_at ? Life::kRetired : Life::kUnopened;
  folded.opening = span.deleted_at.value_or(base::Position());
  folded.began = span.began;
  for (auto row = span.begin; row != span.end; ++row) {
    const bool opens_at_zero = rules.opens_at_zero && folded.life == Life::kUnopened;
    if (IsDocument(row->kind)) {
      if (folded.life != Life::kOpened) folded.opened_seconds = row->position.seconds;
      folded.life = Life::kOpened;
      folded.opening = row->position;
      folded.sums = row->stated;
    } else if (opens_at_zero) {
      folded.life = Life::kOpened;
      folded.opened_seconds = row->position.seconds;
    }
  }
  folded.base = folded.opening;
  return folded;
}

// The first row that opens decides; before it, movements of an unopened item add up.
Folded FoldLedger(const Span& span, const WarehouseRules& rules) {
  Folded folded;
  folded.began = span.began;
  if (span.deleted_at) {
    folded.life = Life::kRetired;
    folded.opening = folded.base = *span.deleted_at;
  }
  for (auto row = span.begin; row != span.end; ++row) {
    const bool opened = folded.life == Life::kOpened;
    if (folded.life == Life::kRetired && !IsDocument(row->kind)) continue;
    if (row->kind == RowKind::kDocument && !opened) {
      folded = {
          Life::kOpened, row->position, row->position.seconds, {}, row->position, row->stated, {}};
    } else if (row->kind == RowKind::kLookedUp) {
      if (folded.life != Life::kRetired) continue;
      folded = {};
      folded.began = row->position;
    } else if (row->kind == RowKind::kCount) {
      if (!opened) folded.opened_seconds = row->position.seconds;
      folded.life = Life::kOpened;
      folded.sums.on_hand = row->stated.on_hand;
      folded.base = row->position;
    } else if (row->kind != RowKind::kDocument) {
      if (!opened && rules.opens_at_zero) {
        folded.life = Life::kOpened;
        folded.opened_seconds = row->position.seconds;
      }
      AddMovement(*row, EffectOf(*row), folded.sums, folded.references);
    }
  }
  return folded;
}

}  // namespace

void SortByPosition(Rows& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const HistoryRow& a, const HistoryRow& b) {
    return a.position < b.position;
  });
}

Folded Fold(std::vector<HistoryRow>& rows, const WarehouseRules& rules,
            std::uint32_t keep_seconds) {
  SortByPosition(rows);
  const Span span = LastLife(rows, keep_seconds);
  return rules.authority == Authority::kSnapshot ? FoldSnapshot(span, rules)
                                                 : FoldLedger(span, rules);
}

base::Instant SoldAt(const HistoryRow& sale) {
  return std::min(sale.occurred_at, base::Instant::Seconds(sale.position.seconds));
}

std::vector<const HistoryRow*> LivingSales(std::vector<HistoryRow>& rows,
                                           std::uint32_t keep_seconds) {
  SortByPosition(rows);
  std::vector<const HistoryRow*> sales;
  std::optional<std::uint64_t> forgotten;  // while retired: from that second on
  for (const HistoryRow& row : rows) {
    if (forgotten && row.position.seconds >= *forgotten) {
      sales.clear();
      forgotten.reset();
    }
    if (row.kind == RowKind::kDelete && !forgotten) {
      forgotten = std::uint64_t{row.position.seconds} + keep_seconds;
    } else if (IsDocument(row.kind)) {
      forgotten.reset();
    } else if (row.kind == RowKind::kSale && !forgotten) {
      sales.push_back(&row);
    }
  }
  return sales;
}

base::Instant LastSale(std::vector<HistoryRow>& rows, std::uint32_t keep_seconds) {
  base::Instant last;
  for (const HistoryRow* sale : LivingSales(rows, keep_seconds)) {
    last = std::max(last, SoldAt(*sale));
  }
  return last;
}

}  // namespace stockwatch::stock
