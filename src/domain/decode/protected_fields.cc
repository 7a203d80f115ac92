#include "domain/decode/protected_fields.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace stockwatch::decode {
namespace {

std::vector<RenameHook> RenamesOf(const CollectionOptions& collection) {
  std::vector<RenameHook> renames;
  const auto add = [&](const std::vector<Hook>& hooks) {
    for (const Hook& hook : hooks) {
      if (const auto* rename = std::get_if<RenameHook>(&hook)) renames.push_back(*rename);
    }
  };
  add(collection.hooks);
  for (const auto& [version, hooks] : collection.upgrades) add(hooks);
  return renames;
}

// Where the field's values are before the rename; nullopt: it leads nowhere near.
std::optional<std::string> Before(const RenameHook& rename, const std::string& path) {
  if (Covers(path, rename.to)) return rename.from;
  if (Covers(rename.to, path)) return rename.from + path.substr(rename.to.size());
  return std::nullopt;
}

}  // namespace

bool Covers(std::string_view path, std::string_view of) {
  return of.starts_with(path) && (of.size() == path.size() || of[path.size()] == '.');
}

std::vector<ProtectedField> ProtectedFieldsOf(const CollectionOptions& collection) {
  std::vector<ProtectedField> fields;
  for (const Hook& hook : collection.hooks) {
    if (auto field = ProtectionOf(hook)) fields.push_back(*std::move(field));
  }
  const std::vector<RenameHook> renames = RenamesOf(collection);
  // Also of what was found: a field may have been renamed more than once.
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (const RenameHook& rename : renames) {
      auto before = Before(rename, fields[i].path);
      if (!before) continue;
      const bool known =
          std::any_of(fields.begin(), fields.end(),
                      [&](const ProtectedField& field) { return Covers(field.path, *before); });
      if (known) continue;
      ProtectedField field = fields[i];
      if (field.hook_path.empty()) field.hook_path = field.path;
      field.path = *std::move(before);
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

}  // namespace stockwatch::decode
