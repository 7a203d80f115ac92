#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/instant.h"
#include "base/money.h"
#include "base/position.h"
#include "base/quantity.h"
#include "base/strong_id.h"
#include "domain/event/raw_change.h"
#include "domain/event/rule.h"

namespace stockwatch::event {

using WarehouseIdView = base::StrongId<struct WarehouseTag, std::string_view>;
using SkuView = base::StrongId<struct SkuTag, std::string_view>;

// A stock item's name: one SKU at one warehouse.
struct ItemKey {
  WarehouseIdView warehouse;
  SkuView sku;
  auto operator<=>(const ItemKey&) const = default;
};

inline constexpr std::string_view kNoLevel = "(none)";

// The levels between warehouse and SKU; a missing one is kNoLevel.
struct Levels {
  std::string_view department = kNoLevel;
  std::string_view category = kNoLevel;
  std::string_view brand = kNoLevel;
  std::string_view product;
  bool operator==(const Levels&) const = default;
};

enum class ProductStatus : std::uint8_t { kActive, kDiscontinued };

// An inventory document at a position: what it says of its item. Views live as long as the
// RawChange.
struct InventoryImage {
  ItemKey item;
  std::string_view document_key;  // canonical bytes of `_id`
  Levels levels;
  std::string_view name;  // empty: none
  Image image = Image::kExact;
  base::Quantity on_hand;
  std::optional<base::Quantity> reserved;
  std::optional<base::Quantity> inbound;
  std::optional<base::Instant> expected_at;
  std::optional<base::Money> price;
  std::optional<base::Money> cost;
  std::optional<Thousandths> lead_time_days;
  std::optional<Thousandths> service_level;
  std::optional<base::Quantity> pack_size;
  std::optional<base::Quantity> moq;
  ProductStatus status = ProductStatus::kActive;
  base::Instant updated_at;
};

// An update whose document was gone when the server looked: it changes nothing and waits for the
// delete.
struct InventoryGone {
  std::string_view document_key;
};

struct InventoryDelete {
  std::string_view document_key;
};

enum class TransactionType : std::uint8_t {
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
};
inline constexpr std::array<std::string_view, 13> kTransactionTypeNames{
    "sale",        "return",  "damage",  "shrinkage", "adjustment",      "transfer_out", "receipt",
    "transfer_in", "reserve", "release", "ordered",   "order_cancelled", "count"};

// One stock movement.
struct Transaction {
  ItemKey item;
  std::string_view document_key;
  TransactionType type = TransactionType::kSale;
  base::Quantity quantity;
  std::optional<base::Quantity> reserved_quantity;  // of a sale: how much of it had been reserved
  std::string_view reference;                       // "order/<id>", "transfer/<id>"; empty: unnamed
  std::optional<base::Money> price;
  std::optional<base::Instant> expected_at;
  base::Instant occurred_at;
};

// A rule of the thresholds collection. Owned: rules outlive their change.
struct RuleUpsert {
  Rule rule;
};
struct RuleRemoval {
  std::string rule_id;
};

// Counted, without effect on stock.
enum class ControlKind : std::uint8_t {
  kDrop,
  kRename,
  kDropDatabase,
  kInvalidate,
  kTransactionExpired,  // a delete in the transactions collection is retention
  kFiltered,            // a hook filtered it out
  kOtherCollection,
  kRuleGone,  // an update of a rule whose document was gone when the server looked
};
struct Control {
  ControlKind kind;
};

using ChangeBody = std::variant<InventoryImage, InventoryGone, InventoryDelete, Transaction,
                                RuleUpsert, RuleRemoval, Control>;

// A decoded change. Views in the body live as long as the RawChange it was decoded from.
struct Change {
  base::Position position;
  ChangeBody body;
};

// Where a change failed.
enum class Stage : std::uint8_t { kRead, kDecode, kRoute, kApply };
inline constexpr std::array<std::string_view, 4> kStageNames{"read", "decode", "route", "apply"};

// Why a change cannot be taken. `reason` is one of a small fixed set (a metric label); `message`
// says the rest.
struct Reject {
  Stage stage = Stage::kDecode;
  std::string_view reason;  // a string literal
  std::string message;
};

}  // namespace stockwatch::event
