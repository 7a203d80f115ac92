#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "domain/stock/item.h"
#include "flow/options.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// The settings that what is stored was worked out by: others would give other stock for the same
// history. A store keeps them from its first batch on.
struct StockSettings {
  base::Duration history_keep;
  stock::WarehouseRules warehouse;
  std::map<std::string, stock::WarehouseRules> warehouses;

  static StockSettings Of(const Options& options);
  bool operator==(const StockSettings&) const = default;
};

// Appends the record to `out`; docs/formats.md, Settings.
void EncodeSettings(const StockSettings& settings, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<StockSettings> DecodeSettings(std::string_view record);

// What the store keeps; nullopt: a new store.
base::Result<std::optional<StockSettings>> ReadSettings(ports::StateStore& store);

// kFailedPrecondition naming the setting in which `given` is another one than `kept`.
base::Status CheckSame(const StockSettings& kept, const StockSettings& given);

}  // namespace stockwatch::flow
