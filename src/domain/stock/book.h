#pragma once

#include <optional>
#include <vector>

#include "domain/stock/inbound.h"
#include "domain/stock/item.h"

namespace stockwatch::stock {

// What a document stated at its position: a check that waits for its grace, or a document that the
// shadow took its figures from.
struct DriftCheck {
  base::Position position;
  Figures stated;
  bool has_reserved = false;
  bool has_inbound = false;

  bool operator==(const DriftCheck&) const = default;
};

// The shadow ledger of an item under authority snapshot: the figures of the document before its
// first movement plus the movements after it. `inbound` is that of no reference.
struct Shadow {
  base::Position base;  // of the document (or count) that it starts from
  Figures at_base;
  Figures sums;
  InboundReferences references_at_base;
  // Documents that did not agree, in order of position: from each on the figures that it carries
  // are the shadow's. Those that the base has passed are in it.
  std::vector<DriftCheck> rebases;

  bool operator==(const Shadow&) const = default;
};

// What an item carries beside its hot state once it had a count, a second document, a named
// reference or a shadow.
struct Book {
  // Of the absolute that on-hand counts from, where not the opening; of the shadow: of its highest
  // count.
  std::optional<base::Position> base;
  std::optional<base::Position>
      described_at;  // highest inventory event, where it is not the opening
  // Movements at or below it belong to a life of the item that ended without an opening behind it.
  base::Position began;
  InboundReferences references;  // of the ledger, or of the shadow
  std::optional<Shadow> shadow;
  std::vector<DriftCheck> checks;  // waiting for their grace, in order of position

  bool operator==(const Book&) const = default;
  // Nothing in it: the slab may take it back.
  bool empty() const {
    return !base && !described_at && began == base::Position() && references.empty() && !shadow &&
           checks.empty();
  }
};

}  // namespace stockwatch::stock
