#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stockwatch::decode {

// The fields that the core reads, by the names that the settings map to paths.

enum class InventoryField : std::uint8_t {
  kWarehouseId,
  kSku,
  kProductId,
  kBrand,
  kCategory,
  kDepartment,
  kName,
  kOnHand,
  kReserved,
  kInbound,
  kExpectedAt,
  kPrice,
  kCost,
  kLeadTimeDays,
  kPackSize,
  kMoq,
  kServiceLevel,
  kStatus,
  kUpdatedAt,
  kSchemaVersion,
};
inline constexpr std::array<std::string_view, 20> kInventoryFieldNames{
    "warehouse_id", "sku",           "product_id", "brand",          "category",
    "department",   "name",          "on_hand",    "reserved",       "inbound",
    "expected_at",  "price",         "cost",       "lead_time_days", "pack_size",
    "moq",          "service_level", "status",     "updated_at",     "schema_version"};

enum class TransactionField : std::uint8_t {
  kWarehouseId,
  kSku,
  kType,
  kQuantity,
  kOrderId,
  kTransferId,
  kPrice,
  kReservedQuantity,
  kExpectedAt,
  kOccurredAt,
  kSchemaVersion,
};
inline constexpr std::array<std::string_view, 11> kTransactionFieldNames{
    "warehouse_id", "sku",         "type",          "quantity",
    "order_id",     "transfer_id", "price",         "reserved_quantity",
    "expected_at",  "occurred_at", "schema_version"};

// Fields whose text tells items, nodes and references apart: redacted, all would become one.
inline constexpr std::array<std::string_view, 8> kNamingFields{
    "warehouse_id", "sku",        "product_id", "brand",
    "category",     "department", "order_id",   "transfer_id"};

// The one that is shown and not reckoned with.
inline constexpr std::string_view kShownField = "name";

inline constexpr std::string_view kSchemaVersionField = "schema_version";

}  // namespace stockwatch::decode
