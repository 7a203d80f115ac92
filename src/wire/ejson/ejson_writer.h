#pragma once

#include <cstdint>
#include <string>

#include "domain/event/raw_document.h"

namespace stockwatch::ejson {

// Appends the value at node `index`, with all below it, as canonical Extended JSON v2 without
// blanks; names are written for fields below it, not for itself. Extended JSON can't tell a
// document with a field such as "$oid" from that type.
void WriteEjson(const event::RawDocument& document, std::uint32_t index, std::string& out);

}  // namespace stockwatch::ejson
