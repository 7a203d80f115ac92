#include "config/rules_reader.h"

#include <algorithm>
#include <optional>

#include "base/decimal.h"
#include "config/load.h"
#include "config/nearest_key.h"
#include "config/settings_reader.h"
#include "domain/decode/decoder.h"
#include "domain/event/condition_type.h"
#include "domain/event/raw_document.h"

namespace stockwatch::config {
namespace {

using event::RawDocument;
using event::RawValue;
using event::ValueType;
using Kind = Node::Kind;

constexpr std::string_view kRuleSection = "thresholds.rules[]";
constexpr std::string_view kAuthor = "settings";

std::vector<std::string_view> KnownKeys(std::string_view section) {
  if (section != "thresholds.rules[].severity") return KeysOf(section);
  std::vector<std::string_view> names;
  names.reserve(event::kConditions.size());
  for (const event::ConditionTraits& condition : event::kConditions) {
    names.push_back(condition.name);
  }
  return names;
}

std::string_view SectionOf(std::string_view section, std::string_view key) {
  for (const Option* option : OptionsOf(section)) {
    const auto* form = std::get_if<SectionForm>(&option->form);
    if (form != nullptr && option->key == key) return form->section;
  }
  return {};
}

// Makes the neutral form of a rule out of its node; unknown keys and missing values are mistakes
// and left out.
class RuleDocument {
 public:
  RuleDocument(RawDocument& document, Mistakes& mistakes)
      : document_(document), mistakes_(mistakes) {}

  void AddMap(const Spot& spot, std::string_view name, std::string_view section) {
    const std::uint32_t index = document_.Open(Named(name, ValueType::kDocument));
    const std::vector<std::string_view> known = KnownKeys(section);
    for (const Node::Entry& entry : spot.node.entries) {
      const Spot one = spot.Key(entry);
      const std::string_view inside = SectionOf(section, entry.key);
      if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
        mistakes_.Add(one.line, one.path, UnknownKey(entry.key, known));
      } else if (!inside.empty() && one.node.kind == Kind::kMap) {
        AddMap(one, entry.key, inside);
      } else if (one.node.kind == Kind::kNull) {
        if (inside.empty()) mistakes_.Add(one.line, one.path, "has no value");
      } else {
        AddValue(one.node, entry.key);
      }
    }
    document_.Close(index);
  }

 private:
  static RawValue Named(std::string_view name, ValueType type) {
    RawValue value;
    value.name = name;
    value.type = type;
    return value;
  }

  void AddValue(const Node& node, std::string_view name) {
    if (node.kind == Kind::kMap || node.kind == Kind::kList) {
      const bool is_map = node.kind == Kind::kMap;
      const std::uint32_t index =
          document_.Open(Named(name, is_map ? ValueType::kDocument : ValueType::kArray));
      for (const Node::Entry& entry : node.entries) AddValue(*entry.value, entry.key);
      return document_.Close(index);
    }
    RawValue value = Named(name, ValueType::kString);
    value.bytes = node.text;
    if (node.kind == Kind::kNull) value.type = ValueType::kNull;
    if (node.kind == Kind::kPlain) SetPlain(value);
    document_.Add(value);
  }

  // A whole number of 64 bits, any other number as the decimal that is written, true and false.
  static void SetPlain(RawValue& value) {
    const std::string_view text = value.bytes;
    const PlainType type = PlainTypeOf(text);
    if (type == PlainType::kBool) {
      value.type = ValueType::kBool;
      value.integer = text[0] == 't' || text[0] == 'T' ? 1 : 0;
    } else if (type != PlainType::kText) {
      const auto whole =
          base::ParseDecimal(text, {0, 999'999'999'999'999'999}, base::Exponent::kRefused);
      const bool is_integer = type == PlainType::kInteger && whole.ok();
      value.type = is_integer ? ValueType::kInt64 : ValueType::kDecimal;
      if (is_integer) value.integer = whole.value();
    }
  }

  RawDocument& document_;
  Mistakes& mistakes_;
};

// The node at a path "a.b" below a rule, and its line; the rule itself where there is none.
Spot Below(const Spot& rule, std::string_view path) {
  const std::size_t point = path.find('.');
  const Node::Entry* entry = path.empty() ? nullptr : rule.node.Find(path.substr(0, point));
  if (entry == nullptr) return rule;
  const Spot one = rule.Key(*entry);
  return point == std::string_view::npos ? one : Below(one, path.substr(point + 1));
}

// The option at a path such as "scope.sku" or "severity.low_stock" of a rule.
const Option* OptionAt(std::string_view path) {
  std::string_view section = kRuleSection;
  std::size_t point = path.find('.');
  for (; point != std::string_view::npos && !section.empty(); point = path.find('.')) {
    section = SectionOf(section, path.substr(0, point));
    path.remove_prefix(point + 1);
  }
  for (const Option* option : OptionsOf(section)) {
    if (option->key == path || option->key == "<condition>") return option;
  }
  return nullptr;
}

// In the words of the table, where they say all.
std::string InWordsOfTheTable(const Node& node, const RuleMistake& mistake) {
  const Option* option = mistake.field.empty() ? nullptr : OptionAt(mistake.field);
  const bool is_text = node.kind == Kind::kQuoted || PlainTypeOf(node.text) == PlainType::kText;
  if (option == nullptr || node.kind == Kind::kList) return mistake.what;
  if (std::holds_alternative<SectionForm>(option->form)) {
    return "is not a map of keys: " + ShowNode(node);
  }
  const auto* form = std::get_if<RuleForm>(&option->form);
  if (form == nullptr) return mistake.what;
  const bool wants_text = form->allowed.substr(0, 6) == "a text";
  if (wants_text && node.kind == Kind::kPlain && !is_text) {
    return "is not a text, which it would be in quotes: " + ShowNode(node);
  }
  return "is not " + std::string(form->allowed) + ": " + ShowNode(node);
}

void AddRuleMistake(const Spot& rule, const RuleMistake& mistake, Mistakes& mistakes) {
  const bool is_there = mistake.what != "is missing";
  const Spot place = Below(rule, mistake.field);
  const std::string path = mistake.field.empty() ? rule.path : rule.path + "." + mistake.field;
  mistakes.Add(place.line, path, is_there ? InWordsOfTheTable(place.node, mistake) : mistake.what);
}

// The id as DecodeRule shows it.
std::string IdText(const RawValue& value) {
  return value.type == ValueType::kInt64 ? std::to_string(value.integer) : std::string(value.bytes);
}

// Decodes again without the mistaken field until nothing else is wrong.
std::optional<event::Rule> Decode(const Spot& spot, RawDocument& document, Mistakes& mistakes) {
  const std::size_t mistakes_before = mistakes.count();
  while (true) {
    auto rule = decode::DecodeRule(document, 0, kAuthor);
    if (rule.ok() && mistakes.count() == mistakes_before) return std::move(rule).value();
    if (rule.ok()) return std::nullopt;
    const std::uint32_t id = document.Find(0, "id");
    const std::string id_text = id == RawDocument::kNone ? "" : IdText(document.at(id));
    RuleMistake mistake = SplitRuleMistake(rule.error().message, id_text);
    if (mistake.field == "_id") mistake.field = "id";
    AddRuleMistake(spot, mistake, mistakes);
    const std::uint32_t wrong = document.FindPath(0, mistake.field);
    const bool is_id = mistake.field == "id";
    if (wrong == RawDocument::kNone && !is_id) return std::nullopt;
    if (wrong != RawDocument::kNone) document.Erase(wrong);
    if (is_id) {
      RawValue stand_in;
      stand_in.name = "id";
      stand_in.type = ValueType::kString;
      stand_in.bytes = "id";
      document.Append(0, stand_in);
    }
  }
}

}  // namespace

RuleMistake SplitRuleMistake(std::string_view message, std::string_view rule_id) {
  constexpr std::string_view kField = "field \"";
  const std::string prefix = "rule \"" + std::string(rule_id) + "\": ";
  if (message.substr(0, prefix.size()) == prefix) message.remove_prefix(prefix.size());
  if (message.substr(0, kField.size()) != kField) return {{}, std::string(message)};
  const std::string_view rest = message.substr(kField.size());
  const std::size_t end = rest.find("\" ");
  if (end == std::string_view::npos) return {{}, std::string(message)};
  return {std::string(rest.substr(0, end)), std::string(rest.substr(end + 2))};
}

void SettingsReader::ReadRules(const Spot& spot, std::string_view allowed) {
  if (spot.node.kind == Kind::kNull) return;
  if (spot.node.kind != Kind::kList) {
    mistakes_.Add(spot.line, spot.path,
                  "is not " + std::string(allowed) + ": " + ShowNode(spot.node));
    return;
  }
  if (!HasAtMost(spot, kRulesMax, allowed)) return;
  std::vector<event::Rule>& rules = settings_.flow.rules;
  for (std::size_t i = 0; i < spot.node.entries.size(); ++i) {
    const Spot one = spot.Item(i);
    if (one.node.kind != Kind::kMap) {
      mistakes_.Add(one.line, one.path, "is not a rule, a map of keys: " + ShowNode(one.node));
      continue;
    }
    RawDocument document;
    const std::size_t mistakes_before = mistakes_.count();
    RuleDocument(document, mistakes_).AddMap(one, {}, kRuleSection);
    auto rule = Decode(one, document, mistakes_);
    if (!rule || mistakes_.count() != mistakes_before) continue;
    paths_.Map(ItemPath(spot.path, rules.size()), one.path);
    rules.push_back(*std::move(rule));
  }
}

}  // namespace stockwatch::config
