#include "domain/stock/ledger.h"

#include <algorithm>

#include "base/assertion.h"
#include "domain/stock/fold.h"
#include "domain/stock/shadow.h"

namespace stockwatch::stock {

Item& Ledger::Start(key::ItemIndex index) {
  while (index >= items_.size()) items_.push_back();
  items_[index] = Item();
  Touch(index, kFigures);
  Touch(index, kNames);
  return items_[index];
}

void Ledger::Drop(key::ItemIndex index) {
  Item& item = items_[index];
  if (item.book != kNoSlab) books_.Free(item.book);
  if (item.description != kNoSlab) descriptions_.Free(item.description);
  item = Item();
}

void Ledger::Renew(Item& item) {
  constexpr std::uint32_t kMax = 0xFFFFFFFF;
  const base::Position began{0, item.opening.seconds + keep_seconds_ - 1, kMax, kMax};
  if (item.book != kNoSlab) books_.Free(item.book);
  if (item.description != kNoSlab) descriptions_.Free(item.description);
  Item renewed;
  renewed.top = item.top;
  renewed.tail = item.tail;
  renewed.group = item.group;
  renewed.product = item.product;
  renewed.thresholds = item.thresholds;
  renewed.watched = item.watched;
  renewed.risk_slot = item.risk_slot;
  renewed.source = item.source;
  renewed.unsaved = item.unsaved;
  item = renewed;
  BookOf(item).began = began;
}

Applied Ledger::Apply(key::ItemIndex index, HistoryRow& row, const WarehouseRules& rules) {
  Item& item = items_[index];
  const bool in_order = row.position > item.top;
  if (!in_order && Knows(index, row.position)) return Applied::kDuplicate;
  // Where a warehouse opens at zero, a movement below the opening may be the item's first change.
  const bool may_open = rules.opens_at_zero && row.position < item.opening;
  const bool dates = row.expected_at.has_value();  // and a later order may have done so
  if (in_order ||
      (!IsAbsolute(row.kind) && !may_open && !dates && !IsBelowShadow(item, row, rules))) {
    ApplyInOrder(item, row, rules);
  } else {
    Refold(index, item, row, rules);
  }
  Touch(index, kFigures);
  if (row.kind == RowKind::kSale) NoteSale(index, item, row);
  row.result = item.sums.on_hand;
  item.tail = tails_.Add(index, item.tail, row.position, in_order);
  item.top = std::max(item.top, row.position);
  return Applied::kApplied;
}

// Where the shadow starts, or which of its re-bases come after the row, may change with it.
bool Ledger::IsBelowShadow(const Item& item, const HistoryRow& row,
                           const WarehouseRules& rules) const {
  if (rules.authority != Authority::kSnapshot || item.life != Life::kOpened) return false;
  const Book* book = FindBook(item);
  if (book == nullptr || !book->shadow) return row.position < item.opening;
  const Shadow& shadow = *book->shadow;
  return row.position <= shadow.base ||
         (!shadow.rebases.empty() && row.position <= shadow.rebases.back().position);
}

// What is sold while the item is retired goes to history only.
void Ledger::NoteSale(key::ItemIndex index, Item& item, const HistoryRow& row) {
  const base::Instant sold_at = SoldAt(row);
  if (sold_at <= item.last_sale) return;
  if (row.position <= std::max(item.opening, BeganAt(item))) {
    // Of a life before: whether it was alive then, only its history knows.
    auto& rows = ReadHistory(index);
    rows.push_back(row);
    item.last_sale = LastSale(rows, keep_seconds_);
  } else if (item.life != Life::kRetired) {
    item.last_sale = sold_at;
  }
}

bool Ledger::Knows(key::ItemIndex index, base::Position position) {
  const Item& item = items_[index];
  if (position >= item.top) return position == item.top;
  const Tails::Answer answer = tails_.Find(index, item.tail, position);
  if (answer != Tails::Answer::kForgotten) return answer == Tails::Answer::kKnown;
  const auto& rows = ReadHistory(index);
  return std::any_of(rows.begin(), rows.end(),
                     [&](const HistoryRow& known) { return known.position == position; });
}

// Also the way of late movements, which commute.
void Ledger::ApplyInOrder(Item& item, const HistoryRow& row, const WarehouseRules& rules) {
  switch (row.kind) {
    case RowKind::kDelete:
      Retire(item, row.position);
      return;
    case RowKind::kDocument:
    case RowKind::kLookedUp:
      ApplyDocument(item, row, rules);
      return;
    case RowKind::kCount:
      ApplyCount(item, row, rules);
      return;
    default:
      ApplyMovement(item, row, rules);
  }
}

void Ledger::Retire(Item& item, base::Position position) {
  if (item.life == Life::kRetired) return;
  item.life = Life::kRetired;
  item.opening = position;
  item.sums = {};
  if (item.book == kNoSlab) return;
  books_.Free(item.book);
  item.book = kNoSlab;
}

void Ledger::ApplyDocument(Item& item, const HistoryRow& row, const WarehouseRules& rules) {
  if (rules.authority == Authority::kSnapshot) {
    const bool moved_before = item.life == Life::kUnopened && item.top > BeganAt(item);
    Open(item, row);
    // Movements came before the first document: the shadow starts from it.
    if (moved_before && !BookOf(item).shadow)
      BookOf(item).shadow = Shadow{row.position, row.stated, row.stated, {}, {}};
  } else if (row.kind == RowKind::kDocument && item.life != Life::kOpened) {
    Open(item, row);
  } else if (item.life == Life::kRetired) {
    // The document is back, but nobody knows what it said at its position.
    item.life = Life::kUnopened;
    item.opening = base::Position();
    BookOf(item).began = row.position;
  }
}

void Ledger::ApplyCount(Item& item, const HistoryRow& row, const WarehouseRules& rules) {
  if (item.life == Life::kRetired) return;
  OpenAtZero(item, row, rules);
  if (rules.authority == Authority::kSnapshot) {
    ApplyToShadow(item, row, {});
    return;
  }
  if (item.life == Life::kUnopened) item.opened_seconds = row.position.seconds;
  item.life = Life::kOpened;
  item.sums.on_hand = row.stated.on_hand;
  BookOf(item).base = row.position;
}

void Ledger::ApplyMovement(Item& item, const HistoryRow& row, const WarehouseRules& rules) {
  if (item.life == Life::kRetired || row.position <= BeganAt(item)) return;
  OpenAtZero(item, row, rules);
  Figures effect = EffectOf(row);
  if (rules.authority == Authority::kSnapshot) {
    ApplyToShadow(item, row, effect);
    return;
  }
  if (item.life == Life::kOpened && item.opening != base::Position()) {
    if (row.position <= item.opening) effect.reserved = effect.inbound = base::Quantity();
  }
  if (row.position <= BaseOf(item)) effect.on_hand = base::Quantity();
  AddEffect(item, row, effect);
}

void Ledger::OpenAtZero(Item& item, const HistoryRow& row, const WarehouseRules& rules) {
  if (!rules.opens_at_zero || item.opening != base::Position()) return;
  const bool first = item.life == Life::kUnopened;
  if (first || row.position.seconds < item.opened_seconds) {
    item.opened_seconds = row.position.seconds;
  }
  item.life = Life::kOpened;
}

void Ledger::AddEffect(Item& item, const HistoryRow& row, const Figures& effect) {
  const bool booked = item.book != kNoSlab || !row.reference.empty() || row.expected_at;
  if (effect.inbound == base::Quantity() || !booked) {
    item.sums += effect;
    return;
  }
  AddMovement(row, effect, item.sums, BookOf(item).references);
  ReleaseEmptyBook(item);
}

void Ledger::ApplyToShadow(Item& item, const HistoryRow& row, const Figures& effect) {
  if (item.life != Life::kOpened) return;
  Book& book = BookOf(item);
  if (!book.shadow) book.shadow = Shadow{item.opening, item.sums, item.sums, {}, {}};
  if (row.kind == RowKind::kCount) {
    book.shadow->sums.on_hand = row.stated.on_hand;
    book.base = row.position;
    return;
  }
  Figures rest = effect;
  if (book.base && row.position <= *book.base) rest.on_hand = base::Quantity();
  AddMovement(row, rest, book.shadow->sums, book.references);
}

// A fresh opening (ledger), or the document that now sets the figures (snapshot).
void Ledger::Open(Item& item, const HistoryRow& row) {
  if (item.life != Life::kOpened) item.opened_seconds = row.position.seconds;
  item.life = Life::kOpened;
  item.opening = row.position;
  item.sums = row.stated;
  if (item.book == kNoSlab) return;
  Book& book = books_[item.book];
  if (!book.shadow) {
    book.base.reset();
    book.references.Clear();
  }
  ReleaseEmptyBook(item);
}

void Ledger::Refold(key::ItemIndex index, Item& item, const HistoryRow& row,
                    const WarehouseRules& rules) {
  auto& rows = ReadHistory(index);
  rows.push_back(row);
  Folded folded = Fold(rows, rules, keep_seconds_);
  const base::Position described_at = DescribedAt(item);
  item.life = folded.life;
  item.opening = folded.opening;
  item.opened_seconds = folded.opened_seconds;
  item.sums = folded.sums;
  item.last_sale = LastSale(rows, keep_seconds_);
  const bool snapshot = rules.authority == Authority::kSnapshot;
  const bool plain = folded.base == folded.opening && folded.references.empty() &&
                     folded.began == base::Position() && !snapshot;
  if (!plain || item.book != kNoSlab) {
    Book& book = BookOf(item);
    book.began = folded.began;
    book.base.reset();
    if (folded.base != folded.opening) book.base = folded.base;
    book.references = std::move(folded.references);
    if (folded.life != Life::kOpened) {
      book.shadow.reset();
      book.checks.clear();
    } else if (snapshot) {
      RefoldShadow(book, rows, rules);
    }
    ReleaseEmptyBook(item);
  }
  SetDescribedAt(item, described_at);
}

bool Ledger::ExceedsReferences(key::ItemIndex index, const HistoryRow& row,
                               const WarehouseRules& rules) const {
  if (row.kind != RowKind::kOrdered || row.reference.empty()) return false;
  const Item& item = items_[index];
  const Book* book = FindBook(item);
  if (book == nullptr || book->references.positive() < rules.inbound_references_max) return false;
  const base::Position from = book->shadow ? book->shadow->base : item.opening;
  if (row.position <= std::max(from, book->began)) return false;  // it will move nothing
  const base::Quantity none;
  const base::Quantity before = book->references.SumOf(row.reference);
  return before <= none && before + row.stated.on_hand > none;
}

base::Position Ledger::BaseOf(const Item& item) const {
  const Book* book = FindBook(item);
  if (book != nullptr && book->base) return *book->base;
  return item.life == Life::kOpened ? item.opening : base::Position();
}

base::Position Ledger::BeganAt(const Item& item) const {
  const Book* book = FindBook(item);
  return book == nullptr ? base::Position() : book->began;
}

base::Position Ledger::DescribedAt(const Item& item) const {
  const Book* book = FindBook(item);
  if (book != nullptr && book->described_at) return *book->described_at;
  return item.life == Life::kUnopened ? base::Position() : item.opening;
}

void Ledger::SetDescribedAt(Item& item, base::Position position) {
  if (position == DescribedAt(item)) return;
  BookOf(item).described_at = position;
}

Description& Ledger::DescriptionOf(Item& item) {
  if (item.description == kNoSlab) item.description = descriptions_.Add();
  return descriptions_[item.description];
}

void Ledger::SetDescription(Item& item, const Description& description) {
  item.has_cost = description.cost.has_value();
  if (description != Description()) {
    DescriptionOf(item) = description;
  } else if (item.description != kNoSlab) {
    descriptions_.Free(item.description);
    item.description = kNoSlab;
  }
}

Book& Ledger::BookOf(Item& item) {
  if (item.book == kNoSlab) item.book = books_.Add();
  return books_[item.book];
}

void Ledger::ReleaseEmptyBook(Item& item) {
  if (item.book == kNoSlab || !books_[item.book].empty()) return;
  books_.Free(item.book);
  item.book = kNoSlab;
}

std::vector<HistoryRow>& Ledger::ReadHistory(key::ItemIndex index) {
  history_.Read(index, rows_);
  return rows_;
}

}  // namespace stockwatch::stock
