#include "config/schema_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace stockwatch::config {
namespace {

using decode::Number;
using decode::Schema;
using Kind = Node::Kind;

// They say something to people and ask for nothing.
constexpr std::array<std::string_view, 7> kAnnotations{
    "$schema", "$id", "$comment", "title", "description", "default", "examples"};

class SchemaReader {
 public:
  explicit SchemaReader(Mistakes& mistakes) : mistakes_(mistakes) {}

  Schema Read(const Spot& spot) {
    Schema schema;
    const bool plain = spot.node.kind == Kind::kPlain;
    if (plain && PlainTypeOf(spot.node.text) == PlainType::kBool) {
      schema.never = spot.node.text[0] == 'f' || spot.node.text[0] == 'F';
    } else if (spot.node.kind != Kind::kMap) {
      Wrong(spot, "is not a JSON Schema, a map of keywords");
    } else {
      for (const Node::Entry& entry : spot.node.entries)
        Keyword(spot.Key(entry), entry.key, schema);
    }
    return schema;
  }

 private:
  void Wrong(const Spot& spot, std::string_view what) {
    mistakes_.Add(spot.line, spot.path, std::string(what) + ": " + ShowNode(spot.node));
  }

  void Keyword(const Spot& spot, std::string_view name, Schema& schema) {
    if (std::find(kAnnotations.begin(), kAnnotations.end(), name) != kAnnotations.end()) return;
    if (name == "type" || name == "bsonType") return Types(spot, schema);
    if (name == "enum") return Values(spot, schema);
    if (name == "const") {
      schema.values.emplace();
      return OneValue(spot, schema);
    }
    if (name == "required") return Required(spot, schema);
    if (name == "properties") return Properties(spot, schema);
    if (auto* number = NumberOf(name, schema)) return ReadNumber(spot, name, *number);
    if (auto* count = CountOf(name, schema)) return ReadCount(spot, *count);
    if (auto* one = OneOf(name, schema)) return one->push_back(Read(spot));
    if (auto* list = ListOf(name, schema)) return Schemas(spot, *list);
    mistakes_.Add(spot.line, spot.path,
                  "is a keyword that is not checked here; take it out, or say it with others");
  }

  static std::optional<Number>* NumberOf(std::string_view name, Schema& schema) {
    if (name == "minimum") return &schema.minimum;
    if (name == "maximum") return &schema.maximum;
    if (name == "exclusiveMinimum") return &schema.above;
    if (name == "exclusiveMaximum") return &schema.below;
    return name == "multipleOf" ? &schema.multiple_of : nullptr;
  }
  static std::optional<std::uint64_t>* CountOf(std::string_view name, Schema& schema) {
    if (name == "minLength") return &schema.length_min;
    if (name == "maxLength") return &schema.length_max;
    if (name == "minItems") return &schema.items_min;
    if (name == "maxItems") return &schema.items_max;
    if (name == "minProperties") return &schema.properties_min;
    return name == "maxProperties" ? &schema.properties_max : nullptr;
  }
  static std::vector<Schema>* OneOf(std::string_view name, Schema& schema) {
    if (name == "items") return &schema.items;
    if (name == "additionalProperties") return &schema.additional;
    return name == "not" ? &schema.none_of : nullptr;
  }
  static std::vector<Schema>* ListOf(std::string_view name, Schema& schema) {
    if (name == "allOf") return &schema.all_of;
    if (name == "anyOf") return &schema.any_of;
    return name == "oneOf" ? &schema.one_of : nullptr;
  }

  void Types(const Spot& spot, Schema& schema) {
    const bool list = spot.node.kind == Kind::kList;
    const std::size_t count = list ? spot.node.entries.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      const Spot one = list ? spot.Item(i) : spot;
      const decode::TypeSet types = decode::TypesNamed(one.node.text);
      if (types == 0) {
        Wrong(one, "is no type of JSON Schema or BSON");
        continue;
      }
      schema.types |= types;
      schema.types_text += (schema.types_text.empty() ? "" : " or ") + one.node.text;
    }
    if (count == 0) Wrong(spot, "names no type");
  }

  void Values(const Spot& spot, Schema& schema) {
    if (spot.node.kind != Kind::kList || spot.node.entries.empty()) {
      return Wrong(spot, "is not a list of values");
    }
    schema.values.emplace();
    for (std::size_t i = 0; i < spot.node.entries.size(); ++i) OneValue(spot.Item(i), schema);
  }
  void OneValue(const Spot& spot, Schema& schema) {
    decode::Value value;
    if (spot.node.kind == Kind::kNull) {
      schema.values->emplace_back(decode::Null{});
    } else if (const auto mistake = ReadForm(ValueForm{}, spot.node, &value)) {
      mistakes_.Add(spot.line, spot.path, *mistake);
    } else {
      schema.values->push_back(std::move(value));
    }
  }

  void ReadNumber(const Spot& spot, std::string_view name, std::optional<Number>& out) {
    const auto number = Number::Parse(spot.node.text);
    const bool good = spot.node.kind == Kind::kPlain && number.ok() &&
                      (name != "multipleOf" || number.value() > Number{});
    if (!good) {
      return Wrong(spot, name == "multipleOf" ? "is not a number above 0" : "is not a number");
    }
    out = number.value();
  }

  void ReadCount(const Spot& spot, std::optional<std::uint64_t>& out) {
    const std::string& text = spot.node.text;
    std::uint64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool whole = failure == std::errc() && end == text.data() + text.size();
    if (spot.node.kind != Kind::kPlain || !whole) return Wrong(spot, "is not a count from 0 on");
    out = count;
  }

  void Required(const Spot& spot, Schema& schema) {
    if (spot.node.kind != Kind::kList) return Wrong(spot, "is not a list of names");
    for (const Node::Entry& entry : spot.node.entries) schema.required.push_back(entry.value->text);
  }

  void Properties(const Spot& spot, Schema& schema) {
    if (spot.node.kind != Kind::kMap) return Wrong(spot, "is not a map of names to schemas");
    for (const Node::Entry& entry : spot.node.entries) {
      schema.properties.push_back({entry.key, Read(spot.Key(entry))});
    }
  }

  void Schemas(const Spot& spot, std::vector<Schema>& out) {
    if (spot.node.kind != Kind::kList || spot.node.entries.empty()) {
      return Wrong(spot, "is not a list of schemas");
    }
    for (std::size_t i = 0; i < spot.node.entries.size(); ++i) out.push_back(Read(spot.Item(i)));
  }

  Mistakes& mistakes_;
};

}  // namespace

Schema ReadSchema(const Spot& spot, Mistakes& mistakes) {
  return SchemaReader(mistakes).Read(spot);
}

}  // namespace stockwatch::config
