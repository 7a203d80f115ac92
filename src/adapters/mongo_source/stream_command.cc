#include "adapters/mongo_source/stream_command.h"

#include <charconv>
#include <cstring>

#include "base/digest.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

void WriteStart(const Start& start, bson::DocumentWriter& writer) {
  switch (start.kind) {
    case StartKind::kNow:
      return;
    case StartKind::kResumeAfter:
      writer.Document("resumeAfter", start.token);
      return;
    case StartKind::kStartAfter:
      writer.Document("startAfter", start.token);
      return;
    case StartKind::kStartAtOperationTime:
      writer.Timestamp("startAtOperationTime", start.time);
      return;
  }
}

void WriteOperations(std::initializer_list<std::string_view> operations,
                     bson::DocumentWriter& writer) {
  writer.BeginDocument("operationType").BeginArray("$in");
  for (const std::string_view operation : operations) writer.Text({}, operation);
  writer.End().End();
}

void WriteMatch(const StreamShape& shape, bson::DocumentWriter& writer) {
  writer.BeginDocument("$match").BeginArray("$or");
  writer.BeginDocument({});
  WriteOperations({"drop", "rename", "dropDatabase", "invalidate"}, writer);
  writer.End();
  writer.BeginDocument({});
  WriteOperations({"insert", "update", "replace", "delete"}, writer);
  writer.BeginDocument("ns.coll").BeginArray("$in");
  for (const std::string& collection : shape.collections) writer.Text({}, collection);
  writer.End().End().End();
  writer.End().End();
}

}  // namespace

std::string OpenCommand(const StreamShape& shape, const Start& start, std::int32_t batch_max) {
  bson::DocumentWriter writer;
  writer.Int32("aggregate", 1).BeginArray("pipeline");
  writer.BeginDocument({}).BeginDocument("$changeStream");
  writer.Text("fullDocument", shape.update_images == change_event::UpdateImages::kStored
                                  ? "whenAvailable"
                                  : "updateLookup");
  WriteStart(start, writer);
  writer.End().End();
  writer.BeginDocument({});
  WriteMatch(shape, writer);
  writer.End();
  if (shape.detail != Detail::kAll) {
    writer.BeginDocument({}).BeginDocument("$project");
    writer.Int32("updateDescription", 0).Int32("fullDocumentBeforeChange", 0);
    if (shape.detail == Detail::kLeast) writer.Int32("fullDocument", 0);
    writer.End().End();
  }
  if (shape.split) {
    writer.BeginDocument({}).BeginDocument("$changeStreamSplitLargeEvent").End().End();
  }
  writer.End().BeginDocument("cursor").Int32("batchSize", batch_max).End();
  return writer.Finish();
}

std::string MoreCommand(std::int64_t cursor, std::string_view collection, std::int32_t batch_max,
                        std::int64_t await_ms) {
  bson::DocumentWriter writer;
  writer.Int64("getMore", cursor).Text("collection", collection).Int32("batchSize", batch_max);
  if (await_ms > 0) writer.Int64("maxTimeMS", await_ms);
  return writer.Finish();
}

std::string BuildInfoCommand() {
  return bson::DocumentWriter().Int32("buildInfo", 1).Finish();
}

bool SaysThatItSplits(std::string_view build_info) {
  constexpr std::string_view kSixZero = "6.0.";
  constexpr int kFirstPatch = 9;
  const auto version = bson::Find(build_info, "version");
  std::string_view text =
      version ? version->Text().value_or(std::string_view()) : std::string_view();
  if (!text.starts_with(kSixZero)) return false;
  text.remove_prefix(kSixZero.size());
  int patch = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), patch);
  return read.ec == std::errc() && patch >= kFirstPatch;
}

std::string KillCommand(std::int64_t cursor, std::string_view collection) {
  bson::DocumentWriter writer;
  writer.Text("killCursors", collection).BeginArray("cursors").Int64({}, cursor).End();
  return writer.Finish();
}

std::uint64_t HashOf(const StreamShape& shape) {
  bson::DocumentWriter writer;
  writer.Text("database", shape.database);
  WriteMatch(shape, writer);
  const auto digest = base::Sha256Of(writer.Finish());
  std::uint64_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

}  // namespace stockwatch::mongo_source
