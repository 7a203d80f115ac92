#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/mongo_source/token.h"
#include "wire/change_event/change_event.h"

namespace stockwatch::mongo_source {

// What one stream shows.
struct StreamShape {
  std::string database;
  std::vector<std::string> collections;  // not empty
  change_event::UpdateImages update_images = change_event::UpdateImages::kLookup;
  bool smaller = false;  // without what only an update says about itself
  bool split = false;    // events beyond 16 MB come in fragments: servers from 7.0 on
};

// Servers from this wire version on know $changeStreamSplitLargeEvent (7.0; 6.0.9 cannot be told
// from 6.0.8 by it).
inline constexpr std::int32_t kSplitsEvents = 21;

// The aggregate that opens it: one stream of the database, all of its filter in the pipeline and
// literal. Drop, rename, dropDatabase and invalidate of whatever collection come through.
std::string OpenCommand(const StreamShape& shape, const Start& start, std::int32_t batch_max);
std::string MoreCommand(std::int64_t cursor, std::string_view collection, std::int32_t batch_max,
                        std::int64_t await_ms);
std::string KillCommand(std::int64_t cursor, std::string_view collection);

// What the getMore of a stream names.
inline constexpr std::string_view kWholeDatabase = "$cmd.aggregate";

// Which events it lets through: a token is good for streams of the same hash.
std::uint64_t HashOf(const StreamShape& shape);

}  // namespace stockwatch::mongo_source
