#include "domain/decode/decoder.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/assertion.h"
#include "domain/decode/apply_hooks.h"
#include "domain/decode/collection.h"
#include "domain/decode/core_fields.h"
#include "domain/decode/document_key.h"
#include "domain/decode/field_reader.h"
#include "domain/decode/item_fields.h"
#include "domain/decode/read_value.h"
#include "domain/decode/redaction.h"
#include "domain/decode/reject_reasons.h"
#include "domain/decode/rule_reader.h"
#include "domain/decode/schema.h"
#include "domain/decode/show_value.h"

namespace stockwatch::decode {
namespace {

using event::Change;
using event::Control;
using event::ControlKind;
using event::Image;
using event::Operation;
using event::RawChange;
using event::RawDocument;
using event::RawValue;
using event::Reject;
using event::ValueType;

constexpr std::string_view kCollectionAuthor = "mongodb";

Decoded Refuse(std::string_view reason, std::string message) {
  return Reject{event::Stage::kDecode, reason, std::move(message)};
}

Decoded Count(const RawChange& raw, ControlKind kind) {
  return Change{raw.position, Control{kind}};
}

// The document to read: that of the event, or its rewritten copy.
struct Source {
  const RawDocument& document;
  std::uint32_t root;
};
struct Filtered {};
using Prepared = std::variant<Source, Filtered, Reject>;

std::optional<Reject> CheckedVersion(const RawValue* value, int newest, std::int64_t& version) {
  version = 1;
  if (value == nullptr || value->type == ValueType::kNull) return std::nullopt;
  const auto reading = ReadDecimal(*value, {0, kSchemaVersionMax});
  const auto* number = std::get_if<std::int64_t>(&reading);
  if (number == nullptr || *number < 1 || *number > newest) {
    return Reject{
        event::Stage::kDecode, kUnknownSchemaVersion,
        "schema version is none from 1 to " + std::to_string(newest) + ": " + ShowValue(*value)};
  }
  version = *number;
  return std::nullopt;
}

}  // namespace

class Decoder::State {
 public:
  State(Options options, Seal seal)
      : seal_(std::move(seal)),
        database_(std::move(options.database)),
        inventory_("inventory", std::move(options.inventory), kInventoryFieldNames),
        transactions_("transactions", std::move(options.transactions), kTransactionFieldNames),
        thresholds_("thresholds", std::move(options.thresholds), {}) {
    settings_.fixed_warehouse = std::move(options.warehouse.fixed_id);
    settings_.warehouses.insert(options.warehouse.mapping.begin(), options.warehouse.mapping.end());
    settings_.currency = options.currency;
  }

  Decoded Decode(RawChange& raw);
  bool Protect(RawChange& raw) const;
  bool Protects() const {
    return !inventory_.protections.empty() || !transactions_.protections.empty() ||
           !thresholds_.protections.empty();
  }
  std::optional<std::string> InventoryKeyOf(const RawChange& raw) const;

 private:
  // Null: none of ours.
  const Collection* CollectionOf(const RawChange& raw) const;
  Decoded DecodeControl(const RawChange& raw) const;
  Decoded DecodeInventory(RawChange& raw);
  Decoded DecodeTransaction(RawChange& raw);
  Decoded DecodeThreshold(RawChange& raw);

  Prepared Prepare(const Collection& collection, RawChange& raw);
  Prepared Rewrite(const Collection& collection, RawChange& raw);
  // The change, whose body `read` makes of its document.
  template <typename Field, typename Read>
  Decoded DecodeItem(const Collection& collection, RawChange& raw, Read&& read);

  Seal seal_;
  std::string database_;
  Collection inventory_;
  Collection transactions_;
  Collection thresholds_;
  ItemSettings settings_;
  RawDocument rewritten_;
};

const Collection* Decoder::State::CollectionOf(const RawChange& raw) const {
  if (raw.collection.empty()) return nullptr;
  if (!database_.empty() && raw.database != database_) return nullptr;
  for (const Collection* collection : {&transactions_, &inventory_, &thresholds_}) {
    if (collection->options.name == raw.collection) return collection;
  }
  return nullptr;
}

Decoded Decoder::State::Decode(RawChange& raw) {
  switch (raw.operation) {
    case Operation::kDrop:
    case Operation::kRename:
    case Operation::kDropDatabase:
    case Operation::kInvalidate:
      return DecodeControl(raw);
    case Operation::kInsert:
    case Operation::kUpdate:
    case Operation::kReplace:
    case Operation::kDelete:
      break;
  }
  const Collection* collection = CollectionOf(raw);
  if (collection == nullptr) return Count(raw, ControlKind::kOtherCollection);
  decode::Protect(raw, collection->options.name, collection->protections, seal_);
  if (collection == &transactions_) return DecodeTransaction(raw);
  return collection == &inventory_ ? DecodeInventory(raw) : DecodeThreshold(raw);
}

Decoded Decoder::State::DecodeControl(const RawChange& raw) const {
  if (raw.operation == Operation::kInvalidate) return Count(raw, ControlKind::kInvalidate);
  if (raw.operation == Operation::kDropDatabase) {
    const bool ours = database_.empty() || raw.database == database_;
    return Count(raw, ours ? ControlKind::kDropDatabase : ControlKind::kOtherCollection);
  }
  if (CollectionOf(raw) == nullptr) return Count(raw, ControlKind::kOtherCollection);
  return Count(raw, raw.operation == Operation::kDrop ? ControlKind::kDrop : ControlKind::kRename);
}

std::optional<std::string> Decoder::State::InventoryKeyOf(const RawChange& raw) const {
  std::string key;
  // Of what could not be parsed the collection may be unknown.
  if (raw.collection.empty()) return key;
  if (CollectionOf(raw) != &inventory_) return std::nullopt;
  std::uint32_t id = raw.document_key;
  if (id == RawDocument::kNone && raw.full_document < raw.event.size()) {
    id = raw.event.Find(raw.full_document, "_id");
  }
  if (id != RawDocument::kNone) AppendDocumentKey(key, raw.event, id);
  return key;
}

bool Decoder::State::Protect(RawChange& raw) const {
  if (const Collection* collection = CollectionOf(raw)) {
    return decode::Protect(raw, collection->options.name, collection->protections, seal_);
  }
  bool found = false;
  for (const Collection* collection : {&transactions_, &inventory_, &thresholds_}) {
    found = decode::Redact(raw, collection->protections) || found;
  }
  return found;
}

// Looks at what the change carries, then at the schema version, then applies the hooks.
Prepared Decoder::State::Prepare(const Collection& collection, RawChange& raw) {
  const RawDocument& event = raw.event;
  const bool has_document =
      raw.full_document < event.size() && event.at(raw.full_document).type == ValueType::kDocument;
  if (!has_document) {
    return Reject{event::Stage::kDecode, kNoFullDocument, "change carries no document"};
  }
  const std::uint32_t id = event.Find(raw.full_document, "_id");
  if (raw.document_key == RawDocument::kNone) {
    if (id == RawDocument::kNone) {
      return Reject{event::Stage::kDecode, kNoDocumentKey, "change names no document"};
    }
    raw.document_key = id;
  } else if (id != RawDocument::kNone && !SameDocumentKey(event, id, raw.document_key)) {
    return Reject{event::Stage::kDecode, kDocumentKeyMismatch,
                  "document key " + ShowValue(event.at(raw.document_key)) +
                      " is not the _id of the document: " + ShowValue(event.at(id))};
  }
  if (collection.rewrites) return Rewrite(collection, raw);
  return Source{event, raw.full_document};
}

Prepared Decoder::State::Rewrite(const Collection& collection, RawChange& raw) {
  const std::uint32_t root = raw.full_document;
  const std::uint32_t version_index = raw.event.FindPath(root, collection.schema_version_path);
  const RawValue* version_value =
      version_index == RawDocument::kNone ? nullptr : &raw.event.at(version_index);
  std::int64_t version = 1;
  if (auto reject = CheckedVersion(version_value, collection.options.schema_version, version)) {
    return *std::move(reject);
  }
  rewritten_.Clear();
  for (RawValue value : raw.event.nodes().subspan(root, raw.event.at(root).end - root)) {
    value.end -= root;
    rewritten_.Open(value);
  }
  const auto apply = [&](const std::vector<Hook>& hooks, const std::string& setting) {
    return ApplyHooks(hooks, setting, {rewritten_, raw.event});
  };
  auto verdict = base::Result<Verdict>(Verdict::kKept);
  for (auto step = collection.options.upgrades.lower_bound(static_cast<int>(version));
       step != collection.options.upgrades.end() && verdict.ok() &&
       verdict.value() == Verdict::kKept;
       ++step) {
    verdict = apply(step->second, collection.setting + ".upgrades." + std::to_string(step->first));
  }
  const bool upgraded = verdict.ok() && verdict.value() == Verdict::kKept;
  if (upgraded && collection.options.schema) {
    const auto redacted =
        collection.protections.empty() ? RedactedValues::kAreText : RedactedValues::kPass;
    if (const auto violation = FindViolation(*collection.options.schema, rewritten_, 0, redacted)) {
      return Reject{
          event::Stage::kDecode, kSchemaViolation,
          "document is not of the schema " + collection.setting + ".schema: " + *violation};
    }
  }
  if (upgraded) {
    verdict = apply(collection.options.hooks, collection.setting + ".hooks");
  }
  if (!verdict.ok()) {
    return Reject{event::Stage::kDecode, kHookFailed, std::move(verdict).error().message};
  }
  if (verdict.value() == Verdict::kFiltered) return Filtered{};
  return Source{rewritten_, 0};
}

template <typename Field, typename Read>
Decoded Decoder::State::DecodeItem(const Collection& collection, RawChange& raw, Read&& read) {
  Prepared prepared = Prepare(collection, raw);
  if (auto* reject = std::get_if<Reject>(&prepared)) return std::move(*reject);
  if (std::holds_alternative<Filtered>(prepared)) return Count(raw, ControlKind::kFiltered);
  const Source& source = std::get<Source>(prepared);
  FieldReader<Field> reader(collection.table, source.document, source.root);
  if (!collection.rewrites) {
    std::int64_t version = 1;
    auto reject = CheckedVersion(reader.Find(Field::kSchemaVersion),
                                 collection.options.schema_version, version);
    if (reject) return *std::move(reject);
  }
  Decoded decoded(std::in_place_type<Change>, Change{raw.position, Control{}});
  read(reader, std::get<Change>(decoded).body);
  if (!reader.ok()) decoded = reader.TakeReject();
  return decoded;
}

constexpr const char* kKeyTooLong = "the document key is too long";

// The canonical bytes of the document's key; one that no record can hold is a bad one.
template <typename Reader>
std::string_view ReadDocumentKey(Reader& reader, RawChange& raw) {
  const std::string_view key = KeepDocumentKey(raw.event, raw.document_key);
  if (key.size() > kDocumentKeyBytesMax) reader.FailWithoutValue(kBadId, kKeyTooLong);
  return key;
}

Decoded Decoder::State::DecodeInventory(RawChange& raw) {
  const bool has_document = raw.operation != Operation::kDelete &&
                            (raw.operation != Operation::kUpdate || raw.image != Image::kNone);
  if (has_document) {
    return DecodeItem<InventoryField>(inventory_, raw, [&](auto& reader, event::ChangeBody& body) {
      auto& image = body.emplace<event::InventoryImage>(ReadInventory(reader, settings_, raw));
      image.document_key = ReadDocumentKey(reader, raw);
    });
  }
  if (raw.document_key == RawDocument::kNone) {
    return Refuse(kNoDocumentKey, "change names no document");
  }
  const std::string_view key = KeepDocumentKey(raw.event, raw.document_key);
  if (key.size() > kDocumentKeyBytesMax) return Refuse(kBadId, kKeyTooLong);
  if (raw.operation == Operation::kDelete) {
    return Change{raw.position, event::InventoryDelete{key}};
  }
  return Change{raw.position, event::InventoryGone{key}};
}

Decoded Decoder::State::DecodeTransaction(RawChange& raw) {
  if (raw.operation == Operation::kDelete) return Count(raw, ControlKind::kTransactionExpired);
  if (raw.operation != Operation::kInsert) {
    const std::string id = raw.document_key == RawDocument::kNone
                               ? "without document key"
                               : ShowValue(raw.event.at(raw.document_key));
    return Refuse(kTransactionUpdated,
                  "transactions are inserted once and never updated or replaced: " + id);
  }
  return DecodeItem<TransactionField>(
      transactions_, raw, [&](auto& reader, event::ChangeBody& body) {
        auto& transaction =
            body.emplace<event::Transaction>(ReadTransaction(reader, settings_, raw));
        transaction.document_key = ReadDocumentKey(reader, raw);
      });
}

Decoded Decoder::State::DecodeThreshold(RawChange& raw) {
  if (raw.operation == Operation::kDelete) {
    if (raw.document_key == RawDocument::kNone) {
      return Refuse(kNoDocumentKey, "change names no document");
    }
    const RawValue& key = raw.event.at(raw.document_key);
    auto id = ReadIdText(key);
    if (const auto* fault = std::get_if<Fault>(&id)) {
      return Refuse(kBadId, "field \"_id\" " + fault->text + ": " + ShowValue(key));
    }
    return Change{raw.position, event::RuleRemoval{std::get<std::string>(std::move(id))}};
  }
  if (raw.operation == Operation::kUpdate && raw.image == Image::kNone) {
    return Count(raw, ControlKind::kRuleGone);
  }
  Prepared prepared = Prepare(thresholds_, raw);
  if (auto* reject = std::get_if<Reject>(&prepared)) return std::move(*reject);
  if (std::holds_alternative<Filtered>(prepared)) return Count(raw, ControlKind::kFiltered);
  const Source& source = std::get<Source>(prepared);
  if (!thresholds_.rewrites) {
    const std::uint32_t index = source.document.Find(source.root, kSchemaVersionField);
    std::int64_t version = 1;
    auto reject = CheckedVersion(index == RawDocument::kNone ? nullptr : &source.document.at(index),
                                 thresholds_.options.schema_version, version);
    if (reject) return *std::move(reject);
  }
  auto rule = ReadRule(source.document, source.root, kCollectionAuthor);
  if (auto* reject = std::get_if<Reject>(&rule)) return std::move(*reject);
  auto& decoded = std::get<event::Rule>(rule);
  if (auto status = event::ValidateRule(decoded); !status.ok()) {
    return Refuse(kBadRule, std::move(status).error().message);
  }
  return Change{raw.position, event::RuleUpsert{std::move(decoded)}};
}

Decoder::Decoder(Options options, Seal seal) {
  SW_ASSERT(options.Validate().empty(), "options are validated before they are used");
  state_ = std::make_unique<State>(std::move(options), std::move(seal));
}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Decoded Decoder::Decode(RawChange& raw) {
  return state_->Decode(raw);
}

std::optional<std::string> Decoder::InventoryKeyOf(const RawChange& raw) const {
  return state_->InventoryKeyOf(raw);
}

bool Decoder::Protects() const {
  return state_->Protects();
}

bool Decoder::Protect(RawChange& raw) const {
  return state_->Protect(raw);
}

base::Result<event::Rule> DecodeRule(const RawDocument& document, std::uint32_t root,
                                     std::string_view author_default) {
  auto rule = ReadRule(document, root, author_default);
  if (auto* reject = std::get_if<Reject>(&rule)) {
    return base::Error{base::Code::kInvalidArgument, std::move(reject->message)};
  }
  return std::get<event::Rule>(std::move(rule));
}

}  // namespace stockwatch::decode
