#include "domain/stock/course.h"

#include <algorithm>

namespace stockwatch::stock {

void Course::Step(const HistoryRow& row) {
  const bool dropped =
      now_.retired &&
      row.position.seconds >= std::uint64_t{now_.deleted_at->seconds} + keep_seconds_;
  if (dropped) now_ = State();
  if (row.kind == RowKind::kDelete) {
    now_ = State();
    now_.retired = true;
    now_.deleted_at = row.position;
  } else if (IsDocument(row.kind)) {
    TakeDocument(row);
  } else if (!now_.retired) {
    TakeMovement(row);
  }
}

void Course::TakeDocument(const HistoryRow& row) {
  now_.retired = false;
  if (rules_.authority == Authority::kLedger) {
    if (!now_.opened && row.kind == RowKind::kDocument) {
      SetFrom(row, true);
      now_.opened = true;
    }
    return;
  }
  now_.opened = true;
  if (!now_.started || !now_.based) {
    SetFrom(row, true);
    now_.based = true;
  } else if (std::binary_search(rebased_.begin(), rebased_.end(), row.position)) {
    SetFrom(row, false);
  }
}

// `all`: what the document does not carry is 0, else it stays.
void Course::SetFrom(const HistoryRow& row, bool all) {
  now_.sums.on_hand = row.stated.on_hand;
  if (all || row.has_reserved) now_.sums.reserved = row.stated.reserved;
  if (all || row.has_inbound) {
    now_.sums.inbound = row.stated.inbound;
    now_.references.Clear();
  }
  now_.base = row.position;
  now_.at_base = now_.sums;
  now_.counted_at.reset();
}

void Course::TakeMovement(const HistoryRow& row) {
  now_.started = true;
  if (rules_.opens_at_zero && !now_.opened) now_.opened = now_.based = true;
  if (row.kind == RowKind::kCount) {
    now_.sums.on_hand = row.stated.on_hand;
    now_.counted_at = row.position;
    now_.opened |= rules_.authority == Authority::kLedger;
    return;
  }
  Figures effect = EffectOf(row);
  if (!row.reference.empty() && effect.inbound != base::Quantity()) {
    now_.references.Add(row.reference, effect.inbound);
    effect.inbound = base::Quantity();
  }
  now_.sums += effect;
}

std::optional<Figures> Course::Shown() const {
  const bool stands = rules_.authority == Authority::kLedger ? now_.opened
                                                             : now_.started && now_.based;
  if (now_.retired || !stands) return std::nullopt;
  return Figures{now_.sums.on_hand, std::max(base::Quantity(), now_.sums.reserved),
                 now_.references.Shown(now_.sums.inbound)};
}

}  // namespace stockwatch::stock
