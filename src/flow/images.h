#pragma once

#include "flow/state.h"

namespace stockwatch::flow {

// What a batch is to say.
enum class Images : std::uint8_t {
  kForRestart,  // all that an engine needs to go on
  kLists,       // alerts, notices and dead letters, which are read while the engine runs
};

// Puts into the batch the present records of all that changed since the last call. Closed episodes
// leave memory with it. Records of rules, departed documents and history stand in the batch
// already.
void PutImages(State& state, Images images);

}  // namespace stockwatch::flow
