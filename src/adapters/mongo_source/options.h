#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/mongo_source/cursor.h"
#include "base/instant.h"
#include "base/result.h"
#include "wire/change_event/change_event.h"

namespace stockwatch::mongo_source {

// Whether a source without a position reads what there is before it follows what changes.
enum class SnapshotWhen : std::uint8_t { kInitial, kNever };

// What happens when the server no longer has the changes behind the position.
enum class OnLostHistory : std::uint8_t {
  kFail,        // stop, until a person decides
  kResnapshot,  // read everything anew, then go on
  kSkip,        // go on with what comes from now on
};

struct Collections {
  std::string inventory;  // empty: not read; the same for the others
  std::string transactions;
  std::string thresholds;
};

struct Options {
  std::string uri;  // may hold a password: goes to no log and no message
  std::string database;
  bool primary = false;  // commands go to the primary, whatever the URI prefers
  Collections collections;
  change_event::UpdateImages update_images = change_event::UpdateImages::kLookup;
  SnapshotWhen snapshot = SnapshotWhen::kInitial;
  OnLostHistory on_lost_history = OnLostHistory::kFail;
  base::Duration await = base::Duration::Seconds(1);
  base::Duration connect_timeout = base::Duration::Seconds(5);
  // Without an answer for that long the server counts as gone; more than `await`. The URI may say
  // another.
  base::Duration socket_timeout = base::Duration::Seconds(10);
  // What a stream that cannot be opened in that time gets at most; not less.
  base::Duration socket_timeout_max = base::Duration::Hours(1);
  // How often the place of a stream without changes is stored.
  base::Duration heartbeat = base::Duration::Seconds(10);
  // For who tells of the source: how often the log says where it is, and from which forecast of
  // the oplog's loss of the place on it is not ready.
  base::Duration heartbeat_log = base::Duration::Seconds(30);
  base::Duration headroom_min = base::Duration::Minutes(10);
  std::uint32_t batch_documents_max = 1'000;
  std::uint64_t queue_bytes_max = std::uint64_t{64} << 20;  // read and not yet taken
  std::uint64_t event_bytes_max = std::uint64_t{64} << 20;  // one change, put together
  std::uint32_t depth_max = 100;
  std::uint32_t snapshot_documents = 1'000;  // of one read of the snapshot
  std::uint32_t snapshot_readers = 2;        // connections that read it at once, 1 at least
  std::uint64_t seed = 0;                    // of the jitter of pauses

  // kInvalidArgument: the first that is wrong, by the name of its setting.
  base::Status Validate() const;

  StreamShape shape() const;
};

}  // namespace stockwatch::mongo_source
