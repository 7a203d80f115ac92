#include "domain/decode/options.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "base/strong_id.h"
#include "domain/decode/core_fields.h"

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;

class Validation {
 public:
  std::vector<Error> Run(const Options& options) {
    Collection("inventory", options.inventory, kInventoryFieldNames);
    Collection("transactions", options.transactions, kTransactionFieldNames);
    Collection("thresholds", options.thresholds, {});
    Names(options);
    Warehouse(options.warehouse);
    return std::move(errors_);
  }

 private:
  void Add(std::string setting, std::string_view what) {
    errors_.push_back({Code::kInvalidArgument, std::move(setting) + ": " + std::string(what)});
  }

  void Collection(std::string_view setting, const CollectionOptions& collection,
                  std::span<const std::string_view> names) {
    const std::string prefix(setting);
    ValidateHooks(collection.hooks, prefix + ".hooks", errors_);
    Redactions(prefix, collection);
    Upgrades(prefix, collection);
    const std::string fields = prefix + ".fields.";
    for (const auto& [name, path] : collection.fields) {
      const std::string place = fields + name;
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        Add(place, names.empty() ? "rules have fixed names; use a rename hook" : "no such field");
      }
      if (auto status = ValidatePath(path); !status.ok()) Add(place, status.error().message);
    }
  }

  void Redactions(const std::string& prefix, const CollectionOptions& collection) {
    for (std::size_t i = 0; i < collection.hooks.size(); ++i) {
      const auto* hook = std::get_if<RedactHook>(&collection.hooks[i]);
      if (hook == nullptr) continue;
      for (std::string_view name : kNamingFields) {
        const auto mapped = collection.fields.find(std::string(name));
        const std::string path =
            mapped == collection.fields.end() ? std::string(name) : mapped->second;
        const bool covers =
            path == hook->field || path.substr(0, hook->field.size() + 1) == hook->field + ".";
        if (covers) {
          Add(prefix + ".hooks[" + std::to_string(i) + "].field",
              "redaction would make one of all values of " + std::string(name));
        }
      }
    }
  }

  void Upgrades(const std::string& prefix, const CollectionOptions& collection) {
    const int newest = collection.schema_version;
    if (newest < 1 || newest > kSchemaVersionMax) {
      Add(prefix + ".schema_version", "is not between 1 and 1000: " + std::to_string(newest));
      return;
    }
    for (int version = 1; version < newest; ++version) {
      if (!collection.upgrades.contains(version)) {
        Add(prefix + ".upgrades." + std::to_string(version), "is missing");
      }
    }
    for (const auto& [version, hooks] : collection.upgrades) {
      const std::string place = prefix + ".upgrades." + std::to_string(version);
      if (version < 1 || version >= newest) Add(place, "leads to no version up to schema_version");
      ValidateHooks(hooks, place, errors_);
      for (std::size_t i = 0; i < hooks.size(); ++i) {
        if (std::holds_alternative<RedactHook>(hooks[i])) {
          Add(place + "[" + std::to_string(i) + "]",
              "redaction belongs to " + prefix + ".hooks, which sees every version");
        }
      }
    }
  }

  void Names(const Options& options) {
    const std::string& inventory = options.inventory.name;
    const std::string& transactions = options.transactions.name;
    const std::string& thresholds = options.thresholds.name;
    if (inventory.empty() && transactions.empty()) {
      Add("inventory.name", "neither inventory nor transactions have a collection");
    }
    if (!transactions.empty() && transactions == inventory) {
      Add("transactions.name", "is the collection of inventory: \"" + transactions + "\"");
    }
    if (!thresholds.empty() && (thresholds == inventory || thresholds == transactions)) {
      Add("thresholds.name", "is another collection already: \"" + thresholds + "\"");
    }
  }

  void Warehouse(const WarehouseOptions& warehouse) {
    if (!warehouse.fixed_id.empty()) {
      Id("warehouse.fixed_id", warehouse.fixed_id);
      if (!warehouse.mapping.empty()) Add("warehouse.mapping", "goes without fixed_id only");
    }
    for (const auto& [name, id] : warehouse.mapping) Id("warehouse.mapping." + name, id);
  }
  void Id(const std::string& setting, std::string_view id) {
    if (auto status = base::ValidateId(id); !status.ok()) Add(setting, status.error().message);
  }

  std::vector<Error> errors_;
};

}  // namespace

std::vector<Error> Options::Validate() const {
  return Validation().Run(*this);
}

}  // namespace stockwatch::decode
