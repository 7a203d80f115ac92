#include "domain/decode/options.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "base/strong_id.h"
#include "domain/decode/core_fields.h"
#include "domain/decode/protected_fields.h"
#include "domain/decode/protection.h"

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
    Protections(prefix, collection, names);
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

  void Protections(const std::string& prefix, const CollectionOptions& collection,
                   std::span<const std::string_view> names) {
    std::vector<ProtectedField> before;
    for (std::size_t i = 0; i < collection.hooks.size(); ++i) {
      auto field = ProtectionOf(collection.hooks[i]);
      if (!field) continue;
      const std::string place = prefix + ".hooks[" + std::to_string(i) + "]";
      CoreFields(place + ".field", *field, collection, names);
      Apart(place + ".field", *field, before);
      if (field->keep > kMaskKeepMax) {
        Add(place + ".keep", "is larger than 64: " + std::to_string(field->keep));
      }
      before.push_back(*std::move(field));
    }
    Renamed(prefix, collection, names);
  }

  // A value that a rename leads to a protected field is protected where it was, too.
  void Renamed(const std::string& prefix, const CollectionOptions& collection,
               std::span<const std::string_view> names) {
    for (const ProtectedField& field : ProtectedFieldsOf(collection)) {
      if (field.hook_path.empty()) continue;
      const std::string place =
          prefix + ": a rename leads from " + field.path + " to the protected " + field.hook_path;
      CoreFields(place, field, collection, names);
    }
  }

  // What the core reads would be no number, or one text for many items.
  void CoreFields(const std::string& place, const ProtectedField& field,
                  const CollectionOptions& collection, std::span<const std::string_view> names) {
    const auto covers = [&](std::string_view name) {
      const auto mapped = collection.fields.find(std::string(name));
      return Covers(field.path, mapped == collection.fields.end() ? name : mapped->second);
    };
    for (std::string_view name : kNamingFields) {
      if (!covers(name)) continue;
      Add(place, field.protection == Protection::kRedact
                     ? "redaction would make one of all values of " + std::string(name)
                     : "the engine needs " + std::string(name) + " as it is");
    }
    if (field.protection == Protection::kRedact) return;
    for (std::string_view name : names) {
      const bool naming =
          std::find(kNamingFields.begin(), kNamingFields.end(), name) != kNamingFields.end();
      // A name is only shown; but an envelope is never the same twice, so no two runs would agree.
      const bool shown = name == kShownField && field.protection != Protection::kEncrypt;
      if (naming || shown || !covers(name)) continue;
      Add(place, "the engine needs " + std::string(name) + " as it is");
    }
  }

  // Of two protections of one value, which came first would decide what the other sees.
  void Apart(const std::string& place, const ProtectedField& field,
             const std::vector<ProtectedField>& before) {
    for (const ProtectedField& other : before) {
      const bool both_redact =
          field.protection == Protection::kRedact && other.protection == Protection::kRedact;
      if (both_redact || !(Covers(field.path, other.path) || Covers(other.path, field.path))) {
        continue;
      }
      Add(place, "another hook protects " + other.path + " already");
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
        if (ProtectionOf(hooks[i])) {
          Add(place + "[" + std::to_string(i) + "]",
              "what protects a value belongs to " + prefix + ".hooks, which sees every version");
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
