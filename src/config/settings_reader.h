#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/mistakes.h"
#include "config/option_table.h"
#include "config/settings.h"
#include "config/yaml_tree.h"

namespace stockwatch::config {

// Where the settings that Options::Validate names stand in the file: its paths count what was read,
// without what was mistaken.
class ValidatedPaths {
 public:
  // What `validated` and all below it is called is `written` in the file.
  void Map(std::string validated, std::string written);
  std::string Written(std::string_view validated) const;

 private:
  std::map<std::string, std::string, std::less<>> written_;
};

// A value with the path and the line of its key.
struct Spot {
  const Node& node;
  std::string path;
  int line = 0;

  Spot Key(const Node::Entry& entry) const {
    return {*entry.value, KeyPath(path, entry.key), entry.line};
  }
  Spot Item(std::size_t index) const {
    const Node::Entry& entry = node.entries[index];
    return {*entry.value, ItemPath(path, index), entry.line};
  }
};

// Reads the tree of a settings text by the table of options. All mistakes are collected; what is
// mistaken leaves its setting as it was.
class SettingsReader {
 public:
  SettingsReader(Settings& settings, Mistakes& mistakes, ValidatedPaths& paths)
      : settings_(settings), mistakes_(mistakes), paths_(paths) {}

  void Read(const Node& root);

 private:
  // A map, or null, which sets nothing. False after a mistake.
  bool IsMap(const Spot& spot, std::string_view what);
  void ReadSection(const Spot& spot, std::string_view section, const Target& target);
  void ReadOption(const Spot& spot, const Option& option, const Target& target);
  void ReadPart(const Spot& spot, const PartForm& form, const Target& target);

  void ReadMapping(const Spot& spot, std::string_view allowed);
  void ReadWarehouses(const Spot& spot, std::string_view allowed);
  void ReadChannels(const Spot& spot, std::string_view allowed);
  void ReadFields(const Spot& spot, std::string_view allowed, decode::CollectionOptions& out);
  // `validated` is what Options::Validate calls the list.
  void ReadHooks(const Spot& spot, const std::string& validated, std::vector<decode::Hook>& out);
  void ReadHook(const Spot& spot, const std::string& validated, std::vector<decode::Hook>& out);
  void ReadUpgrades(const Spot& spot, std::string_view allowed, decode::CollectionOptions& out);
  void ReadRules(const Spot& spot, std::string_view allowed);
  void ReadFieldKeys(const Spot& spot, std::string_view allowed);

  std::string NameOf(const decode::CollectionOptions& collection) const;
  // False after a mistake.
  bool HasAtMost(const Spot& spot, std::size_t entries_max, std::string_view allowed);

  Settings& settings_;
  Mistakes& mistakes_;
  ValidatedPaths& paths_;
};

}  // namespace stockwatch::config
