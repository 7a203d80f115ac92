#include "adapters/mongo_source/snapshot.h"

#include <algorithm>
#include <limits>

#include "adapters/mongo_source/reply.h"
#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

std::string IdOf(std::string_view document) {
  bson::DocumentWriter writer;
  if (const auto id = bson::Find(document, "_id")) writer.Copy("_id", *id);
  return writer.Finish();
}

// The change event of an insert, as a stream would show it.
std::string InsertEvent(const Options& options, const SnapshotPlace& place, const Batch& batch,
                        std::string_view document) {
  bson::DocumentWriter writer;
  writer.BeginDocument("_id");
  writer.Text("_data",
              "snapshot-" + std::to_string(place.run) + "-" + std::to_string(place.documents));
  writer.End();
  writer.Text("operationType", "insert").Timestamp("clusterTime", batch.read_time);
  writer.BeginDocument("ns").Text("db", options.database).Text("coll", place.collection).End();
  writer.Document("documentKey", IdOf(document)).Document("fullDocument", document);
  return writer.Finish();
}

}  // namespace

std::string FindCommand(std::string_view collection, std::string_view last_id,
                        std::uint32_t documents_max) {
  bson::DocumentWriter writer;
  writer.Text("find", collection);
  if (!last_id.empty()) writer.Document("min", last_id);
  writer.BeginDocument("hint").Int32("_id", 1).End();
  writer.BeginDocument("sort").Int32("_id", 1).End();
  // The one at which the last piece ended comes again.
  const auto limit = static_cast<std::int64_t>(documents_max) + (last_id.empty() ? 0 : 1);
  writer.Int64("limit", limit).Int64("batchSize", limit).Bool("singleBatch", true);
  writer.BeginDocument("readConcern").Text("level", "snapshot").End();
  return writer.Finish();
}

Snapshot::Snapshot(const Options& options, const Link& link, SnapshotPlace place)
    : options_(options), link_(link), place_(std::move(place)) {
  // Old movements teach nothing that the documents do not say.
  for (const std::string* name :
       {&options.collections.inventory, &options.collections.thresholds}) {
    if (!name->empty()) left_.push_back(*name);
  }
  const auto at = std::find(left_.begin(), left_.end(), place_.collection);
  if (at != left_.end()) {
    left_.erase(left_.begin(), at);
  } else {
    place_.collection.clear();
    place_.last_id.clear();
  }
}

std::variant<Chunk, Failure> Snapshot::Next() {
  while (!left_.empty()) {
    if (place_.collection != left_.front()) {
      place_.collection = left_.front();
      place_.last_id.clear();
    }
    auto chunk = Read();
    if (const auto* read = std::get_if<Chunk>(&chunk); read != nullptr && read->items.empty()) {
      left_.erase(left_.begin());
      continue;
    }
    return chunk;
  }
  Chunk end;
  end.place = place_;
  end.ended = true;
  return end;
}

std::variant<Chunk, Failure> Snapshot::Read() {
  Answer answer =
      link_.send(FindCommand(place_.collection, place_.last_id, options_.snapshot_documents));
  if (answer.failure) return *std::move(answer.failure);
  auto read = ReadBatch(std::move(answer.bytes));
  if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
  const Batch& batch = std::get<Batch>(read);
  if (batch.read_time == 0) {
    return Failure{
        FailureKind::kReply,
        0,
        "the server does not say of which moment a read is; a snapshot needs MongoDB 5.0 "
        "or later (source.mongo.snapshot: never goes without one)",
        {}};
  }
  Chunk chunk;
  std::string last_id = place_.last_id;
  for (const std::string_view document : batch.documents) {
    std::string id = IdOf(document);
    if (id == place_.last_id) continue;
    Item item;
    item.bytes = InsertEvent(options_, place_, batch, document);
    item.read_time = batch.read_time;
    // Behind every change of that cluster time, and none like another.
    item.ordinal =
        std::numeric_limits<std::uint32_t>::max() - static_cast<std::uint32_t>(chunk.items.size());
    chunk.items.push_back(std::move(item));
    last_id = std::move(id);
    ++place_.documents;
  }
  if (place_.since == 0) place_.since = batch.read_time;
  place_.last_id = std::move(last_id);
  chunk.place = place_;
  return chunk;
}

}  // namespace stockwatch::mongo_source
