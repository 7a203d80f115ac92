#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/money.h"
#include "domain/decode/core_fields.h"
#include "domain/decode/field_reader.h"
#include "domain/decode/reject_reasons.h"
#include "domain/event/change.h"
#include "domain/event/raw_change.h"

namespace stockwatch::decode {

// What documents of items are read with.
struct ItemSettings {
  std::string fixed_warehouse;                                 // empty: the document's
  std::map<std::string, std::string, std::less<>> warehouses;  // empty: taken as they are
  base::Currency currency;
};

// When a document does not say when it happened: the change's wall time, else its cluster second.
inline base::Instant TimeOf(const event::RawChange& raw) {
  return raw.wall_time ? *raw.wall_time : base::Instant::Seconds(raw.position.seconds);
}

template <typename Field>
event::WarehouseIdView ReadWarehouse(FieldReader<Field>& reader, const ItemSettings& settings) {
  using event::WarehouseIdView;
  if (!settings.fixed_warehouse.empty()) return WarehouseIdView::Trusted(settings.fixed_warehouse);
  const auto* value = reader.Find(Field::kWarehouseId);
  if (value == nullptr) {
    reader.FailMissing(Field::kWarehouseId, kMissingWarehouse);
    return {};
  }
  const std::string_view id = reader.RequiredId(Field::kWarehouseId);
  if (settings.warehouses.empty()) return WarehouseIdView::Trusted(id);
  const auto mapped = settings.warehouses.find(id);
  if (mapped == settings.warehouses.end()) {
    reader.Fail(Field::kWarehouseId, *value, {kUnmappedWarehouse, "is not in the mapping"});
    return {};
  }
  return WarehouseIdView::Trusted(mapped->second);
}

template <typename Field>
event::ItemKey ReadItem(FieldReader<Field>& reader, const ItemSettings& settings) {
  event::ItemKey item;
  item.warehouse = ReadWarehouse(reader, settings);
  item.sku = event::SkuView::Trusted(reader.RequiredId(Field::kSku));
  return item;
}

// The bodies of changes with a document, all but their document key; they mean nothing if the
// reader is not ok() afterwards.
event::InventoryImage ReadInventory(FieldReader<InventoryField>& reader,
                                    const ItemSettings& settings, const event::RawChange& raw);
// `raw` keeps the reference.
event::Transaction ReadTransaction(FieldReader<TransactionField>& reader,
                                   const ItemSettings& settings, event::RawChange& raw);

}  // namespace stockwatch::decode
