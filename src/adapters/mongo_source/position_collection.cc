#include "adapters/mongo_source/position_collection.h"

#include <utility>

#include "base/base64.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

using base::Code;
using base::Error;
using bson::DocumentWriter;

constexpr std::int32_t kDuplicateKey = 11'000;

// {$set: {holder, expires: now of the server + lease, ...}} as a pipeline, whose clock it is.
void AppendExpiry(DocumentWriter& writer, base::Duration lease) {
  writer.BeginDocument("expires").BeginArray("$add").Text("", "$$NOW");
  writer.Int64("", lease.micros() / 1'000).End().End();
}

void AppendMajority(DocumentWriter& writer) {
  writer.BeginDocument("writeConcern").Text("w", "majority").Bool("j", true).End();
}

// A refusal by who we are or what we may do gets no better by asking again.
Error ErrorOf(const Failure& failure) {
  constexpr std::int32_t kUnauthorized = 13;
  const bool passes = failure.kind == FailureKind::kNetwork ||
                      (failure.kind == FailureKind::kServer && failure.code != kUnauthorized);
  return {passes ? Code::kUnavailable : Code::kFailedPrecondition,
          "the collection of positions: " + failure.message};
}

}  // namespace

PositionCollection::~PositionCollection() {
  if (epoch_ == 0) return;
  DocumentWriter writer;
  writer.Text("update", options_.collection).BeginArray("updates").BeginDocument("");
  writer.BeginDocument("q").Text("_id", options_.name).Text("holder", options_.holder);
  writer.Int64("epoch", epoch_).End();
  writer.BeginDocument("u").BeginDocument("$unset").Text("holder", "").End();
  writer.BeginDocument("$set").Date("expires", 0).End().End().End().End();
  AppendMajority(writer);
  static_cast<void>(Send(writer.Finish()));  // else it ends by itself
}

std::optional<Error> PositionCollection::Reach() {
  if (reached_) return std::nullopt;
  const auto server = link_.select();
  if (const auto* failure = std::get_if<Failure>(&server)) return ErrorOf(*failure);
  reached_ = true;
  return std::nullopt;
}

base::Result<std::string> PositionCollection::Send(const std::string& command) {
  if (auto error = Reach()) return *std::move(error);
  Answer answer = link_.send(command);
  if (!answer.failure) return std::move(answer.bytes);
  if (answer.failure->kind == FailureKind::kServer && answer.failure->code == kDuplicateKey) {
    return Error{Code::kAlreadyExists, {}};
  }
  reached_ = false;  // the server may have gone, or be no primary any more
  return ErrorOf(*answer.failure);
}

Error PositionCollection::Held() {
  return {Code::kUnavailable,
          "another process has the position \"" + options_.name + "\" of " + options_.collection};
}

base::Result<std::string> PositionCollection::Take() {
  SW_TRY(const std::string hello, Send(DocumentWriter().Int32("hello", 1).Finish()));
  const auto now = bson::Find(hello, "localTime");
  if (!now || now->type != bson::Type::kDate) {
    return Error{Code::kFailedPrecondition,
                 "the collection of positions: a server without a clock"};
  }
  DocumentWriter writer;
  writer.Text("findAndModify", options_.collection);
  writer.BeginDocument("query").Text("_id", options_.name).BeginArray("$or");
  writer.BeginDocument("").Text("holder", options_.holder).End();
  writer.BeginDocument("").BeginDocument("expires").Copy("$lte", *now).End().End().End().End();
  writer.BeginArray("update").BeginDocument("").BeginDocument("$set");
  writer.Text("holder", options_.holder);
  AppendExpiry(writer, options_.lease);
  writer.BeginDocument("epoch").BeginArray("$add").BeginDocument("").BeginArray("$ifNull");
  writer.Text("", "$epoch").Int64("", 0).End().End().Int64("", 1).End().End();
  writer.End().End().End();
  writer.Bool("upsert", true).Bool("new", true);
  AppendMajority(writer);
  auto reply = Send(writer.Finish());
  if (!reply.ok()) return reply.error().code == Code::kAlreadyExists ? Held() : reply.error();
  const auto value = bson::Find(reply.value(), "value");
  const auto document = value ? value->Document() : std::nullopt;
  const auto epoch = document ? bson::Find(*document, "epoch") : std::nullopt;
  if (!epoch || epoch->Whole().value_or(0) <= 0) {
    return Error{Code::kDataLoss, "the collection of positions: \"" + options_.name +
                                      "\" is no position: it has no epoch"};
  }
  epoch_ = *epoch->Whole();
  const auto record = bson::Find(*document, "record");
  if (!record) return std::string();
  auto bytes = base::FromBase64Url(record->Text().value_or("?"));
  if (!bytes) {
    return Error{Code::kDataLoss,
                 "the collection of positions: the record of \"" + options_.name + "\" is damaged"};
  }
  return *std::move(bytes);
}

base::Status PositionCollection::Put(std::string_view record) {
  DocumentWriter writer;
  writer.Text("update", options_.collection).BeginArray("updates").BeginDocument("");
  writer.BeginDocument("q").Text("_id", options_.name).Text("holder", options_.holder);
  writer.Int64("epoch", epoch_).End();
  writer.BeginArray("u").BeginDocument("").BeginDocument("$set");
  writer.Text("record", base::Base64Url(record));
  AppendExpiry(writer, options_.lease);
  writer.End().End().End().End().End();
  AppendMajority(writer);
  SW_TRY(const std::string reply, Send(writer.Finish()));
  // No acknowledgement by a majority: it may be taken back.
  if (bson::Find(reply, "writeErrors") || bson::Find(reply, "writeConcernError")) {
    return Error{Code::kUnavailable, "the collection of positions did not keep the position"};
  }
  const auto matched = bson::Find(reply, "n");
  if (matched && matched->Whole() == 1) return {};
  epoch_ = 0;
  Error held = Held();
  held.code = Code::kFailedPrecondition;
  return held;
}

}  // namespace stockwatch::mongo_source
