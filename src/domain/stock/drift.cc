#include "domain/stock/drift.h"

#include <algorithm>

#include "domain/stock/course.h"
#include "domain/stock/fold.h"

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
  // Whether a figure that is still to agree does so now.
  bool SeesAny(const Figures& shown) const {
    return Near(check_.stated.on_hand, shown.on_hand, tolerance_) ||
           (check_.has_reserved && Near(check_.stated.reserved, shown.reserved, tolerance_)) ||
           (check_.has_inbound && Near(check_.stated.inbound, shown.inbound, tolerance_));
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

// What the (shadow) ledger held around a document, as far as it is of one life.
struct Window {
  std::vector<Figures> shown;
  std::optional<Figures> before;  // at the document's position; none: nothing to compare with
};

// The moments in [t − grace, t + grace), t being the document's second, and that of its own position.
Window LookAround(const std::vector<HistoryRow>& rows, base::Position document,
                  std::int64_t grace_seconds, Course& course) {
  const std::int64_t first = std::int64_t{document.seconds} - grace_seconds;
  const std::int64_t end = std::int64_t{document.seconds} + grace_seconds;
  Window window;
  bool passed = false;
  bool inside = true;
  for (const HistoryRow& row : rows) {
    const auto before = course.Shown();
    course.Step(row);
    const auto after = course.Shown();
    if (row.position < document) {
      if (row.position.seconds < first || !after) {
        window.shown.clear();
        continue;
      }
      if (before) window.shown.push_back(*before);
      window.shown.push_back(*after);
    } else if (row.position == document) {
      if (grace_seconds == 0) window.shown.clear();
      if (before && after) window.before = before;
      if (before) window.shown.push_back(*before);
      passed = true;
    } else {
      inside = inside && passed && row.position.seconds < end && after;
      if (inside) window.shown.push_back(*after);
    }
  }
  // Of a life that is over: there is nothing more to tell about it.
  if (course.deleted_at() && document < *course.deleted_at()) window.before.reset();
  return window;
}

}  // namespace

bool NoteDriftCheck(Ledger& ledger, Item& item, const HistoryRow& document,
                    const WarehouseRules& rules) {
  if (!IsDocument(document.kind) || item.life != Life::kOpened) return false;
  if (rules.authority == Authority::kLedger) {
    if (document.position <= item.opening) return false;
  } else {
    const Book* book = ledger.FindBook(item);
    if (book == nullptr || !book->shadow || document.position == book->shadow->base) return false;
  }
  Book& book = ledger.BookOf(item);
  const auto place = std::lower_bound(
      book.checks.begin(), book.checks.end(), document.position,
      [](const DriftCheck& a, const base::Position& position) { return a.position < position; });
  book.checks.insert(place, {document.position, document.stated, document.has_reserved,
                             document.has_inbound});
  return true;
}

std::vector<base::Position> MayAgree(const Ledger& ledger, const Item& item, bool late,
                                     base::Quantity tolerance) {
  std::vector<base::Position> checks;
  const Book* book = ledger.FindBook(item);
  if (book == nullptr || book->checks.empty()) return checks;
  const Figures& sums = book->shadow ? book->shadow->sums : item.sums;
  const Figures shown{sums.on_hand, std::max(base::Quantity(), sums.reserved),
                      book->references.Shown(sums.inbound)};
  for (const DriftCheck& check : book->checks) {
    Comparison comparison(check, tolerance);
    if (late || comparison.SeesAny(shown)) checks.push_back(check.position);
  }
  return checks;
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
  Course course(rules, ledger.keep_seconds(), book.rebased);
  const Window window =
      LookAround(rows, document, rules.drift_grace.micros() / 1'000'000, course);
  Comparison comparison(check, tolerance);
  for (const Figures& shown : window.shown) comparison.See(shown);
  const bool agreed = window.before && comparison.agreed();
  if (window.before && !agreed && !grace_over) return {DriftAnswer::kWaiting, {}};
  book.checks.erase(place);
  if (!window.before) return {};
  if (agreed) return {DriftAnswer::kAgreed, {}};
  if (rules.authority == Authority::kSnapshot) ledger.Rebase(index, document, rules);
  return {DriftAnswer::kDisagreed, {comparison.Difference(*window.before)}};
}

}  // namespace stockwatch::stock
