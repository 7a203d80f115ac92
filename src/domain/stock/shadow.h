#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "domain/stock/book.h"

namespace stockwatch::stock {

// Keeps the order of position.
void InsertByPosition(std::vector<DriftCheck>& documents, const DriftCheck& document);

// The (shadow) ledger at one moment.
struct LedgerMoment {
  Figures sums;  // `inbound` is that of no reference
  InboundReferences references;

  Figures Shown() const {
    return {sums.on_hand, std::max(base::Quantity(), sums.reserved),
            references.Shown(sums.inbound)};
  }
  // A movement or count. Documents and deletes change nothing.
  void Apply(const HistoryRow& row);
  // The figures that the document carries.
  void TakeFrom(const DriftCheck& document);
};

// The rows that the item's present life is made of: those above `began`, and of the movements only
// those that come when a document has returned it where it was deleted there.
struct PresentLife {
  base::Position began;
  bool was_deleted = false;
};
// `began`: what of a life that ended otherwise is known of (Folded, Book).
PresentLife PresentLifeOf(const std::vector<HistoryRow>& rows, base::Position began);
// What starts the shadow of that life; nullptr: nothing moved.
// REQUIRES: `rows` sorted by position
const HistoryRow* FirstMovement(const std::vector<HistoryRow>& rows, const PresentLife& life);

// A shadow on its way through the rows above its base, in order of position.
class ShadowWalk {
 public:
  explicit ShadowWalk(const Shadow& shadow);

  // REQUIRES: above every row before it, and above the base
  void Step(const HistoryRow& row);
  // Re-bases up to there; the rows up to there were steps.
  const LedgerMoment& StepTo(base::Position position);
  const LedgerMoment& now() const { return now_; }
  // The rows are over, or what is left of them: re-bases above them count all the same.
  const LedgerMoment& Finish();

 private:
  LedgerMoment now_;
  std::span<const DriftCheck> rebases_;  // still to come
};

// The shadow of the item as its rows have it, or none: it starts with the first movement of its
// present life, from the document before it (else the first one behind it), or from nothing where
// the warehouse opens at zero. Keeps the start that is there where the history no longer has it.
// REQUIRES: `rows` sorted by position
void RefoldShadow(Book& book, const std::vector<HistoryRow>& rows, const WarehouseRules& rules);

// The shadow starts from what it held at `to`, which need not be the place of a row; its present
// figures stay, and so do the re-bases that it has now passed: they count all the same.
// REQUIRES: shadow.base < to, `rows` sorted by position
void RaiseShadow(Shadow& shadow, const std::vector<HistoryRow>& rows, base::Position to);

// The document did not agree: the shadow takes its figures. With more than kRebasesMax the base
// moves up to the lowest of them, if it is not above it already: changes that are later still leave
// the shadow alone. REQUIRES: book.shadow, `rows` sorted by position
void RebaseShadow(Book& book, const DriftCheck& document, const std::vector<HistoryRow>& rows);
inline constexpr std::size_t kRebasesMax = 64;

}  // namespace stockwatch::stock
