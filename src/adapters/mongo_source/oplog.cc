#include "adapters/mongo_source/oplog.h"

#include <algorithm>

#include "adapters/mongo_source/reply.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {

std::optional<std::uint64_t> EndOfOplog(const Link& local, std::int32_t natural) {
  bson::DocumentWriter find;
  find.Text("find", "oplog.rs").BeginDocument("sort").Int32("$natural", natural).End();
  find.BeginDocument("projection").Int32("ts", 1).End().Int32("limit", 1);
  find.Bool("singleBatch", true);
  const Answer answer = local.send(find.Finish());
  const auto batch = ReadBatch(answer.bytes);
  const auto* found = std::get_if<Batch>(&batch);
  if (answer.failure || found == nullptr || found->documents.empty()) return std::nullopt;
  const auto time = bson::Find(found->documents[0], "ts");
  return time ? time->Timestamp() : std::nullopt;
}

OplogHeadroom::Reach OplogHeadroom::Note(std::int64_t first, std::int64_t place,
                                         std::chrono::steady_clock::time_point now) {
  Reach reach{place - first, std::nullopt};
  if (before_) {
    const std::int64_t nearer = before_->seconds - reach.seconds;
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now - before_->at).count();
    if (nearer > 0 && passed > 0) {
      reach.lost_in = std::max<std::int64_t>(reach.seconds, 0) * passed / nearer;
    }
  }
  before_ = Look{reach.seconds, now};
  return reach;
}

}  // namespace stockwatch::mongo_source
