#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/position.h"
#include "base/quantity.h"
#include "base/result.h"
#include "domain/event/change.h"
#include "domain/key/item_directory.h"

namespace stockwatch::stock {

// What a change did to an item, or several old ones. The first thirteen are the transaction types,
// in the order of event::TransactionType; the numbers are part of the record format.
enum class RowKind : std::uint8_t {
  kSale,
  kReturn,
  kDamage,
  kShrinkage,
  kAdjustment,
  kTransferOut,
  kReceipt,
  kTransferIn,
  kReserve,
  kRelease,
  kOrdered,
  kOrderCancelled,
  kCount,
  kDocument,  // an inventory document, exact at its position
  kLookedUp,  // an inventory document read later than its position
  kDelete,
  kCarried,  // what older rows come to: a movement of all three figures, or of one reference
};
inline constexpr std::size_t kRowKinds = 17;
std::string_view Name(RowKind kind);

constexpr RowKind KindOf(event::TransactionType type) {
  return static_cast<RowKind>(type);
}

// On-hand, reserved, inbound.
struct Figures {
  base::Quantity on_hand;
  base::Quantity reserved;
  base::Quantity inbound;

  constexpr bool operator==(const Figures&) const = default;
  constexpr Figures& operator+=(const Figures& other) {
    on_hand += other.on_hand;
    reserved += other.reserved;
    inbound += other.inbound;
    return *this;
  }
  constexpr Figures& operator-=(const Figures& other) {
    on_hand -= other.on_hand;
    reserved -= other.reserved;
    inbound -= other.inbound;
    return *this;
  }
};

// One applied change of one item: the mark of deduplication, and what history screens and
// point-in-time answers read.
struct HistoryRow {
  base::Position position;
  RowKind kind = RowKind::kSale;
  bool has_reserved = false;  // of a document: the figure was in it
  bool has_inbound = false;
  bool begins = false;  // of the rows before it only some are left: CarryOver
  // Of a document or count: the figures that it states. Of a movement: the quantity in on_hand, and
  // in `reserved` how much of a sale had been reserved. Of a carried row: its effect.
  Figures stated;
  std::string_view
      reference;  // "order/…", "transfer/…"; empty: unnamed. Owned by whoever made the row
  base::Instant occurred_at;
  base::Quantity result;  // on-hand after the change, as judged when it arrived
  // Of an order under authority ledger, and of what is carried of some: when it is to be received.
  std::optional<base::Instant> expected_at;

  bool operator==(const HistoryRow&) const = default;
};

// The effect of a movement; all zero for counts, documents and deletes, which state figures
// instead.
Figures EffectOf(const HistoryRow& row);

// States figures, or ends the item: does not commute with other rows.
constexpr bool IsAbsolute(RowKind kind) {
  return kind >= RowKind::kCount && kind != RowKind::kCarried;
}
// An inventory document.
constexpr bool IsDocument(RowKind kind) {
  return kind == RowKind::kDocument || kind == RowKind::kLookedUp;
}

// Fixed little-endian record with a version byte; docs/formats.md, History row. The position is no
// part of it: it is the row's key.
void EncodeHistoryRow(const HistoryRow& row, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version. Views point into `record`;
// `position` is left to the caller.
base::Result<HistoryRow> DecodeHistoryRow(std::string_view record);

// The rows of items, all that are kept. The engine reads it when a change is too late for what is
// in memory.
class History {
 public:
  virtual ~History() = default;
  // Replaces `out` by the item's rows, in any order. Views stay valid until the next call.
  virtual void Read(key::ItemIndex item, std::vector<HistoryRow>& out) = 0;
};

}  // namespace stockwatch::stock
