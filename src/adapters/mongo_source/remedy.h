#pragma once

#include <cstdint>
#include <string>

#include "adapters/mongo_source/failure.h"

namespace stockwatch::mongo_source {

// What helps against a failure.
enum class Remedy : std::uint8_t {
  kAgain,          // the same once more, at once for the first time, then after a pause
  kOtherToken,     // the server does not know the token
  kOtherPipeline,  // the token is of a stream with another filter
  kHistoryLost,    // what the token names is gone
  kSmaller,        // an event is larger than a reply: ask for less of it
  kNone,           // a person must act
};

// After a getMore of a change stream. `wire_version`: of the server that answered.
// Source: MongoDB, "Change Streams" specification, resumable error; connector.md 2 of the design.
Remedy AfterMore(const Failure& failure, std::int32_t wire_version);
// After the aggregate that opens a stream.
Remedy AfterOpen(const Failure& failure);
// After a find of a snapshot. kHistoryLost: the read time is too old.
Remedy AfterFind(const Failure& failure);

// One line: what is wrong, what to do where that is known, what the server or the driver said.
std::string Advice(const Failure& failure);
// What to do, as a sentence.
std::string FixOf(const Failure& failure);

}  // namespace stockwatch::mongo_source
