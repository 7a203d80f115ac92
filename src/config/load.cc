#include "config/load.h"

#include <charconv>
#include <string>

#include "config/channels.h"
#include "config/mistakes.h"
#include "config/mongo.h"
#include "config/rules_reader.h"
#include "config/settings_reader.h"
#include "config/yaml_tree.h"

namespace stockwatch::config {
namespace {

using base::Error;

// What stands at a path, as far as the text goes along it.
struct Found {
  const Node* node = nullptr;  // nothing: the path goes on where the text ends
  int line = 0;
};

Found FindPath(const Node& node, std::string_view path, int line) {
  if (path.empty()) return {&node, line};
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const Node::Entry& entry = node.entries[i];
    const bool is_map = node.kind == Node::Kind::kMap;
    const std::string step = is_map ? KeyPath({}, entry.key) : ItemPath({}, i);
    if (path.substr(0, step.size()) != step) continue;
    const std::string_view rest = path.substr(step.size());
    if (!rest.empty() && rest[0] != '.' && rest[0] != '[') continue;
    const Found found =
        FindPath(*entry.value, rest.substr(!rest.empty() && rest[0] == '.' ? 1 : 0), entry.line);
    // A key may contain points, so another one may fit too.
    if (found.node != nullptr || i + 1 == node.entries.size()) return found;
    line = found.line;
  }
  return {nullptr, line};
}

// Adds what Options::Validate says, unless there is a mistake at that path already.
class ValidationMerge {
 public:
  ValidationMerge(const Node* root, const ValidatedPaths& paths, Mistakes& mistakes)
      : root_(root), paths_(paths), mistakes_(mistakes) {}

  void Add(const std::vector<Error>& errors, const std::vector<event::Rule>& rules) {
    for (const Error& error : errors) {
      const std::size_t colon = error.message.find(": ");
      const bool has_path = colon != std::string::npos;
      std::string path = has_path ? error.message.substr(0, colon) : std::string();
      std::string what = has_path ? error.message.substr(colon + 2) : error.message;
      std::string written = paths_.Written(path);
      if (const event::Rule* rule = RuleAt(path, rules)) {
        RuleMistake mistake = SplitRuleMistake(what, rule->id);
        if (!mistake.field.empty()) written += "." + mistake.field;
        what = std::move(mistake.what);
      }
      AddOne(written, what, error.code);
    }
  }

 private:
  // The rule with "thresholds.rules[2]" for a path.
  static const event::Rule* RuleAt(std::string_view path, const std::vector<event::Rule>& rules) {
    constexpr std::string_view kRules = "thresholds.rules[";
    if (path.substr(0, kRules.size()) != kRules || path.back() != ']') return nullptr;
    std::size_t index = 0;
    const std::string_view digits = path.substr(kRules.size());
    const auto failure = std::from_chars(digits.data(), digits.data() + digits.size(), index).ec;
    return failure == std::errc() && index < rules.size() ? &rules[index] : nullptr;
  }

  // An upgrade is judged by the schema version, which must have been read.
  bool Follows(const std::string& path) const {
    const std::size_t upgrades = path.find(".upgrades.");
    return upgrades != std::string::npos &&
           mistakes_.Names(path.substr(0, upgrades) + ".schema_version");
  }

  void AddOne(const std::string& path, std::string what, base::Code code) {
    if (mistakes_.Names(path) || Follows(path)) return;
    const Found found = root_ == nullptr ? Found{} : FindPath(*root_, path, root_->line);
    const bool has_value = found.node != nullptr && (found.node->kind == Node::Kind::kPlain ||
                                                     found.node->kind == Node::Kind::kQuoted);
    const std::string value = has_value ? ShowNode(*found.node) : "";
    const bool shows_value =
        what.find(": ") != std::string::npos || what.find(value) != std::string::npos;
    if (!shows_value) what += ": " + value;
    mistakes_.Add(found.line, path, what, code);
  }

  const Node* root_;
  const ValidatedPaths& paths_;
  Mistakes& mistakes_;
};

}  // namespace

Loaded Load(std::string_view yaml_text) {
  Loaded loaded;
  Mistakes mistakes;
  if (yaml_text.size() > kSettingsBytesMax) {
    mistakes.Add(0, {}, "settings are larger than 16 MiB: " + std::to_string(yaml_text.size()));
  } else if (const auto tree = ParseYaml(yaml_text, mistakes)) {
    Settings& settings = loaded.settings;
    ValidatedPaths paths;
    if (tree->root != nullptr) SettingsReader(settings, mistakes, paths).Read(*tree->root);
    ValidationMerge merge(tree->root, paths, mistakes);
    merge.Add(settings.decode.Validate(), {});
    merge.Add(settings.flow.Validate(), settings.flow.rules);
    merge.Add(ValidateMongo(settings.source.mongo), {});
    merge.Add(ValidateChannels(settings.channels), {});
    merge.Add(ValidateFieldKeys(settings.field_keys, settings.decode), {});
  }
  loaded.errors = mistakes.Sorted();
  return loaded;
}

}  // namespace stockwatch::config
