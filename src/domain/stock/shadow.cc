#include "domain/stock/shadow.h"

#include <algorithm>

namespace stockwatch::stock {
namespace {

using Rows = std::vector<HistoryRow>;

// Where the rows of the present life start a shadow; none: nothing moved, or no document came yet.
std::optional<Shadow> StartFrom(const Rows& rows, base::Position began,
                                const WarehouseRules& rules) {
  const HistoryRow* document = nullptr;
  bool moved = false;
  for (const HistoryRow& row : rows) {
    if (row.position <= began) continue;
    if (IsDocument(row.kind)) {
      document = &row;
    } else if (row.kind != RowKind::kDelete) {
      moved = true;
      if (document == nullptr && rules.opens_at_zero) return Shadow{began, {}, {}, {}, {}};
    }
    if (moved && document != nullptr) {
      return Shadow{document->position, document->stated, {}, {}, {}};
    }
  }
  return std::nullopt;
}

bool HasRowAt(const Rows& rows, base::Position position) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const HistoryRow& row) { return row.position == position; });
}

// Brings the present sums in line with base, re-bases and rows.
void AddUp(Book& book, const Rows& rows) {
  Shadow& shadow = *book.shadow;
  ShadowWalk walk(shadow);
  book.base.reset();
  for (const HistoryRow& row : rows) {
    if (row.position <= shadow.base) continue;
    walk.Step(row);
    if (row.kind == RowKind::kCount) book.base = row.position;
  }
  const LedgerMoment& present = walk.Finish();
  shadow.sums = present.sums;
  book.references = present.references;
}

}  // namespace

void InsertByPosition(std::vector<DriftCheck>& documents, const DriftCheck& document) {
  const auto place = std::lower_bound(
      documents.begin(), documents.end(), document.position,
      [](const DriftCheck& a, const base::Position& position) { return a.position < position; });
  documents.insert(place, document);
}

void LedgerMoment::Apply(const HistoryRow& row) {
  if (row.kind == RowKind::kCount) sums.on_hand = row.stated.on_hand;
  AddMovement(row, EffectOf(row), sums, references);
}

void LedgerMoment::TakeFrom(const DriftCheck& document) {
  sums.on_hand = document.stated.on_hand;
  if (document.has_reserved) sums.reserved = document.stated.reserved;
  if (!document.has_inbound) return;
  sums.inbound = document.stated.inbound;
  references.Clear();
}

void ShadowWalk::Step(const HistoryRow& row) {
  for (; !rebases_.empty() && rebases_.front().position <= row.position;
       rebases_ = rebases_.subspan(1)) {
    now_.TakeFrom(rebases_.front());
  }
  now_.Apply(row);
}

const LedgerMoment& ShadowWalk::Finish() {
  for (const DriftCheck& document : rebases_) now_.TakeFrom(document);
  rebases_ = {};
  return now_;
}

void RefoldShadow(Book& book, const Rows& rows, const WarehouseRules& rules) {
  base::Position began = book.began;
  for (const HistoryRow& row : rows) {
    if (row.kind == RowKind::kDelete) began = std::max(began, row.position);
  }
  std::optional<Shadow> start = StartFrom(rows, began, rules);
  // A base that the rows no longer have is older than they are.
  const bool kept = book.shadow && book.shadow->base > began && !HasRowAt(rows, book.shadow->base);
  if (!kept) {
    if (start && book.shadow) start->rebases = std::move(book.shadow->rebases);
    book.shadow = std::move(start);
  }
  if (!book.shadow) {
    book.references.Clear();
    book.base.reset();
    book.checks.clear();
    return;
  }
  const auto below = [&](const DriftCheck& check) { return check.position <= book.shadow->base; };
  std::erase_if(book.shadow->rebases, below);
  std::erase_if(book.checks, below);
  AddUp(book, rows);
}

void RaiseShadow(Shadow& shadow, const Rows& rows, base::Position to) {
  const auto above =
      std::find_if(shadow.rebases.begin(), shadow.rebases.end(),
                   [&](const DriftCheck& document) { return document.position > to; });
  std::vector<DriftCheck> rest(above, shadow.rebases.end());
  shadow.rebases.erase(above, shadow.rebases.end());
  ShadowWalk walk(shadow);
  for (const HistoryRow& row : rows) {
    if (row.position > shadow.base && row.position <= to) walk.Step(row);
  }
  LedgerMoment moment = walk.Finish();
  shadow.at_base = moment.sums;
  shadow.references_at_base = std::move(moment.references);
  shadow.base = to;
  shadow.rebases = std::move(rest);
}

void RebaseShadow(Book& book, const DriftCheck& document, const Rows& rows) {
  Shadow& shadow = *book.shadow;
  InsertByPosition(shadow.rebases, document);
  if (shadow.rebases.size() > kRebasesMax)
    RaiseShadow(shadow, rows, shadow.rebases.front().position);
  AddUp(book, rows);
}

}  // namespace stockwatch::stock
