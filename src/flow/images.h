#pragma once

#include "flow/state.h"

namespace stockwatch::flow {

// Puts into the batch the present records of all that changed since the last call: items, alerts,
// nodes, dead letters, notices, counts. Closed episodes leave memory with it. Records of rules,
// departed documents and history stand in the batch already.
void PutImages(State& state);

}  // namespace stockwatch::flow
