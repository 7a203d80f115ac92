#include "config/option_table.h"

namespace stockwatch::config {
namespace {

constexpr std::string_view kCollection = "documents.<collection>";
constexpr std::string_view kHook = "documents.<collection>.hooks[]";
constexpr std::string_view kRename = "documents.<collection>.hooks[].rename";
constexpr std::string_view kDrop = "documents.<collection>.hooks[].drop";
constexpr std::string_view kDefault = "documents.<collection>.hooks[].default";
constexpr std::string_view kConvert = "documents.<collection>.hooks[].convert";
constexpr std::string_view kCompute = "documents.<collection>.hooks[].compute";
constexpr std::string_view kFilter = "documents.<collection>.hooks[].filter";
constexpr std::string_view kRedact = "documents.<collection>.hooks[].redact";
constexpr std::string_view kMask = "documents.<collection>.hooks[].mask";
constexpr std::string_view kHash = "documents.<collection>.hooks[].hash";
constexpr std::string_view kEncrypt = "documents.<collection>.hooks[].encrypt";
constexpr std::string_view kFieldKey = "fields.keys[]";
constexpr TextForm kPath{decode::kPathBytesMax};

Target EnterInventory(Target target) {
  target.collection = &target.settings->decode.inventory;
  return target;
}
Target EnterTransactions(Target target) {
  target.collection = &target.settings->decode.transactions;
  return target;
}
Target EnterThresholds(Target target) {
  target.collection = &target.settings->decode.thresholds;
  return target;
}

Place HookField(const Target& target) {
  return &target.hook->field;
}
Place HookExpression(const Target& target) {
  return &target.hook->expression;
}

constexpr Option kOptions[] = {
    {"", "documents", SectionForm{"documents"},
     "How documents are read that have another shape than the default one."},
    {"documents", "inventory", SectionForm{kCollection, EnterInventory},
     "Documents of `inventory`."},
    {"documents", "transactions", SectionForm{kCollection, EnterTransactions},
     "Documents of `transactions`."},
    {"documents", "thresholds", SectionForm{kCollection, EnterThresholds},
     "Documents of `thresholds`."},
    {kCollection, "schema_version", Form(IntegerForm{1, decode::kSchemaVersionMax}),
     "Schema version of the newest documents.",
     [](const Target& t) -> Place { return &t.collection->schema_version; }},
    {kCollection, "fields",
     PartForm{Part::kFields, "a map of core fields to paths such as qty.available"},
     "Where the core fields of `inventory` and `transactions` stand in documents; by default under "
     "their own names."},
    {kCollection, "hooks", PartForm{Part::kHooks, "a list of hooks, each a map with one key"},
     "What is changed before the fields are read, in this order; at most 64."},
    {kCollection, "upgrades",
     PartForm{Part::kUpgrades, "a map of schema versions to lists of hooks"},
     "The hooks that lead from a schema version to the next; one list for each version below "
     "`schema_version`."},
    {kCollection, "schema",
     PartForm{Part::kSchema, "a JSON Schema of draft 7, without $ref, pattern, format and if"},
     "What a document must be like, in JSON Schema and with `bsonType` as MongoDB's own; held "
     "against it behind the upgrades and before the other hooks. What is not like it is a dead "
     "letter that names the path."},
    {kHook, "rename", SectionForm{kRename},
     "Gives a field another name; a scalar may move to another level."},
    {kRename, "from", Form(kPath), "Path of the field.",
     [](const Target& t) -> Place { return &t.hook->from; }, true},
    {kRename, "to", Form(kPath), "Its new path.",
     [](const Target& t) -> Place { return &t.hook->to; }, true},
    {kHook, "drop", SectionForm{kDrop}, "Takes a field out."},
    {kDrop, "field", Form(kPath), "Path of the field.", HookField, true},
    {kHook, "default", SectionForm{kDefault}, "Sets a field that is missing or null."},
    {kDefault, "field", Form(kPath), "Path of the field.", HookField, true},
    {kDefault, "value", Form(ValueForm{}), "What it is set to.",
     [](const Target& t) -> Place { return &t.hook->value; }, true},
    {kHook, "convert", SectionForm{kConvert},
     "Changes the type of a value, exactly or not at all."},
    {kConvert, "field", Form(kPath), "Path of the field.", HookField, true},
    {kConvert, "to", Form(ChoiceForm{decode::kConversionNames}), "The new type.",
     [](const Target& t) -> Place { return &t.hook->conversion; }, true},
    {kHook, "compute", SectionForm{kCompute}, "Sets a field to the result of an expression."},
    {kCompute, "field", Form(kPath), "Path of the field.", HookField, true},
    {kCompute, "expression", Form(ExpressionForm{}), "Over the fields of the document.",
     HookExpression, true},
    {kHook, "filter", SectionForm{kFilter},
     "Lets the documents through for which the expression is true."},
    {kFilter, "expression", Form(ExpressionForm{}), "Over the fields of the document.",
     HookExpression, true},
    {kHook, "redact", SectionForm{kRedact},
     "Replaces a value by `[redacted]`, wherever the change shows it. Not in `upgrades`."},
    {kRedact, "field", Form(kPath), "Path of the field.", HookField, true},
    {kHook, "mask", SectionForm{kMask},
     "Replaces a text or a number by `***` and its last characters; like `redact` where the change "
     "shows it, and of other values. Not in `upgrades`."},
    {kMask, "field", Form(kPath), "Path of the field.", HookField, true},
    {kMask, "keep", Form(IntegerForm{0, decode::kMaskKeepMax}),
     "Characters that are shown; none of a value that has not twice as many.",
     [](const Target& t) -> Place { return &t.hook->keep; }},
    {kHook, "hash", SectionForm{kHash},
     "Replaces a value by a keyed hash, `hmac:<key id>:<hash>`, by which equal values can be told; "
     "with the first of `fields.keys`. Not in `upgrades`."},
    {kHash, "field", Form(kPath), "Path of the field.", HookField, true},
    {kHook, "encrypt", SectionForm{kEncrypt},
     "Replaces a value by an envelope, `enc:1:<key id>:<text>`, which `stockwatch fields decrypt` "
     "opens; AES-256-GCM with the first of `fields.keys`. Not of fields that the engine reads, nor "
     "in `upgrades`."},
    {kEncrypt, "field", Form(kPath), "Path of the field.", HookField, true},

    {"", "fields", SectionForm{"fields"}, "Sensitive values of documents."},
    {"fields", "keys", PartForm{Part::kFieldKeys, "a list of at most 16 keys"},
     "The keys of `hash` and `encrypt`: the first for new values, the others for old ones."},
    {kFieldKey, "id", Form(TextForm{64}),
     "Its name, which values show: letters, digits, `-`, `_`, `.`.",
     [](const Target& t) -> Place { return &t.field_key->id; }, true},
    {kFieldKey, "file", Form(TextForm{4096}),
     "File with the 32 bytes of the key, as they are, in Base64 or in hex.",
     [](const Target& t) -> Place { return &t.field_key->file; }, true},
};

}  // namespace

std::span<const Option> DocumentOptions() {
  return kOptions;
}

}  // namespace stockwatch::config
