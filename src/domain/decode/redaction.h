#pragma once

#include <string_view>
#include <vector>

#include "domain/decode/protection.h"
#include "domain/event/raw_change.h"

namespace stockwatch::decode {

// Replaces the values of `fields` in everything that the event shows of its document: the document,
// the one before the change, the updated fields under their dotted names, and the shard key in the
// document key. Arrays are entered, with and without the index in a dotted name. A value that its
// protection cannot change, or that lacks a key (`seal` may be nullptr), becomes kRedacted. True if
// a value was there. Idempotent where `seal` is.
bool Protect(event::RawChange& raw, std::string_view collection,
             const std::vector<ProtectedField>& fields, const Seal& seal);
// All of them become kRedacted, whatever protects them.
bool Redact(event::RawChange& raw, const std::vector<ProtectedField>& fields);

}  // namespace stockwatch::decode
