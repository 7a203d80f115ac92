#include "adapters/mongo_source/oplog.h"

#include <algorithm>
#include <utility>

#include "adapters/mongo_source/reply.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

using Instant = OplogHeadroom::Instant;

constexpr std::chrono::minutes kBaseline{10};

double Seconds(Instant::duration passed) {
  return std::chrono::duration<double>(passed).count();
}

std::optional<std::int64_t> LostIn(std::int64_t seconds, double nearer_each_second) {
  if (nearer_each_second <= 0) return std::nullopt;
  return static_cast<std::int64_t>(static_cast<double>(std::max<std::int64_t>(seconds, 0)) /
                                   nearer_each_second);
}

}  // namespace

std::variant<std::uint64_t, Failure> EndOfOplog(const Link& local, std::int32_t natural) {
  bson::DocumentWriter find;
  find.Text("find", "oplog.rs").BeginDocument("sort").Int32("$natural", natural).End();
  find.BeginDocument("projection").Int32("ts", 1).End().Int32("limit", 1);
  find.Bool("singleBatch", true);
  Answer answer = local.send(find.Finish());
  if (answer.failure) return *std::move(answer.failure);
  auto batch = ReadBatch(std::move(answer.bytes));
  if (auto* failure = std::get_if<Failure>(&batch)) return std::move(*failure);
  const Batch& found = std::get<Batch>(batch);
  const auto entry = found.documents.empty() ? std::nullopt : bson::Find(found.documents[0], "ts");
  const auto time = entry ? entry->Timestamp() : std::nullopt;
  if (!time) return Failure{FailureKind::kReply, 0, "an oplog without entries", {}};
  return *time;
}

OplogHeadroom::Reach OplogHeadroom::Note(std::int64_t first, std::int64_t place, Instant now) {
  // The stream goes on elsewhere: what was before says nothing.
  if (!looks_.empty() && place < looks_.back().place) looks_.clear();
  double speed_of_place = 0;
  if (!looks_.empty() && now > looks_.back().at) {
    const Look& before = looks_.back();
    speed_of_place = static_cast<double>(place - before.place) / Seconds(now - before.at);
  }
  looks_.push_back({first, place, now});
  while (looks_.size() > 2 && now - looks_[1].at >= kBaseline) looks_.pop_front();
  const std::int64_t seconds = place - first;
  return {seconds, LostIn(seconds, SpeedOfBeginning() - speed_of_place)};
}

std::optional<OplogHeadroom::Reach> OplogHeadroom::Guess(Instant now) const {
  if (looks_.empty()) return std::nullopt;
  const Look& last = looks_.back();
  const double speed = SpeedOfBeginning();
  const auto gone = static_cast<std::int64_t>(speed * Seconds(now - last.at));
  const std::int64_t seconds = last.place - last.first - gone;
  return Reach{seconds, LostIn(seconds, speed)};
}

double OplogHeadroom::SpeedOfBeginning() const {
  const Look& from = looks_.front();
  const Look& to = looks_.back();
  if (to.at <= from.at) return 0;
  return static_cast<double>(std::max<std::int64_t>(to.first - from.first, 0)) /
         Seconds(to.at - from.at);
}

}  // namespace stockwatch::mongo_source
