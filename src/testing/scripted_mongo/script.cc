#include "testing/scripted_mongo/script.h"

#include <cstdio>

#include "base/assertion.h"
#include "wire/bson/bson_writer.h"

namespace stockwatch::scripted_mongo {
namespace {

Fields EventHead(std::string_view operation, ClusterTime at, const Fields& token) {
  return {{"_id", token},
          {"operationType", std::string(operation)},
          {"clusterTime", TimestampOf(at)},
          {"wallTime", Value::Date(std::int64_t{at.seconds} * 1000 + 120)}};
}

Fields NamespaceOf(std::string_view collection) {
  Fields names{{"db", "shop"}};
  if (!collection.empty()) names.push_back({"coll", std::string(collection)});
  return names;
}

Answer BatchReply(const Batch& batch, const char* name) {
  std::vector<Value> events(batch.events.begin(), batch.events.end());
  Fields cursor{
      {name, Value::Array(std::move(events))}, {"id", batch.cursor}, {"ns", "shop.$cmd.aggregate"}};
  if (!batch.token.empty()) cursor.push_back({"postBatchResumeToken", batch.token});
  return Ok({{"cursor", cursor}, {"operationTime", TimestampOf(batch.operation_time)}});
}

}  // namespace

std::string Bson(const Fields& fields) {
  std::string bytes;
  const base::Status written = bson::WriteBson(testing::MakeDocument(fields), 0, bytes);
  SW_ASSERT(written.ok(), "a script's document can be written");
  return bytes;
}

Answer Ok(Fields more) {
  more.push_back({"ok", 1.0});
  return {.body = Bson(more), .manner = Answer::Manner::kWhole, .delay = {}};
}

Answer Failure(int code, std::string message, std::vector<std::string> labels) {
  Fields fields{
      {"ok", 0.0}, {"errmsg", std::move(message)}, {"code", code}, {"codeName", "Scripted"}};
  if (!labels.empty()) {
    fields.push_back({"errorLabels", Value::Array({labels.begin(), labels.end()})});
  }
  return {.body = Bson(fields), .manner = Answer::Manner::kWhole, .delay = {}};
}

Value TimestampOf(ClusterTime at) {
  return Value::Timestamp(
      static_cast<std::int64_t>(std::uint64_t{at.seconds} << 32 | at.increment));
}

Fields TokenOf(ClusterTime at, std::uint32_t number) {
  char data[64];
  std::snprintf(data, sizeof data, "82%08X%08X2B0229296E1404%08X", at.seconds, at.increment,
                number);
  return {{"_data", data}};
}

Fields EventOf(std::string_view operation, std::string_view collection, ClusterTime at,
               const Fields& document, std::uint32_t number) {
  Fields event = EventHead(operation, at, TokenOf(at, number));
  if (operation != "delete") event.push_back({"fullDocument", document});
  event.push_back({"ns", NamespaceOf(collection)});
  for (const testing::Field& field : document) {
    if (field.name == "_id") event.push_back({"documentKey", Fields{field}});
  }
  return event;
}

Fields ControlOf(std::string_view operation, std::string_view collection, ClusterTime at,
                 Fields more) {
  Fields event = EventHead(operation, at, TokenOf(at));
  if (operation != "invalidate") event.push_back({"ns", NamespaceOf(collection)});
  for (testing::Field& field : more) event.push_back(std::move(field));
  return event;
}

Answer FirstBatch(const Batch& batch) {
  return BatchReply(batch, "firstBatch");
}
Answer NextBatch(const Batch& batch) {
  return BatchReply(batch, "nextBatch");
}

}  // namespace stockwatch::scripted_mongo
