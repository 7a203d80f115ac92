#include "adapters/mongo_source/moment.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "adapters/mongo_source/finds.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

// Of one find: far below what a command may hold, whatever the ids are.
constexpr std::size_t kIdsMax = 1'000;
constexpr std::size_t kIdBytesMax = std::size_t{1} << 20;

// Takes the first of them for one find.
std::vector<std::string> TakeSome(std::vector<std::string>& ids) {
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < ids.size() && count < kIdsMax; ++count) {
    bytes += ids[count].size();
    if (count > 0 && bytes > kIdBytesMax) break;
  }
  const auto end = ids.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<std::string> some(std::make_move_iterator(ids.begin()), std::make_move_iterator(end));
  ids.erase(ids.begin(), end);
  return some;
}

}  // namespace

std::string IdOf(std::string_view document) {
  bson::DocumentWriter writer;
  if (const auto id = bson::Find(document, "_id")) writer.Copy("_id", *id);
  return writer.Finish();
}

Item ShownAt(const Options& options, std::string_view collection, std::string_view document,
             std::uint64_t read_time, std::size_t nth, std::string_view token) {
  bson::DocumentWriter writer;
  writer.BeginDocument("_id").Text("_data", token).End();
  writer.Text("operationType", "insert").Timestamp("clusterTime", read_time);
  writer.BeginDocument("ns").Text("db", options.database).Text("coll", collection).End();
  writer.Document("documentKey", IdOf(document)).Document("fullDocument", document);
  Item item;
  item.bytes = writer.Finish();
  item.read_time = read_time;
  // Behind every change of that cluster time, and none like another.
  item.ordinal = std::numeric_limits<std::uint32_t>::max() - static_cast<std::uint32_t>(nth);
  return item;
}

std::optional<Failure> WithoutMoment(const Batch& batch) {
  if (batch.read_time != 0) return std::nullopt;
  return Failure{FailureKind::kReply,
                 0,
                 "the server does not say of which moment a read is; a snapshot needs MongoDB 5.0 "
                 "or later (source.mongo.snapshot: never goes without one)",
                 {}};
}

std::string ByIdsCommand(std::string_view collection, const std::vector<std::string>& ids) {
  bson::DocumentWriter writer;
  writer.Text("find", collection);
  writer.BeginDocument("filter").BeginDocument("_id").BeginArray("$in");
  for (const std::string& id : ids) writer.Copy({}, *bson::Find(id, "_id"));
  writer.End().End().End();
  writer.Int64("batchSize", static_cast<std::int64_t>(ids.size()));
  writer.BeginDocument("readConcern").Text("level", "snapshot").End();
  return writer.Finish();
}

std::variant<std::vector<Item>, Failure> ReadNow(const Options& options, const Link& link,
                                                 std::string_view collection,
                                                 std::vector<std::string> ids,
                                                 std::uint64_t not_before) {
  std::vector<Item> items;
  while (!ids.empty()) {
    std::vector<std::string> some = TakeSome(ids);
    Finds find(link, {});
    find.Ask(ByIdsCommand(collection, some));
    auto read = find.Take();
    if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
    const Batch& batch = std::get<Batch>(read);
    if (auto failure = WithoutMoment(batch)) return *std::move(failure);
    if (batch.read_time < not_before) {
      return Failure{FailureKind::kNetwork, 0, "the server is behind what the stream showed", {}};
    }
    const std::string token = "read-" + std::to_string(batch.read_time) + "-";
    std::set<std::string> shown;
    for (const std::string_view document : batch.documents) {
      items.push_back(ShownAt(options, collection, document, batch.read_time, items.size(),
                              token + std::to_string(items.size())));
      shown.insert(IdOf(document));
    }
    if (batch.cursor == 0) continue;
    // A reply as large as a reply may be: what it did not show may be there.
    std::erase_if(some, [&](const std::string& id) { return shown.contains(id); });
    if (shown.empty()) return Failure{FailureKind::kReply, 0, "a read shows nothing", {}};
    ids.insert(ids.end(), std::make_move_iterator(some.begin()),
               std::make_move_iterator(some.end()));
  }
  return items;
}

}  // namespace stockwatch::mongo_source
