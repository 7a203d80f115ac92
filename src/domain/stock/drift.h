#pragma once

#include <optional>
#include <vector>

#include "domain/stock/ledger.h"

namespace stockwatch::stock {

// How far a document and the (shadow) ledger are apart, at the document's position, in the first
// figure (on-hand, reserved, inbound) that never agreed.
struct DriftFinding {
  base::Quantity difference;
};

// What judging a document against the (shadow) ledger found.
enum class DriftAnswer : std::uint8_t {
  kWaiting,    // it has not agreed yet; its grace goes on
  kAgreed,     // the check is done
  kDisagreed,  // its grace is over: the check is done, the shadow is re-based on the document
  kGone,       // there is no such check (any more)
};
struct DriftVerdict {
  DriftAnswer answer = DriftAnswer::kGone;
  DriftFinding finding;  // kDisagreed
};

// Notes that a document's figures are to be compared with the ledger for the length of the grace.
// Under authority ledger every document but the opening is; under snapshot the item needs a shadow,
// which its first movement starts. Call after Ledger::Apply of the document. True if noted.
bool NoteDriftCheck(Ledger& ledger, Item& item, const HistoryRow& document,
                    const WarehouseRules& rules);

// The item changed in order (or the document has just come): does its present moment agree with
// waiting documents? The positions of those that do; their checks are done.
std::vector<base::Position> TakeAgreeing(Ledger& ledger, Item& item, base::Quantity tolerance);

// Compares one document with every moment of the ledger in [t − grace, t + grace), t being its
// second, and with its own position. `grace_over`: there is nothing more to come.
DriftVerdict JudgeDrift(Ledger& ledger, key::ItemIndex index, base::Position document,
                        base::Quantity tolerance, const WarehouseRules& rules, bool grace_over);

}  // namespace stockwatch::stock
