#include "domain/decode/item_fields.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace stockwatch::decode {
namespace {

using event::Image;
using event::InventoryImage;
using event::ProductStatus;
using event::Transaction;
using event::TransactionType;
using event::ValueType;

constexpr std::size_t kNameBytesMax = 512;

ProductStatus ReadStatus(FieldReader<InventoryField>& reader) {
  const auto* value = reader.Find(InventoryField::kStatus);
  if (value == nullptr) return ProductStatus::kActive;
  if (value->type == ValueType::kString) {
    if (value->bytes == "active") return ProductStatus::kActive;
    if (value->bytes == "discontinued") return ProductStatus::kDiscontinued;
  }
  reader.Fail(InventoryField::kStatus, *value,
              {kUnknownStatus, "is neither active nor discontinued"});
  return ProductStatus::kActive;
}

std::optional<event::Thousandths> ReadServiceLevel(FieldReader<InventoryField>& reader) {
  const auto level = reader.Thousandths(InventoryField::kServiceLevel);
  if (level && level->count >= 1000) {
    reader.Fail(InventoryField::kServiceLevel, *reader.Find(InventoryField::kServiceLevel),
                {kOutOfRange, "is not below 1"});
  }
  return level;
}

TransactionType ReadType(FieldReader<TransactionField>& reader) {
  const auto* value = reader.Find(TransactionField::kType);
  if (value == nullptr) {
    reader.FailMissing(TransactionField::kType, kMissingField);
    return {};
  }
  if (value->type == ValueType::kString) {
    const auto& names = event::kTransactionTypeNames;
    const auto* found = std::find(names.begin(), names.end(), value->bytes);
    if (found != names.end()) return static_cast<TransactionType>(found - names.begin());
  }
  reader.Fail(TransactionField::kType, *value, {kUnknownType, "is no transaction type"});
  return {};
}

base::Quantity ReadQuantity(FieldReader<TransactionField>& reader, TransactionType type) {
  constexpr auto kField = TransactionField::kQuantity;
  if (type == TransactionType::kCount) return reader.RequiredQuantity(kField, Sign::kNotNegative);
  if (type != TransactionType::kAdjustment) return reader.RequiredQuantity(kField, Sign::kPositive);
  const base::Quantity quantity = reader.RequiredQuantity(kField, Sign::kAny);
  if (const auto* value = reader.Find(kField); value != nullptr && quantity == base::Quantity()) {
    reader.Fail(kField, *value, {kOutOfRange, "is zero"});
  }
  return quantity;
}

// What the movement belongs to; empty if the document does not say.
std::string ReadReference(FieldReader<TransactionField>& reader, TransactionType type) {
  const bool transfer =
      type == TransactionType::kTransferIn || type == TransactionType::kTransferOut;
  const bool has_order = reader.Find(TransactionField::kOrderId) != nullptr;
  const bool has_transfer = reader.Find(TransactionField::kTransferId) != nullptr;
  // Both are read where both are there: a bad one is refused though the other counts.
  const std::string order = has_order ? "order/" + reader.IdText(TransactionField::kOrderId) : "";
  const std::string of_transfer =
      has_transfer ? "transfer/" + reader.IdText(TransactionField::kTransferId) : "";
  return has_transfer && (transfer || !has_order) ? of_transfer : order;
}

}  // namespace

InventoryImage ReadInventory(FieldReader<InventoryField>& reader, const ItemSettings& settings,
                             const event::RawChange& raw) {
  using enum InventoryField;
  InventoryImage image;
  image.item = ReadItem(reader, settings);
  image.levels.department = reader.Id(kDepartment, event::kNoLevel);
  image.levels.category = reader.Id(kCategory, event::kNoLevel);
  image.levels.brand = reader.Id(kBrand, event::kNoLevel);
  image.levels.product = reader.Id(kProductId, image.item.sku.text());
  image.name = reader.Text(kName, kNameBytesMax);
  image.image = raw.image == Image::kNone ? Image::kExact : raw.image;
  image.on_hand = reader.RequiredQuantity(kOnHand, Sign::kAny);
  image.reserved = reader.Quantity(kReserved, Sign::kNotNegative);
  image.inbound = reader.Quantity(kInbound, Sign::kNotNegative);
  image.expected_at = reader.Instant(kExpectedAt);
  image.price = reader.Money(kPrice, settings.currency);
  image.cost = reader.Money(kCost, settings.currency);
  image.lead_time_days = reader.Thousandths(kLeadTimeDays);
  image.service_level = ReadServiceLevel(reader);
  image.pack_size = reader.Quantity(kPackSize, Sign::kPositive);
  image.moq = reader.Quantity(kMoq, Sign::kNotNegative);
  image.status = ReadStatus(reader);
  const auto updated_at = reader.Instant(kUpdatedAt);
  image.updated_at = updated_at ? *updated_at : TimeOf(raw);
  return image;
}

Transaction ReadTransaction(FieldReader<TransactionField>& reader, const ItemSettings& settings,
                            event::RawChange& raw) {
  using enum TransactionField;
  Transaction transaction;
  transaction.item = ReadItem(reader, settings);
  transaction.type = ReadType(reader);
  transaction.quantity = ReadQuantity(reader, transaction.type);
  // A known field is checked whatever the type needs: nonsense is not passed over.
  const auto reserved_quantity = reader.Quantity(kReservedQuantity, Sign::kNotNegative);
  if (transaction.type == TransactionType::kSale) transaction.reserved_quantity = reserved_quantity;
  if (std::string reference = ReadReference(reader, transaction.type); !reference.empty()) {
    transaction.reference = raw.event.Keep(std::move(reference));
  }
  transaction.price = reader.Money(kPrice, settings.currency);
  const auto expected_at = reader.Instant(kExpectedAt);
  if (transaction.type == TransactionType::kOrdered) transaction.expected_at = expected_at;
  const auto occurred_at = reader.Instant(kOccurredAt);
  transaction.occurred_at = occurred_at ? *occurred_at : TimeOf(raw);
  return transaction;
}

}  // namespace stockwatch::decode
