#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "flow/state.h"

namespace stockwatch::flow {

// The canonical export and its digest, as docs/formats.md defines them: the same state gives the
// same bytes, whatever the order in which changes came.
using LineSink = std::function<void(std::string_view line)>;  // with its line break

// Living items in (warehouse, sku) order.
void WriteItems(const State& state, const LineSink& sink);

// Nodes of both trees, parents before children. REQUIRES: RollUps::Propagate since the last change
void WriteRollUps(const State& state, const LineSink& sink);

// Lower-case hex.
std::string Digest(const State& state);

}  // namespace stockwatch::flow
