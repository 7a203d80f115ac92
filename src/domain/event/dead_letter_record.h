#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/event/dead_letter.h"

namespace stockwatch::event {

// Appends the record to `out`; docs/formats.md, Records.
void EncodeDeadLetter(const DeadLetter& letter, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<DeadLetter> DecodeDeadLetter(std::string_view record);

}  // namespace stockwatch::event
