#include "config/settings_reader.h"

#include <string>
#include <utility>

#include "base/assertion.h"

namespace stockwatch::config {
namespace {

constexpr std::string_view kHookSection = "documents.<collection>.hooks[]";

// REQUIRES: the draft was read as a hook of that kind without a mistake
decode::Hook HookOf(std::string_view kind, HookDraft draft) {
  if (kind == "rename") return decode::RenameHook{std::move(draft.from), std::move(draft.to)};
  if (kind == "drop") return decode::DropHook{std::move(draft.field)};
  if (kind == "default") {
    return decode::DefaultHook{std::move(draft.field), std::move(draft.value)};
  }
  if (kind == "convert") return decode::ConvertHook{std::move(draft.field), draft.conversion};
  if (kind == "redact") return decode::RedactHook{std::move(draft.field)};
  if (kind == "mask") return decode::MaskHook{std::move(draft.field), draft.keep};
  if (kind == "hash") return decode::HashHook{std::move(draft.field)};
  if (kind == "encrypt") return decode::EncryptHook{std::move(draft.field)};
  SW_ASSERT(draft.expression.has_value(), "the key expression is required");
  if (kind == "filter") return decode::FilterHook{*std::move(draft.expression)};
  SW_ASSERT(kind == "compute", "the table has these ten hooks");
  return decode::ComputeHook{std::move(draft.field), *std::move(draft.expression)};
}

}  // namespace

void SettingsReader::ReadHooks(const Spot& spot, const std::string& validated,
                               std::vector<decode::Hook>& out) {
  if (spot.node.kind == Node::Kind::kNull) return;
  if (spot.node.kind != Node::Kind::kList) {
    mistakes_.Add(spot.line, spot.path, "is not a list of hooks: " + ShowNode(spot.node));
    return;
  }
  for (std::size_t i = 0; i < spot.node.entries.size(); ++i) {
    ReadHook(spot.Item(i), validated, out);
  }
}

void SettingsReader::ReadHook(const Spot& spot, const std::string& validated,
                              std::vector<decode::Hook>& out) {
  const std::vector<std::string_view> kinds = KeysOf(kHookSection);
  if (spot.node.kind != Node::Kind::kMap || spot.node.entries.size() != 1) {
    std::string names;
    for (std::string_view kind : kinds) names += (names.empty() ? "" : ", ") + std::string(kind);
    const std::string keys = spot.node.kind == Node::Kind::kMap
                                 ? " of " + std::to_string(spot.node.entries.size()) + " keys"
                                 : "";
    mistakes_.Add(spot.line, spot.path,
                  "is not a map with one key out of " + names + ": " + ShowNode(spot.node) + keys);
    return;
  }
  HookDraft draft;
  const std::size_t mistakes_before = mistakes_.count();
  ReadSection(spot, kHookSection, {.settings = &settings_, .hook = &draft});
  if (mistakes_.count() != mistakes_before) return;
  const std::string& kind = spot.node.entries[0].key;
  paths_.Map(ItemPath(validated, out.size()), KeyPath(spot.path, kind));
  out.push_back(HookOf(kind, std::move(draft)));
}

}  // namespace stockwatch::config
