#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "flow/state.h"

namespace stockwatch::flow {

// The canonical export and its digest, as docs/formats.md defines them: the same state gives the
// same bytes, whatever the order in which changes came.
using LineSink = std::function<void(std::string_view line)>;  // with its line break

// Living items in (warehouse, sku) order.
void WriteItems(const State& state, const LineSink& sink);

// Nodes of both trees, parents before children. REQUIRES: RollUps::Propagate since the last change
void WriteRollUps(const State& state, const LineSink& sink);

// Rings and mask of the living items that sold something, in (warehouse, sku) order, as they stand
// at the source time of the state. Frozen days are left out: which they are depends on the rules of
// the moment in which a day turned.
void WriteDemand(const State& state, const LineSink& sink);

// An item is there: it is known and not retired.
bool IsLiving(const State& state, key::ItemIndex item);
// The members of an item's line, and those of a node's, into an object that the caller has open.
void WriteItemMembers(const State& state, key::ItemIndex item, base::JsonWriter& json);
void WriteNodeMembers(stock::Tree tree, const std::vector<std::string_view>& path,
                      const stock::Totals& totals, base::JsonWriter& json);

// Lower-case hex.
std::string Digest(const State& state);

}  // namespace stockwatch::flow
