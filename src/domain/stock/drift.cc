#include "domain/stock/drift.h"

#include <algorithm>

#include "domain/stock/fold.h"
#include "domain/stock/shadow.h"

namespace stockwatch::stock {
namespace {

bool Near(base::Quantity a, base::Quantity b, base::Quantity tolerance) {
  return (a > b ? a - b : b - a) <= tolerance;
}

// Which of a document's figures have agreed with some moment; each figure by itself.
class Comparison {
 public:
  Comparison(const DriftCheck& check, base::Quantity tolerance)
      : check_(check),
        tolerance_(tolerance),
        reserved_(!check.has_reserved),
        inbound_(!check.has_inbound) {}

  void See(const Figures& shown) {
    on_hand_ |= Near(check_.stated.on_hand, shown.on_hand, tolerance_);
    reserved_ |= Near(check_.stated.reserved, shown.reserved, tolerance_);
    inbound_ |= Near(check_.stated.inbound, shown.inbound, tolerance_);
  }
  bool agreed() const { return on_hand_ && reserved_ && inbound_; }

  // REQUIRES: !agreed(). `at_position`: the ledger at the document's position.
  base::Quantity Difference(const Figures& at_position) const {
    const auto distance = [](base::Quantity a, base::Quantity b) { return a > b ? a - b : b - a; };
    if (!on_hand_) return distance(check_.stated.on_hand, at_position.on_hand);
    if (!reserved_) return distance(check_.stated.reserved, at_position.reserved);
    return distance(check_.stated.inbound, at_position.inbound);
  }

 private:
  const DriftCheck& check_;
  base::Quantity tolerance_;
  bool on_hand_ = false;
  bool reserved_;
  bool inbound_;
};

// Where the ledger that documents are compared with starts from.
Shadow StartOf(const Item& item, const Book& book, const std::vector<HistoryRow>& rows) {
  if (book.shadow) return *book.shadow;
  Shadow start{std::max(item.opening, book.began), {}, {}, {}, {}};
  for (const HistoryRow& row : rows) {
    if (row.position == item.opening && row.kind == RowKind::kDocument) start.at_base = row.stated;
  }
  return start;
}

// Walks the ledger through the window around the document; returns what it held at the document's
// position.
Figures Walk(const std::vector<HistoryRow>& rows, const Shadow& start, const DriftCheck& check,
             std::int64_t grace_seconds, Comparison& comparison) {
  const std::int64_t first = std::int64_t{check.position.seconds} - grace_seconds;
  const std::int64_t end = std::int64_t{check.position.seconds} + grace_seconds;
  ShadowWalk walk(start);
  Figures at_position = walk.now().Shown();
  bool inside = false;
  for (const HistoryRow& row : rows) {
    if (row.position <= start.base) continue;
    const std::int64_t second = row.position.seconds;
    if (second >= end && row.position > check.position) break;
    if (!inside && second >= first && grace_seconds > 0) {
      comparison.See(walk.now().Shown());
      inside = true;
    }
    if (row.position <= check.position) at_position = walk.now().Shown();
    walk.Step(row);
    if (inside) comparison.See(walk.now().Shown());
  }
  if (!inside && grace_seconds > 0) comparison.See(walk.now().Shown());
  comparison.See(at_position);
  return at_position;
}

}  // namespace

bool NoteDriftCheck(Ledger& ledger, Item& item, const HistoryRow& document,
                    const WarehouseRules& rules) {
  if (!IsDocument(document.kind) || item.life != Life::kOpened) return false;
  if (rules.authority == Authority::kLedger) {
    if (document.position <= item.opening) return false;
  } else {
    const Book* book = ledger.FindBook(item);
    if (book == nullptr || !book->shadow || document.position <= book->shadow->base) return false;
  }
  Book& book = ledger.BookOf(item);
  InsertByPosition(book.checks, {document.position, document.stated, document.has_reserved,
                                 document.has_inbound});
  return true;
}

std::vector<base::Position> TakeAgreeing(Ledger& ledger, Item& item, base::Quantity tolerance) {
  std::vector<base::Position> agreeing;
  Book& book = ledger.BookOf(item);
  const LedgerMoment present{book.shadow ? book.shadow->sums : item.sums, book.references};
  const Figures shown = present.Shown();
  std::erase_if(book.checks, [&](const DriftCheck& check) {
    Comparison comparison(check, tolerance);
    comparison.See(shown);
    if (comparison.agreed()) agreeing.push_back(check.position);
    return comparison.agreed();
  });
  return agreeing;
}

DriftVerdict JudgeDrift(Ledger& ledger, key::ItemIndex index, base::Position document,
                        base::Quantity tolerance, const WarehouseRules& rules, bool grace_over) {
  Item& item = ledger.at(index);
  if (ledger.FindBook(item) == nullptr) return {};
  Book& book = ledger.BookOf(item);
  const auto place =
      std::find_if(book.checks.begin(), book.checks.end(),
                   [&](const DriftCheck& check) { return check.position == document; });
  if (place == book.checks.end()) return {};
  const DriftCheck check = *place;
  auto& rows = ledger.ReadHistory(index);
  SortByPosition(rows);
  Comparison comparison(check, tolerance);
  const Figures at_position = Walk(rows, StartOf(item, book, rows), check,
                                   rules.drift_grace.micros() / 1'000'000, comparison);
  if (!comparison.agreed() && !grace_over) return {DriftAnswer::kWaiting, {}};
  book.checks.erase(place);
  if (comparison.agreed()) return {DriftAnswer::kAgreed, {}};
  const base::Quantity difference = comparison.Difference(at_position);
  if (book.shadow) RebaseShadow(book, check, rows);
  return {DriftAnswer::kDisagreed, {difference}};
}

}  // namespace stockwatch::stock
