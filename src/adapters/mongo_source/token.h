#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::mongo_source {

// How a stream is told where it begins.
enum class StartKind : std::uint8_t {
  kNow = 0,
  kResumeAfter = 1,           // behind a token
  kStartAfter = 2,            // the same for the token of an invalidate, behind which none resumes
  kStartAtOperationTime = 3,  // that moment included
};

// Where a stream begins or goes on.
struct Start {
  StartKind kind = StartKind::kNow;
  std::string token;       // a document, with kResumeAfter and kStartAfter
  std::uint64_t time = 0;  // seconds << 32 | increment: of kStartAtOperationTime; else the cluster
                           // time of the token, 0 where nobody knows it

  bool operator==(const Start&) const = default;
};

// The cluster time inside a token: `_data` is hex, its first byte 0x82 (a timestamp), the next
// eight the time, big-endian; the rest is the server's own. nullopt: another layout.
// Source: mongodb/mongo, src/mongo/db/pipeline/resume_token.h and db/storage/key_string.h.
std::optional<std::uint64_t> TimeOfToken(std::string_view token);

// Whether it names an event, by its layout; else it may be a moment at which there was none (a high
// water mark). Behind the time stand the version and the type, 0 or 128, as numbers of key strings.
// Source: the same.
bool IsOfEvent(std::string_view token);

// The text of a token's `_data`; empty: it has none.
std::string DataOf(std::string_view token);
// Behind the token with that text.
Start StartBehind(const std::string& data);

// Where a stream goes on behind an event: `token` is the postBatchResumeToken where the event is
// the last of its batch (and the server gives one), else the event's own.
Start BehindEvent(std::string_view token, std::uint64_t cluster_time);
// Behind an invalidate, which is told by its own token.
Start BehindInvalidate(std::string_view token, std::uint64_t cluster_time);
// Behind a batch without events; nullopt where it says nothing new.
std::optional<Start> BehindNothing(const Start& before, std::string_view batch_token,
                                   std::uint64_t operation_time);

}  // namespace stockwatch::mongo_source
