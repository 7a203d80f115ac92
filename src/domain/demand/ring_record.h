#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/demand/rings.h"

namespace stockwatch::demand {

// The rings of one item in two records, so that a sale writes the short one alone;
// docs/formats.md, Demand. The first: the hours. The second: days, weeks and what is known of them.
void EncodeHours(const Rings& rings, std::string& out);
// REQUIRES: HasPast()
void EncodeDays(const Rings& rings, std::string& out);

// `days`: none where there was no past. kDataLoss for damaged bytes, and for records that do not
// belong together: they were written within one day. kFailedPrecondition: a newer version wrote
// them.
base::Result<Rings> DecodeRings(std::string_view hours, std::optional<std::string_view> days);

}  // namespace stockwatch::demand
