#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/event/silence.h"

namespace stockwatch::alert {

// Appends the record to `out`; docs/formats.md, Silence.
void EncodeSilence(const event::Silence& silence, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<event::Silence> DecodeSilence(std::string_view record);

}  // namespace stockwatch::alert
