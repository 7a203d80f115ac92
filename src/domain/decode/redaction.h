#pragma once

#include <string>
#include <vector>

#include "domain/event/raw_change.h"

namespace stockwatch::decode {

// Replaces the values at `paths` by kRedacted in everything that the event shows of its document:
// the document, the one before the change, the updated fields under their dotted names, and the
// shard key in the document key. Arrays are entered, with and without the index in a dotted name.
// True if a value was there. Idempotent.
bool Redact(event::RawChange& raw, const std::vector<std::string>& paths);

}  // namespace stockwatch::decode
