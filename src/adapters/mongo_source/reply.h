#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/mongo_source/failure.h"

namespace stockwatch::mongo_source {

// What `aggregate`, `find` or `getMore` gave. The views point into `bytes`.
struct Batch {
  std::string bytes;        // the reply
  std::int64_t cursor = 0;  // 0: there is no more
  std::vector<std::string_view> documents;
  std::string_view token;            // postBatchResumeToken, a document; empty: none
  std::uint64_t operation_time = 0;  // seconds << 32 | increment; 0: the server says none
  std::uint64_t read_time = 0;       // atClusterTime of a snapshot read; the same
};

// A reply without an error. A Failure (kReply): it has no cursor, or is no BSON.
std::variant<Batch, Failure> ReadBatch(std::string bytes);

// Of the reply of a command that failed. `message` is said where the reply has none.
Failure ReadFailure(std::string_view bytes, FailureKind kind, std::int32_t code,
                    std::string message);

}  // namespace stockwatch::mongo_source
