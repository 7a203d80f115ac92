#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/outbox/outbox_row.h"

namespace stockwatch::outbox {

// Appends the record to `out`; docs/formats.md, Records.
void EncodeRow(const Row& row, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<Row> DecodeRow(std::string_view record);

}  // namespace stockwatch::outbox
