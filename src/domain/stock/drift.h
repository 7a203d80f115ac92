#pragma once

#include <optional>
#include <vector>

#include "domain/stock/ledger.h"

namespace stockwatch::stock {

// How far a document and the (shadow) ledger are apart, at the document's position, in the first figure (on-hand,
// reserved, inbound) that never agreed.
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

// Notes that a document's figures are to be compared with the ledger for the length of the grace. Under authority ledger
// every document but the opening is; under snapshot the item needs a shadow, which its first movement starts. Call after
// Ledger::Apply of the document. True if noted.
bool NoteDriftCheck(Ledger& ledger, Item& item, const HistoryRow& document,
                    const WarehouseRules& rules);

// Waiting documents that the item's change may have made agree: those of which the present moment has a figure. After a
// late change any of them: it moved moments that have passed.
std::vector<base::Position> MayAgree(const Ledger& ledger, const Item& item, bool late,
                                     base::Quantity tolerance);

// Compares one document with every moment of the ledger in [t − grace, t + grace), t being its second, and with its own
// position. `grace_over`: there is nothing more to come.
DriftVerdict JudgeDrift(Ledger& ledger, key::ItemIndex index, base::Position document,
                        base::Quantity tolerance, const WarehouseRules& rules, bool grace_over);

}  // namespace stockwatch::stock
