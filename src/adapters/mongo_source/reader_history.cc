#include "adapters/mongo_source/reader.h"

#include <utility>

// What a reader does where the server's history is not the one that it followed.
namespace stockwatch::mongo_source {

// A server that stands before the place whose changes it lost is another one, or went back in time:
// what it says from here on is newer all the same.
void Reader::CompareWithLost(std::uint64_t time) {
  const std::uint64_t lost_at = std::exchange(lost_at_, 0);
  if (time >= lost_at) return;
  ++place_.generation;
  parts_.tell(Weight::kError, "source_went_back",
              "mongodb stands " + std::to_string((lost_at >> 32) - (time >> 32)) +
                  " s before the position: it was replaced or went back in time; what it says from "
                  "here on is generation " +
                  std::to_string(place_.generation));
}

bool Reader::LoseHistory(const Failure& failure) {
  cursor_.Close();
  lost_at_ = course_.start().time;
  parts_.progress.Set([](Status& status) {
    ++status.gaps;
    ++status.reopened[static_cast<std::size_t>(Cause::kHistoryLost)];
  });
  const std::string what =
      "the changes behind the position are gone from mongodb's oplog (" + Advice(failure) + ")";
  switch (options_.on_lost_history) {
    case OnLostHistory::kFail:
      return End(base::Code::kFailedPrecondition,
                 what +
                     "; set source.mongo.on_lost_history to resnapshot (reads everything anew) "
                     "or skip (leaves them out), and enlarge the oplog");
    case OnLostHistory::kSkip:
      parts_.tell(Weight::kError, "history_gap", what + "; they are left out, as it is set");
      course_.GoTo({});
      break;
    case OnLostHistory::kResnapshot:
      parts_.tell(Weight::kError, "history_gap", what + "; everything is read anew, as it is set");
      course_.GoTo({});
      BeginSnapshot(SnapshotPlace::New(options_.seed + parts_.progress.Get().replies));
      break;
  }
  PauseFor(course_.pause());
  return true;
}

}  // namespace stockwatch::mongo_source
