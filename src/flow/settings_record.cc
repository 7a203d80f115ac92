#include "flow/settings_record.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"
#include "flow/keys.h"

namespace stockwatch::flow {
namespace {

using stock::WarehouseRules;

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "settings";

void PutRules(base::ByteWriter& writer, const WarehouseRules& rules) {
  event::PutEnum(writer, rules.authority);
  event::PutBool(writer, rules.opens_at_zero);
  event::PutBool(writer, rules.sales_from_reservations);
  event::PutQuantity(writer, rules.drift_tolerance);
  event::PutDuration(writer, rules.drift_grace);
  writer.Put(rules.inbound_references_max);
}

WarehouseRules TakeRules(base::ByteReader& reader) {
  WarehouseRules rules;
  rules.authority = event::TakeEnum(reader, stock::Authority::kLedger);
  rules.opens_at_zero = event::TakeBool(reader);
  rules.sales_from_reservations = event::TakeBool(reader);
  rules.drift_tolerance = event::TakeQuantity(reader);
  rules.drift_grace = event::TakeDuration(reader);
  rules.inbound_references_max = reader.Take<std::uint32_t>();
  return rules;
}

// The first of the two that differ, by the path of the setting; empty: they are the same.
std::string_view Difference(const WarehouseRules& a, const WarehouseRules& b) {
  if (a.authority != b.authority) return "authority";
  if (a.opens_at_zero != b.opens_at_zero) return "opens_at_zero";
  if (a.sales_from_reservations != b.sales_from_reservations) return "sales_from_reservations";
  if (a.drift_tolerance != b.drift_tolerance) return "drift_tolerance";
  if (a.drift_grace != b.drift_grace) return "drift_grace";
  if (a.inbound_references_max != b.inbound_references_max) return "inbound_references_max";
  return {};
}

base::Error Changed(const std::string& setting) {
  return {base::Code::kFailedPrecondition,
          "the store was written with another " + setting +
              ", which this version cannot change: set it as it was, or begin a new store"};
}

}  // namespace

StockSettings StockSettings::Of(const Options& options) {
  return {options.history_keep, options.warehouse, options.warehouses};
}

void EncodeSettings(const StockSettings& settings, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  event::PutDuration(writer, settings.history_keep);
  PutRules(writer, settings.warehouse);
  writer.Put(static_cast<std::uint32_t>(settings.warehouses.size()));
  for (const auto& [id, rules] : settings.warehouses) {
    writer.PutBytes(id);
    PutRules(writer, rules);
  }
}

base::Result<StockSettings> DecodeSettings(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version > kVersion) return event::NewerRecord(kWhat, version);
  if (version == 0) return event::DamagedRecord(kWhat);
  StockSettings settings;
  settings.history_keep = event::TakeDuration(reader);
  settings.warehouse = TakeRules(reader);
  const auto count = reader.Take<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    std::string id = event::TakeString(reader);
    settings.warehouses[std::move(id)] = TakeRules(reader);
  }
  SW_TRY_STATUS(reader.Finish(kWhat));
  return settings;
}

base::Result<std::optional<StockSettings>> ReadSettings(ports::StateStore& store) {
  std::optional<std::string> record;
  SW_TRY_STATUS(
      store.ReadFamily(ports::Family::kEngine, [&](std::string_view key, std::string_view bytes) {
        if (key == kSettingsKey) record = bytes;
      }));
  if (!record) return std::optional<StockSettings>();
  SW_TRY(StockSettings settings, DecodeSettings(*record));
  return std::optional<StockSettings>(std::move(settings));
}

base::Status CheckSame(const StockSettings& kept, const StockSettings& given) {
  if (kept.history_keep != given.history_keep) return Changed("history.keep");
  if (const auto setting = Difference(kept.warehouse, given.warehouse); !setting.empty()) {
    return Changed("stock." + std::string(setting));
  }
  // A warehouse that is not named goes by the default, so naming it need not change anything.
  std::map<std::string, WarehouseRules> named = kept.warehouses;
  named.insert(given.warehouses.begin(), given.warehouses.end());
  for (const auto& [id, ignored] : named) {
    const auto of = [&, &warehouse = id](const StockSettings& settings) {
      const auto found = settings.warehouses.find(warehouse);
      return found == settings.warehouses.end() ? settings.warehouse : found->second;
    };
    if (const auto setting = Difference(of(kept), of(given)); !setting.empty()) {
      return Changed("stock.warehouses." + id + "." + std::string(setting));
    }
  }
  return {};
}

}  // namespace stockwatch::flow
