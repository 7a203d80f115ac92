#include "domain/stock/shadow.h"

#include <algorithm>

namespace stockwatch::stock {
namespace {

using Rows = std::vector<HistoryRow>;

// Where the rows of the present life start a shadow; none: nothing moved, or no document came yet.
std::optional<Shadow> StartFrom(const Rows& rows, const PresentLife& life,
                                const WarehouseRules& rules) {
  const HistoryRow* moved = FirstMovement(rows, life);
  if (moved == nullptr) return std::nullopt;
  const HistoryRow* document = nullptr;
  for (const HistoryRow& row : rows) {
    if (row.position <= life.began || !IsDocument(row.kind)) continue;
    if (document != nullptr && row.position > moved->position) break;
    document = &row;
  }
  const bool before = document != nullptr && document->position < moved->position;
  if (!before && rules.opens_at_zero) return Shadow{life.began, {}, {}, {}, {}};
  if (document == nullptr) return std::nullopt;
  return Shadow{document->position, document->stated, {}, {}, {}};
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

PresentLife PresentLifeOf(const Rows& rows, base::Position began) {
  PresentLife life{began};
  for (const HistoryRow& row : rows) {
    if (row.kind == RowKind::kDelete && row.position > life.began) life = {row.position, true};
  }
  return life;
}

const HistoryRow* FirstMovement(const Rows& rows, const PresentLife& life) {
  bool lives = !life.was_deleted;
  for (const HistoryRow& row : rows) {
    if (row.position <= life.began) continue;
    if (IsDocument(row.kind)) {
      lives = true;
    } else if (lives) {
      return &row;
    }
  }
  return nullptr;
}

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

ShadowWalk::ShadowWalk(const Shadow& shadow)
    : now_{shadow.at_base, shadow.references_at_base}, rebases_(shadow.rebases) {
  while (!rebases_.empty() && rebases_.front().position <= shadow.base) {
    rebases_ = rebases_.subspan(1);
  }
}

void ShadowWalk::Step(const HistoryRow& row) {
  StepTo(row.position);
  now_.Apply(row);
}

const LedgerMoment& ShadowWalk::StepTo(base::Position position) {
  for (; !rebases_.empty() && rebases_.front().position <= position;
       rebases_ = rebases_.subspan(1)) {
    now_.TakeFrom(rebases_.front());
  }
  return now_;
}

const LedgerMoment& ShadowWalk::Finish() {
  for (const DriftCheck& document : rebases_) now_.TakeFrom(document);
  rebases_ = {};
  return now_;
}

void RefoldShadow(Book& book, const Rows& rows, const WarehouseRules& rules) {
  const PresentLife life = PresentLifeOf(rows, book.began);
  // A base that the rows no longer have is older than they are.
  const bool kept =
      book.shadow && book.shadow->base > life.began && !HasRowAt(rows, book.shadow->base);
  const auto below = [&](const DriftCheck& check) { return check.position <= book.shadow->base; };
  if (!kept) {
    std::optional<Shadow> start = StartFrom(rows, life, rules);
    if (start && book.shadow) start->rebases = std::move(book.shadow->rebases);
    book.shadow = std::move(start);
    if (book.shadow) std::erase_if(book.shadow->rebases, below);
  }
  if (!book.shadow) {
    book.references.Clear();
    book.base.reset();
    book.checks.clear();
    return;
  }
  std::erase_if(book.checks, below);
  AddUp(book, rows);
}

void RaiseShadow(Shadow& shadow, const Rows& rows, base::Position to) {
  ShadowWalk walk(shadow);
  for (const HistoryRow& row : rows) {
    if (row.position > shadow.base && row.position <= to) walk.Step(row);
  }
  LedgerMoment moment = walk.StepTo(to);
  shadow.at_base = moment.sums;
  shadow.references_at_base = std::move(moment.references);
  shadow.base = to;
}

void RebaseShadow(Book& book, const DriftCheck& document, const Rows& rows) {
  Shadow& shadow = *book.shadow;
  InsertByPosition(shadow.rebases, document);
  if (shadow.rebases.size() > kRebasesMax) {
    const base::Position lowest = shadow.rebases.front().position;
    if (lowest > shadow.base) RaiseShadow(shadow, rows, lowest);
    shadow.rebases.erase(shadow.rebases.begin());
  }
  AddUp(book, rows);
}

}  // namespace stockwatch::stock
