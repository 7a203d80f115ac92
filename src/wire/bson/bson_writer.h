#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "domain/event/raw_document.h"

namespace stockwatch::bson {

// Appends the document at node `index` as BSON. Errors (kInvalidArgument; what was appended is
// taken back): a field name with a NUL, a decimal text that no Decimal128 holds exactly, a document
// beyond 2^31 - 1 bytes. REQUIRES: the node is a kDocument.
base::Status WriteBson(const event::RawDocument& document, std::uint32_t index, std::string& out);

}  // namespace stockwatch::bson
