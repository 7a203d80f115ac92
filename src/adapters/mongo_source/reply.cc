#include "adapters/mongo_source/reply.h"

#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

Failure Senseless(std::string_view what) {
  return {FailureKind::kReply, 0, "the server's reply makes no sense: " + std::string(what), {}};
}

// False: the bytes are no array of documents.
bool ReadDocuments(std::string_view array, std::vector<std::string_view>& documents) {
  bson::Elements elements(array);
  bson::Element element;
  while (elements.Next(element)) {
    const auto document = element.Document();
    if (!document) return false;
    documents.push_back(*document);
  }
  return elements.ok();
}

// False: it is no cursor.
bool ReadCursor(std::string_view cursor, Batch& batch) {
  bool has_id = false;
  bool has_documents = false;
  bson::Elements elements(cursor);
  bson::Element element;
  while (elements.Next(element)) {
    if (element.name == "id") {
      const auto id = element.Whole();
      if (!id) return false;
      batch.cursor = *id;
      has_id = true;
    } else if (element.name == "firstBatch" || element.name == "nextBatch") {
      const auto array = element.Array();
      if (!array || !ReadDocuments(*array, batch.documents)) return false;
      has_documents = true;
    } else if (element.name == "postBatchResumeToken") {
      batch.token = element.Document().value_or(std::string_view());
    } else if (element.name == "atClusterTime") {
      batch.read_time = element.Timestamp().value_or(0);
    }
  }
  return elements.ok() && has_id && has_documents;
}

}  // namespace

std::variant<Batch, Failure> ReadBatch(std::string bytes) {
  Batch batch;
  batch.bytes = std::move(bytes);
  bool has_cursor = false;
  bson::Elements elements(batch.bytes);
  bson::Element element;
  while (elements.Next(element)) {
    if (element.name == "cursor") {
      const auto cursor = element.Document();
      if (!cursor || !ReadCursor(*cursor, batch)) return Senseless("a cursor of another shape");
      has_cursor = true;
    } else if (element.name == "operationTime") {
      batch.operation_time = element.Timestamp().value_or(0);
    } else if (element.name == "atClusterTime" && batch.read_time == 0) {
      batch.read_time = element.Timestamp().value_or(0);
    }
  }
  if (!elements.ok()) return Senseless("no BSON");
  if (!has_cursor) return Senseless("no cursor");
  return batch;
}

Failure ReadFailure(std::string_view bytes, FailureKind kind, std::int32_t code,
                    std::string message) {
  Failure failure{kind, code, std::move(message), {}};
  bson::Elements elements(bytes);
  bson::Element element;
  while (elements.Next(element)) {
    if (element.name == "code" && kind == FailureKind::kServer) {
      const auto said = element.Whole();
      if (said && *said > 0 && *said <= INT32_MAX) failure.code = static_cast<std::int32_t>(*said);
    } else if (element.name == "errmsg" && failure.message.empty()) {
      failure.message = element.Text().value_or(std::string_view());
    } else if (element.name == "errorLabels") {
      bson::Elements labels(element.Array().value_or(std::string_view()));
      bson::Element label;
      while (labels.Next(label)) {
        if (const auto text = label.Text()) failure.labels.emplace_back(*text);
      }
    }
  }
  return failure;
}

}  // namespace stockwatch::mongo_source
