#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "adapters/mongo_source/remedy.h"

namespace stockwatch::mongo_source {

// Why a stream was opened again.
enum class Cause : std::uint8_t {
  kNetwork,
  kTimeout,  // no answer in time
  kElection,
  kCursorLost,
  kTooLarge,
  kHistoryLost,
  kServer,  // whatever else it says
  kToken,
  kPipeline,
  kInvalidate,
  kAsked,
  kCaughtUp,  // an answer need not take so long any more
};
constexpr std::array<std::string_view, 12> kCauseNames{
    "network", "timeout", "election", "cursor_lost", "event_too_large", "history_lost",
    "server",  "token",   "pipeline", "invalidate",  "asked",           "caught_up"};

Cause CauseOf(const Failure& failure, Remedy remedy);
// Something is wrong, and readiness says what.
bool IsTrouble(Cause cause);

}  // namespace stockwatch::mongo_source
