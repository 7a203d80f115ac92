#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/load.h"
#include "config/option_table.h"

namespace stockwatch::config {
namespace {

constexpr std::string_view kIntroduction = R"(# Settings

<!-- Generated from the table of options in src/config; a test compares. Don't edit. -->

One YAML file, or JSON, which is a part of YAML. Every key is optional, and an empty file is good.
`examples/settings.yaml` shows every key with its default.

- Every mistake is reported at once, with its line: an unknown key, a key that is there twice, a
  value that is not allowed.
- A text that reads like a number, `true` or `false` goes in quotes: `category: "85"`.
- A duration is a sum of whole numbers with a unit out of `d`, `h`, `m`, `s`, `ms`: `15m`, `1h30m`.
- Numbers are read exactly as they are written; nothing is rounded.
- Anchors and aliases are read; tags and merge keys are not.
- Limits: 16 MiB, 32 levels, 1,000,000 values (an alias counts as what it stands for), 1,000,000
  brackets and commas, 10,000 warehouses, 2,000 rules. The first 100 mistakes are shown.
)";

constexpr std::string_view kCollection = "documents.<collection>";
constexpr std::string_view kCollectionText =
    "Of each collection: `inventory`, `transactions`, `thresholds`.";
constexpr std::string_view kHooks = "documents.<collection>.hooks[]";
constexpr std::string_view kHooksText =
    "A hook has one key out of these. An expression is a formula over the fields of the document, "
    "such as `qty.total - qty.blocked` or `status != 'draft' and exists(sku)`.";
constexpr std::string_view kChannels = "channels[]";
constexpr std::string_view kChannelsText =
    "Of each channel. A secret is named here, never written.";
constexpr std::string_view kFieldKeys = "fields.keys[]";
constexpr std::string_view kFieldKeysText =
    "Of each key. To rotate, put the new one first and keep the old ones as long as values are "
    "kept "
    "that show their ids.";
constexpr std::string_view kRules = "thresholds.rules[]";
constexpr std::string_view kRulesText = "What a rule does not give comes from less specific rules.";

struct Words {
  std::string default_value;
  std::string allowed;
};

Words WordsOf(const Option& option, const Target& target) {
  if (const auto* rule = std::get_if<RuleForm>(&option.form)) {
    return {"–", std::string(rule->allowed)};
  }
  if (const auto* part = std::get_if<PartForm>(&option.form)) {
    const bool is_list =
        part->part == Part::kHooks || part->part == Part::kRules || part->part == Part::kFieldKeys;
    return {is_list ? "`[]`" : "`{}`", std::string(part->allowed)};
  }
  const Form& form = std::get<Form>(option.form);
  return {"`" + ShowPlace(form, option.place(target)) + "`", Allowed(form)};
}

void AppendKeys(std::string& page, std::string_view section, const Target& target) {
  std::string rows;
  for (const Option* option : OptionsOf(section)) {
    if (std::holds_alternative<SectionForm>(option->form)) continue;
    const Words words = WordsOf(*option, target);
    rows += "| `" + std::string(option->key) + "` | " +
            (option->required ? "required" : words.default_value) + " | " + words.allowed + " | " +
            std::string(option->meaning) + " |\n";
  }
  if (rows.empty()) return;
  page += "\n| key | default | allowed | meaning |\n|---|---|---|---|\n" + rows;
}

void AppendSection(std::string& page, std::string_view section, std::string_view text,
                   const Target& target);

// The sections below one, each with all that is below it.
void AppendSectionsBelow(std::string& page, std::string_view section, const Target& target) {
  for (const Option* option : OptionsOf(section)) {
    if (const auto* form = std::get_if<SectionForm>(&option->form)) {
      if (form->section == kCollection) continue;  // one for all three of them, see below
      const Target inside = form->enter != nullptr ? form->enter(target) : target;
      AppendSection(page, form->section, option->meaning, inside);
    } else if (const auto* part = std::get_if<PartForm>(&option->form)) {
      if (part->part == Part::kHooks) AppendSection(page, kHooks, kHooksText, target);
      if (part->part == Part::kChannels) AppendSection(page, kChannels, kChannelsText, target);
      if (part->part == Part::kFieldKeys) AppendSection(page, kFieldKeys, kFieldKeysText, target);
      if (part->part == Part::kRules) AppendSection(page, kRules, kRulesText, target);
    }
  }
  if (section == "documents") AppendSection(page, kCollection, kCollectionText, target);
}

void AppendSection(std::string& page, std::string_view section, std::string_view text,
                   const Target& target) {
  page += "\n## `" + std::string(section) + "`\n\n" + std::string(text) + "\n";
  AppendKeys(page, section, target);
  AppendSectionsBelow(page, section, target);
}

}  // namespace

std::string SettingsPage() {
  Settings defaults;
  HookDraft hook;
  ChannelSettings channel;
  FieldKey field_key;
  const Target target{.settings = &defaults,
                      .warehouse = &defaults.flow.warehouse,
                      .collection = &defaults.decode.inventory,
                      .hook = &hook,
                      .channel = &channel,
                      .field_key = &field_key};
  std::string page(kIntroduction);
  AppendKeys(page, {}, target);
  AppendSectionsBelow(page, {}, target);
  return page;
}

}  // namespace stockwatch::config
