#pragma once

#include <optional>

#include "base/json_writer.h"
#include "domain/alert/basis.h"
#include "flow/planning.h"
#include "flow/state.h"

namespace stockwatch::flow {

// What is known of the item's demand now; nullopt: there is no forecast. REQUIRES: it is opened
std::optional<alert::Basis> BasisOf(const State& state, key::ItemIndex item);

// The same for an alert that opens; nullopt too where its condition does not ask for demand.
std::optional<alert::Basis> BasisOfOpening(const State& state, const alert::Episode& episode);

// One object; docs/formats.md, Why.
void WriteBasis(const alert::Basis& basis, base::JsonWriter& json);

}  // namespace stockwatch::flow
