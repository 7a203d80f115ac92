#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/form.h"
#include "config/settings.h"

namespace stockwatch::config {

// The keys of one hook, whichever it is.
struct HookDraft {
  std::string field;
  std::string from;
  std::string to;
  std::uint32_t keep = decode::MaskHook().keep;
  decode::Conversion conversion = decode::Conversion::kNumber;
  decode::Value value;
  std::optional<decode::Expression> expression;
};

// What the keys of a section are read into.
struct Target {
  Settings* settings = nullptr;
  stock::WarehouseRules* warehouse = nullptr;
  decode::CollectionOptions* collection = nullptr;
  HookDraft* hook = nullptr;
  ChannelSettings* channel = nullptr;
  FieldKey* field_key = nullptr;
};

// The key holds further keys: those of the section of that name.
struct SectionForm {
  std::string_view section;
  Target (*enter)(Target target) = nullptr;
};
// The key holds what names of the user's stand in.
enum class Part : std::uint8_t {
  kMapping,
  kWarehouses,
  kFields,
  kHooks,
  kUpgrades,
  kSchema,
  kRules,
  kChannels,
  kFieldKeys
};
struct PartForm {
  Part part;
  std::string_view allowed;
};
// A field of a rule: decode::DecodeRule reads it.
struct RuleForm {
  std::string_view allowed;
};

// One key of the settings.
struct Option {
  std::string_view section;  // its keys stand in; empty: the top level
  std::string_view key;
  std::variant<Form, SectionForm, PartForm, RuleForm> form;
  std::string_view meaning;                        // one line, for the page
  Place (*place)(const Target& target) = nullptr;  // of a Form
  bool required = false;
};

// The one table of options: what is read, what messages say, what the page says. Its larger parts
// stand in files of their own.
std::vector<const Option*> AllOptions();
std::span<const Option> DocumentOptions();
std::span<const Option> RuleOptions();
std::span<const Option> ChannelOptions();
std::span<const Option> MongoOptions();

// The options of a section, in the order of the table. Those of "stock.*" are keys of "stock" too.
std::vector<const Option*> OptionsOf(std::string_view section);
std::vector<std::string_view> KeysOf(std::string_view section);

}  // namespace stockwatch::config
