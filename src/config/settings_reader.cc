#include "config/settings_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "base/assertion.h"
#include "base/strong_id.h"
#include "config/load.h"
#include "config/nearest_key.h"
#include "config/schema_reader.h"
#include "domain/decode/core_fields.h"

namespace stockwatch::config {
namespace {

using Kind = Node::Kind;

// A version as it is written: from 1, without leading zeros.
std::optional<int> SchemaVersion(std::string_view text) {
  int version = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), version);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  if (!whole || text[0] == '0' || version < 1 || version > decode::kSchemaVersionMax) {
    return std::nullopt;
  }
  return version;
}

}  // namespace

void ValidatedPaths::Map(std::string validated, std::string written) {
  written_[std::move(validated)] = std::move(written);
}

std::string ValidatedPaths::Written(std::string_view validated) const {
  for (std::size_t size = validated.size(); size > 0; --size) {
    const bool whole = size == validated.size() || validated[size] == '.' || validated[size] == '[';
    if (!whole) continue;
    const auto found = written_.find(validated.substr(0, size));
    if (found != written_.end()) return found->second + std::string(validated.substr(size));
  }
  return std::string(validated);
}

void SettingsReader::Read(const Node& root) {
  for (const char* name : {"inventory", "transactions", "thresholds"}) {
    paths_.Map(std::string(name) + ".name", std::string("source.collections.") + name);
    paths_.Map(name, std::string("documents.") + name);
  }
  paths_.Map("warehouse.fixed_id", "warehouse.id");
  ReadSection({root, {}, root.line}, {}, {.settings = &settings_});
}

bool SettingsReader::IsMap(const Spot& spot, std::string_view what) {
  if (spot.node.kind == Kind::kMap || spot.node.kind == Kind::kNull) return true;
  mistakes_.Add(spot.line, spot.path, "is not " + std::string(what) + ": " + ShowNode(spot.node));
  return false;
}

bool SettingsReader::HasAtMost(const Spot& spot, std::size_t entries_max,
                               std::string_view allowed) {
  if (spot.node.entries.size() <= entries_max) return true;
  mistakes_.Add(spot.line, spot.path,
                "is not " + std::string(allowed) + ": " + std::to_string(spot.node.entries.size()));
  return false;
}

void SettingsReader::ReadSection(const Spot& spot, std::string_view section, const Target& target) {
  if (!IsMap(spot, spot.path.empty() ? "a map of settings" : "a map of keys")) return;
  const std::vector<std::string_view> known = KeysOf(section);
  for (const Node::Entry& entry : spot.node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
      mistakes_.Add(entry.line, KeyPath(spot.path, entry.key), UnknownKey(entry.key, known));
    }
  }
  // In the order of the table: a warehouse inherits what `stock` says before or behind it.
  for (const Option* option : OptionsOf(section)) {
    if (const Node::Entry* entry = spot.node.Find(option->key)) {
      ReadOption(spot.Key(*entry), *option, target);
    } else if (option->required) {
      mistakes_.Add(spot.line, KeyPath(spot.path, option->key), "is missing");
    }
  }
}

void SettingsReader::ReadOption(const Spot& spot, const Option& option, const Target& target) {
  if (const auto* section = std::get_if<SectionForm>(&option.form)) {
    const Target inside = section->enter != nullptr ? section->enter(target) : target;
    ReadSection(spot, section->section, inside);
  } else if (const auto* part = std::get_if<PartForm>(&option.form)) {
    ReadPart(spot, *part, target);
  } else if (const auto* form = std::get_if<Form>(&option.form)) {
    const auto mistake = ReadForm(*form, spot.node, option.place(target));
    if (mistake) mistakes_.Add(spot.line, spot.path, *mistake);
  } else {
    SW_ASSERT(false, "fields of rules are read with the rule");
  }
}

void SettingsReader::ReadPart(const Spot& spot, const PartForm& form, const Target& target) {
  switch (form.part) {
    case Part::kMapping:
      return ReadMapping(spot, form.allowed);
    case Part::kWarehouses:
      return ReadWarehouses(spot, form.allowed);
    case Part::kFields:
      return ReadFields(spot, form.allowed, *target.collection);
    case Part::kHooks:
      return ReadHooks(spot, NameOf(*target.collection) + ".hooks", target.collection->hooks);
    case Part::kUpgrades:
      return ReadUpgrades(spot, form.allowed, *target.collection);
    case Part::kSchema:
      if (spot.node.kind != Kind::kNull) target.collection->schema = ReadSchema(spot, mistakes_);
      return;
    case Part::kChannels:
      return ReadChannels(spot, form.allowed);
    case Part::kRules:
      return ReadRules(spot, form.allowed);
    case Part::kFieldKeys:
      return ReadFieldKeys(spot, form.allowed);
  }
}

void SettingsReader::ReadMapping(const Spot& spot, std::string_view allowed) {
  if (!IsMap(spot, allowed) || !HasAtMost(spot, kWarehousesMax, allowed)) return;
  decode::WarehouseOptions& warehouse = settings_.decode.warehouse;
  if (!warehouse.fixed_id.empty() && !spot.node.entries.empty()) {
    mistakes_.Add(spot.line, spot.path,
                  "goes without warehouse.id alone, which is \"" + warehouse.fixed_id + "\"");
  }
  for (const Node::Entry& entry : spot.node.entries) {
    const Spot one = spot.Key(entry);
    std::string id;
    if (const auto mistake = ReadForm(IdForm{}, one.node, &id)) {
      mistakes_.Add(one.line, one.path, *mistake);
    } else {
      warehouse.mapping[entry.key] = id;
    }
  }
}

void SettingsReader::ReadWarehouses(const Spot& spot, std::string_view allowed) {
  if (!IsMap(spot, allowed) || !HasAtMost(spot, kWarehousesMax, allowed)) return;
  for (const Node::Entry& entry : spot.node.entries) {
    const Spot one = spot.Key(entry);
    if (!base::ValidateId(entry.key).ok()) {
      mistakes_.Add(one.line, one.path, "is not " + Allowed(IdForm{}));
      continue;
    }
    stock::WarehouseRules rules = settings_.flow.warehouse;
    ReadSection(one, "stock.*", {.settings = &settings_, .warehouse = &rules});
    settings_.flow.warehouses[entry.key] = rules;
  }
}

void SettingsReader::ReadChannels(const Spot& spot, std::string_view allowed) {
  if (!IsMap(spot, allowed) || !HasAtMost(spot, kChannelsMax, allowed)) return;
  for (const Node::Entry& entry : spot.node.entries) {
    const Spot one = spot.Key(entry);
    // A part of keys and of paths.
    const bool good = base::ValidateId(entry.key).ok() && entry.key.find('/') == std::string::npos;
    if (!good) {
      mistakes_.Add(one.line, one.path, "is not " + Allowed(IdForm{}) + " and slashes");
      continue;
    }
    ChannelSettings channel;
    ReadSection(one, "channels[]", {.settings = &settings_, .channel = &channel});
    settings_.channels[entry.key] = channel;
  }
}

void SettingsReader::ReadFieldKeys(const Spot& spot, std::string_view allowed) {
  if (spot.node.kind == Kind::kNull) return;
  if (spot.node.kind != Kind::kList) {
    mistakes_.Add(spot.line, spot.path,
                  "is not " + std::string(allowed) + ": " + ShowNode(spot.node));
    return;
  }
  if (!HasAtMost(spot, kFieldKeysMax, allowed)) return;
  for (std::size_t i = 0; i < spot.node.entries.size(); ++i) {
    const Spot one = spot.Item(i);
    if (one.node.kind != Kind::kMap) {
      mistakes_.Add(one.line, one.path,
                    "is not a key, a map of id and file: " + ShowNode(one.node));
      continue;
    }
    FieldKey key;
    ReadSection(one, "fields.keys[]", {.settings = &settings_, .field_key = &key});
    paths_.Map(ItemPath(spot.path, settings_.field_keys.size()), one.path);
    settings_.field_keys.push_back(std::move(key));
  }
}

void SettingsReader::ReadFields(const Spot& spot, std::string_view allowed,
                                decode::CollectionOptions& out) {
  if (!IsMap(spot, allowed)) return;
  std::span<const std::string_view> known;
  if (&out == &settings_.decode.inventory) known = decode::kInventoryFieldNames;
  if (&out == &settings_.decode.transactions) known = decode::kTransactionFieldNames;
  for (const Node::Entry& entry : spot.node.entries) {
    const Spot one = spot.Key(entry);
    const bool is_known =
        known.empty() || std::find(known.begin(), known.end(), entry.key) != known.end();
    std::string path;
    if (!is_known) {
      mistakes_.Add(one.line, one.path, UnknownKey(entry.key, known));
    } else if (const auto mistake = ReadForm(TextForm{decode::kPathBytesMax}, one.node, &path)) {
      mistakes_.Add(one.line, one.path, *mistake);
    } else {
      out.fields[entry.key] = path;
    }
  }
}

void SettingsReader::ReadUpgrades(const Spot& spot, std::string_view allowed,
                                  decode::CollectionOptions& out) {
  if (!IsMap(spot, allowed)) return;
  for (const Node::Entry& entry : spot.node.entries) {
    const Spot one = spot.Key(entry);
    const auto version = SchemaVersion(entry.key);
    if (!version) {
      mistakes_.Add(one.line, one.path, "is not a schema version from 1 to 1000");
      continue;
    }
    ReadHooks(one, NameOf(out) + ".upgrades." + entry.key, out.upgrades[*version]);
  }
}

std::string SettingsReader::NameOf(const decode::CollectionOptions& collection) const {
  if (&collection == &settings_.decode.inventory) return "inventory";
  return &collection == &settings_.decode.transactions ? "transactions" : "thresholds";
}

}  // namespace stockwatch::config
