#include "wire/change_event/change_event.h"

#include <array>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace stockwatch::change_event {
namespace {

using event::Image;
using event::Operation;
using event::RawChange;
using event::RawDocument;
using event::RawValue;
using event::Reject;
using event::ValueType;

constexpr std::uint32_t kNone = RawDocument::kNone;

struct OperationName {
  std::string_view name;
  Operation operation;
};
constexpr std::array<OperationName, 8> kOperations{{{"insert", Operation::kInsert},
                                                    {"update", Operation::kUpdate},
                                                    {"replace", Operation::kReplace},
                                                    {"delete", Operation::kDelete},
                                                    {"drop", Operation::kDrop},
                                                    {"rename", Operation::kRename},
                                                    {"dropDatabase", Operation::kDropDatabase},
                                                    {"invalidate", Operation::kInvalidate}}};

// The nodes of the event's fields that matter; kNone where a field is missing or null.
struct Fields {
  std::uint32_t id = kNone;
  std::uint32_t operation_type = kNone;
  std::uint32_t cluster_time = kNone;
  std::uint32_t wall_time = kNone;
  std::uint32_t ns = kNone;
  std::uint32_t document_key = kNone;
  std::uint32_t full_document = kNone;
};

struct FieldName {
  std::string_view name;
  std::uint32_t Fields::* node;
};
constexpr std::array<FieldName, 7> kFieldNames{{{"_id", &Fields::id},
                                                {"operationType", &Fields::operation_type},
                                                {"clusterTime", &Fields::cluster_time},
                                                {"wallTime", &Fields::wall_time},
                                                {"ns", &Fields::ns},
                                                {"documentKey", &Fields::document_key},
                                                {"fullDocument", &Fields::full_document}}};

Reject Rejected(std::string_view reason, std::string message) {
  return {event::Stage::kRead, reason, "cannot read change event: " + std::move(message)};
}

Reject Missing(std::string_view reason, std::string_view field) {
  return Rejected(reason, "no field \"" + std::string(field) + "\"");
}

Reject WrongType(std::string_view field, const RawValue& value) {
  return Rejected("malformed event", "field \"" + std::string(field) + "\" has the wrong type: " +
                                         std::string(event::TypeName(value.type)));
}

Fields FindFields(const RawDocument& event) {
  Fields fields;
  const std::uint32_t end = event.at(0).end;
  for (std::uint32_t i = 1; i < end; i = event.at(i).end) {
    if (event.at(i).type == ValueType::kNull) continue;
    for (const FieldName& field : kFieldNames) {
      if (event.at(i).name == field.name) {
        if (fields.*field.node == kNone) fields.*field.node = i;
        break;
      }
    }
  }
  return fields;
}

// A filled string at `path` = "parent.child" below the document `parent`.
struct StringField {
  std::uint32_t parent;
  std::string_view name;
  std::string_view path;
  std::string_view reason;  // if it is missing
};

std::optional<Reject> ReadString(const RawDocument& event, const StringField& field,
                                 std::string_view& text) {
  const std::uint32_t node = field.parent == kNone ? kNone : event.Find(field.parent, field.name);
  if (node == kNone || event.at(node).type == ValueType::kNull) {
    return Missing(field.reason, field.path);
  }
  if (event.at(node).type != ValueType::kString) return WrongType(field.path, event.at(node));
  text = event.at(node).bytes;
  if (text.empty()) return Missing(field.reason, field.path);
  return std::nullopt;
}

std::optional<Reject> ReadOperation(const Fields& fields, RawChange& change) {
  if (fields.operation_type == kNone) return Missing("malformed event", "operationType");
  const RawValue& value = change.event.at(fields.operation_type);
  if (value.type != ValueType::kString) return WrongType("operationType", value);
  for (const OperationName& known : kOperations) {
    if (known.name == value.bytes) {
      change.operation = known.operation;
      return std::nullopt;
    }
  }
  return Rejected("unknown operation",
                  "operation \"" + std::string(value.bytes.substr(0, 64)) + "\"");
}

std::optional<Reject> ReadTimes(const Fields& fields, RawChange& change) {
  if (fields.cluster_time == kNone) return Missing("no cluster time", "clusterTime");
  const RawValue& cluster_time = change.event.at(fields.cluster_time);
  if (cluster_time.type != ValueType::kTimestamp) return WrongType("clusterTime", cluster_time);
  const auto bits = static_cast<std::uint64_t>(cluster_time.integer);
  change.position.seconds = static_cast<std::uint32_t>(bits >> 32);
  change.position.increment = static_cast<std::uint32_t>(bits);
  if (change.position.seconds == 0) return Missing("no cluster time", "clusterTime.t");
  if (fields.wall_time == kNone) return std::nullopt;
  const RawValue& wall_time = change.event.at(fields.wall_time);
  if (wall_time.type != ValueType::kDate) return WrongType("wallTime", wall_time);
  const base::Result<base::Instant> instant = base::Instant::FromMillis(wall_time.integer);
  if (!instant.ok())
    return Rejected("malformed event", "field \"wallTime\": " + instant.error().message);
  change.wall_time = instant.value();
  return std::nullopt;
}

std::optional<Reject> ReadNamespace(const Fields& fields, RawChange& change) {
  if (change.operation == Operation::kInvalidate) return std::nullopt;
  if (auto reject =
          ReadString(change.event, {fields.ns, "db", "ns.db", "no namespace"}, change.database)) {
    return reject;
  }
  if (change.operation == Operation::kDropDatabase) return std::nullopt;
  return ReadString(change.event, {fields.ns, "coll", "ns.coll", "no namespace"},
                    change.collection);
}

bool ConcernsDocument(Operation operation) {
  return operation == Operation::kInsert || operation == Operation::kUpdate ||
         operation == Operation::kReplace || operation == Operation::kDelete;
}

std::optional<Reject> ReadDocument(const Fields& fields, UpdateImages update_images,
                                   RawChange& change) {
  if (!ConcernsDocument(change.operation)) return std::nullopt;
  if (fields.document_key != kNone) {
    change.document_key = change.event.Find(fields.document_key, "_id");
  }
  if (change.document_key == kNone) return Missing("no document key", "documentKey._id");
  if (change.operation == Operation::kDelete) return std::nullopt;
  const bool is_update = change.operation == Operation::kUpdate;
  if (fields.full_document == kNone) {
    if (is_update) return std::nullopt;  // gone when the server looked
    return Missing("no full document", "fullDocument");
  }
  const RawValue& document = change.event.at(fields.full_document);
  if (document.type != ValueType::kDocument) return WrongType("fullDocument", document);
  change.full_document = fields.full_document;
  change.image =
      is_update && update_images == UpdateImages::kLookup ? Image::kLookup : Image::kExact;
  return std::nullopt;
}

void Reset(RawChange& change) {
  change.image = Image::kNone;
  change.token = {};
  change.wall_time.reset();
  change.database = {};
  change.collection = {};
  change.document_key = kNone;
  change.full_document = kNone;
}

}  // namespace

std::optional<Reject> ToRawChange(RawChange& change, UpdateImages update_images) {
  Reset(change);
  const RawDocument& event = change.event;
  if (event.empty() || event.at(0).type != ValueType::kDocument) {
    return Rejected("malformed event", "it is no document");
  }
  const Fields fields = FindFields(event);
  // Token and cluster time first: the reader's place moves on with whatever carries them.
  if (auto reject =
          ReadString(event, {fields.id, "_data", "_id._data", "no token"}, change.token)) {
    return reject;
  }
  if (auto reject = ReadTimes(fields, change)) return reject;
  if (auto reject = ReadOperation(fields, change)) return reject;
  if (auto reject = ReadNamespace(fields, change)) return reject;
  return ReadDocument(fields, update_images, change);
}

}  // namespace stockwatch::change_event
