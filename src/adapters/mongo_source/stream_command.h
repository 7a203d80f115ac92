#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mongo_source/token.h"
#include "wire/change_event/change_event.h"

namespace stockwatch::mongo_source {

// How much of each event.
enum class Detail : std::uint8_t {
  kAll,
  kSmaller,  // without what only an update says about itself
  kSingle,   // the same, an event a reply: those before the one that is too large come whole
  kLeast,    // that one, without its document too: what is left is never too large
};

// What one stream shows.
struct StreamShape {
  std::string database;
  std::vector<std::string> collections;  // not empty
  change_event::UpdateImages update_images = change_event::UpdateImages::kLookup;
  Detail detail = Detail::kAll;
  bool split = false;  // events beyond 16 MB come in fragments: servers from 6.0.9 on
};

// Servers from this wire version on know $changeStreamSplitLargeEvent (7.0), and some of this one:
// 6.0 from 6.0.9 on, which is told by buildInfo.
inline constexpr std::int32_t kSplitsEvents = 21;
inline constexpr std::int32_t kMaySplitEvents = 17;

// The aggregate that opens it: one stream of the database, all of its filter in the pipeline and
// literal. Drop, rename, dropDatabase and invalidate of whatever collection come through.
std::string OpenCommand(const StreamShape& shape, const Start& start, std::int32_t batch_max);
std::string MoreCommand(std::int64_t cursor, std::string_view collection, std::int32_t batch_max,
                        std::int64_t await_ms);
std::string BuildInfoCommand();
// Whether the reply to it is of a 6.0 that splits events; one that can't be read is not.
bool SaysThatItSplits(std::string_view build_info);
std::string KillCommand(std::int64_t cursor, std::string_view collection);

// What the getMore of a stream names.
inline constexpr std::string_view kWholeDatabase = "$cmd.aggregate";

// Which events it lets through: a token is good for streams of the same hash.
std::uint64_t HashOf(const StreamShape& shape);

}  // namespace stockwatch::mongo_source
