#pragma once

#include <cstdint>

#include "base/position.h"
#include "domain/stock/history_row.h"
#include "domain/stock/tail.h"

namespace stockwatch::stock {

using SlabIndex = std::uint32_t;
inline constexpr SlabIndex kNoSlab = 0xFFFFFFFF;

// Who says how much there is; set by warehouse.
enum class Authority : std::uint8_t {
  kSnapshot,  // inventory documents set the figures, movements are checked against them
  kLedger,    // movements add up from the opening, documents are checked against them
};

// The settings of a warehouse that decide stock.
struct WarehouseRules {
  Authority authority = Authority::kSnapshot;
  bool opens_at_zero = false;
  bool sales_from_reservations = false;
  base::Quantity drift_tolerance;
  base::Duration drift_grace = base::Duration::Seconds(60);
  std::uint32_t inbound_references_max = 64;

  bool operator==(const WarehouseRules&) const = default;
};

// What alerts keep of a subject: which conditions have an episode or a pending hold. Kept by
// alert::EpisodeBook.
struct Watched {
  SlabIndex first = kNoSlab;
  std::uint16_t active = 0;   // bit by ConditionType: an episode is open or acknowledged
  std::uint16_t waiting = 0;  // bit: a hold is pending, or a resolved episode may re-open
};

enum class Life : std::uint8_t {
  kUnopened,  // known by movements only
  kOpened,
  kRetired,  // deleted; later changes go to history only
};

// The hot state of one stock item: what each of its changes reads and writes. What few items have
// stands in slabs.
struct Item {
  // Sums: reserved may be negative, inbound is that of no reference. Under authority snapshot: the
  // document's figures.
  Figures sums;
  base::Position top;  // highest position of a change applied to the item
  // Ledger: of the document that opened it (none where a count or zero did). Snapshot: of the
  // document in force. Retired: of the delete.
  base::Position opening;
  SlabIndex group = kNoSlab;        // leaf group of the roll-ups (warehouse … brand)
  std::uint32_t product = 0;        // key::NameId
  SlabIndex description = kNoSlab;  // Descriptions
  TailMark tail = kNoMark;          // its latest change
  SlabIndex book = kNoSlab;         // Books
  std::uint32_t thresholds = 0;     // threshold::ResolvedId
  Watched watched;
  std::uint32_t risk_slot = kNoSlab;
  std::uint32_t opened_seconds = 0;  // cluster second of the opening, whatever opened it
  base::Instant last_sale;     // latest occurred-at of a sale, at most its cluster second; 0: none
  SlabIndex demand = kNoSlab;  // demand::RingBook
  Life life : 2 = Life::kUnopened;
  bool discontinued : 1 = false;
  bool has_cost : 1 = false;
  std::uint8_t source = 0;
  std::uint8_t unsaved = 0;  // Ledger::Touch: what is to be stored again
};
static_assert(sizeof(Item) <= 112, "a million items are a million of these");

// The figures that people and thresholds see.
struct Shown {
  base::Quantity on_hand;
  base::Quantity reserved;
  base::Quantity inbound;

  base::Quantity available() const { return on_hand - reserved; }
  base::Quantity position() const { return available() + inbound; }
};

}  // namespace stockwatch::stock
