#include "adapters/mongo_source/cause.h"

#include <algorithm>

namespace stockwatch::mongo_source {
namespace {

constexpr std::int32_t kCursorNotFound = 43;
// A primary that is none any more, or a server that goes: MongoDB, "Server Discovery and
// Monitoring" specification, "not writable primary" and "node is recovering" errors.
constexpr std::array<std::int32_t, 8> kElections{91,     189,    10'058, 10'107,
                                                 11'600, 11'602, 13'435, 13'436};

bool IsElection(std::int32_t code) {
  return std::find(kElections.begin(), kElections.end(), code) != kElections.end();
}

}  // namespace

Cause CauseOf(const Failure& failure, Remedy remedy) {
  if (failure.hint == Hint::kTimeout) return Cause::kTimeout;
  if (failure.kind == FailureKind::kNetwork) return Cause::kNetwork;
  switch (remedy) {
    case Remedy::kOtherToken:
      return Cause::kToken;
    case Remedy::kOtherPipeline:
      return Cause::kPipeline;
    case Remedy::kSmaller:
      return Cause::kTooLarge;
    case Remedy::kHistoryLost:
      return Cause::kHistoryLost;
    case Remedy::kAgain:
    case Remedy::kNone:
      break;
  }
  if (failure.code == kCursorNotFound) return Cause::kCursorLost;
  return IsElection(failure.code) ? Cause::kElection : Cause::kServer;
}

bool IsTrouble(Cause cause) {
  return cause == Cause::kNetwork || cause == Cause::kTimeout || cause == Cause::kElection ||
         cause == Cause::kCursorLost || cause == Cause::kServer;
}

}  // namespace stockwatch::mongo_source
