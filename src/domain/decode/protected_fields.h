#pragma once

#include <string_view>
#include <vector>

#include "domain/decode/options.h"
#include "domain/decode/protection.h"

namespace stockwatch::decode {

// A value at `of` is one at `path`, or below it.
bool Covers(std::string_view path, std::string_view of);

// What the hooks of a collection protect: each field where its hook names it, then where renames of
// hooks and upgrades lead from to it, as documents have it before they are upgraded.
std::vector<ProtectedField> ProtectedFieldsOf(const CollectionOptions& collection);

}  // namespace stockwatch::decode
