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

void FinishFind(bson::DocumentWriter& writer, std::int64_t limit) {
  writer.BeginDocument("hint").Int32("_id", 1).End();
  writer.BeginDocument("sort").Int32("_id", 1).End();
  writer.Int64("limit", limit).Int64("batchSize", limit).Bool("singleBatch", true);
  writer.BeginDocument("readConcern").Text("level", "snapshot").End();
}

}  // namespace

std::string FindCommand(std::string_view collection, std::string_view last_id,
                        std::uint32_t documents_max) {
  bson::DocumentWriter writer;
  writer.Text("find", collection);
  if (!last_id.empty()) writer.Document("min", last_id);
  // The one at which the last piece ended comes again.
  FinishFind(writer, static_cast<std::int64_t>(documents_max) + (last_id.empty() ? 0 : 1));
  return writer.Finish();
}

std::string EdgeCommand(std::string_view collection, std::string_view from, std::uint32_t ids) {
  bson::DocumentWriter writer;
  writer.Text("find", collection).Int64("skip", ids);
  if (!from.empty()) writer.Document("min", from);
  writer.BeginDocument("projection").Int32("_id", 1).End();
  FinishFind(writer, 1);
  return writer.Finish();
}

std::string PartCommand(std::string_view collection, std::string_view filter, std::string_view from,
                        std::string_view to, std::uint32_t documents_max) {
  bson::DocumentWriter writer;
  writer.Text("find", collection).Document("filter", filter);
  if (!from.empty()) writer.Document("min", from);
  if (!to.empty()) writer.Document("max", to);
  FinishFind(writer, documents_max);
  return writer.Finish();
}

Snapshot::Snapshot(const Options& options, const Link& link, SnapshotPlace place)
    : options_(options), link_(link), place_(std::move(place)) {
  // Old movements teach nothing that the documents do not say.
  for (const std::string* name :
       {&options.collections.inventory, &options.collections.thresholds}) {
    const bool part = !place_.filter.empty();
    if (!name->empty() && !(part && name == &options.collections.thresholds)) {
      left_.push_back(*name);
    }
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
    if (!place_.filter.empty()) return ReadPart();
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

std::variant<Batch, Failure> Snapshot::Find(std::string_view command) const {
  Answer answer = link_.send(command);
  if (answer.failure) return *std::move(answer.failure);
  auto read = ReadBatch(std::move(answer.bytes));
  if (std::holds_alternative<Failure>(read) || std::get<Batch>(read).read_time != 0) return read;
  return Failure{FailureKind::kReply,
                 0,
                 "the server does not say of which moment a read is; a snapshot needs MongoDB 5.0 "
                 "or later (source.mongo.snapshot: never goes without one)",
                 {}};
}

void Snapshot::Add(const Batch& batch, std::string_view document, Chunk& chunk) {
  Item item;
  item.bytes = InsertEvent(options_, place_, batch, document);
  item.read_time = batch.read_time;
  // Behind every change of that cluster time, and none like another.
  item.ordinal =
      std::numeric_limits<std::uint32_t>::max() - static_cast<std::uint32_t>(chunk.items.size());
  chunk.items.push_back(std::move(item));
  ++place_.documents;
}

std::variant<Chunk, Failure> Snapshot::Read() {
  auto read = Find(FindCommand(place_.collection, place_.last_id, options_.snapshot_documents));
  if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
  const Batch& batch = std::get<Batch>(read);
  Chunk chunk;
  std::string last_id = place_.last_id;
  for (const std::string_view document : batch.documents) {
    std::string id = IdOf(document);
    if (id == place_.last_id) continue;
    Add(batch, document, chunk);
    last_id = std::move(id);
  }
  if (place_.since == 0) place_.since = batch.read_time;
  place_.last_id = std::move(last_id);
  chunk.place = place_;
  return chunk;
}

std::variant<Chunk, Failure> Snapshot::ReadPart() {
  const std::uint32_t ids = options_.snapshot_documents;
  auto edge = Find(EdgeCommand(place_.collection, place_.last_id, ids));
  if (auto* failure = std::get_if<Failure>(&edge)) return std::move(*failure);
  const Batch& behind = std::get<Batch>(edge);
  std::string to = behind.documents.empty() ? std::string() : IdOf(behind.documents.front());
  // Some more than there were: what was inserted since comes by the stream too, but must not push
  // others out.
  const std::uint32_t most = 2 * ids;
  auto read = Find(PartCommand(place_.collection, place_.filter, place_.last_id, to, most));
  if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
  const Batch& batch = std::get<Batch>(read);
  const bool all = batch.documents.size() < most;
  Chunk chunk;
  for (const std::string_view document : batch.documents) {
    // The last of those that may not be all is the first of the next piece.
    if (!all && document.data() == batch.documents.back().data()) break;
    Add(batch, document, chunk);
  }
  if (!all) to = IdOf(batch.documents.back());
  if (to.empty()) left_.clear();
  if (place_.since == 0) place_.since = batch.read_time;
  place_.last_id = std::move(to);
  chunk.place = place_;
  return chunk;
}

}  // namespace stockwatch::mongo_source
