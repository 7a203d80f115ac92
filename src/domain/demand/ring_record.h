#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/demand/rings.h"

namespace stockwatch::demand {

// The rings of one item in two records beside its present, so that most sales write neither;
// docs/formats.md, Demand. The first: the complete hours. The second: days, weeks and what is known
// of them.
void EncodeHours(const Rings& rings, std::string& out);
// REQUIRES: HasPast()
void EncodeDays(const Rings& rings, std::string& out);

// The hour in progress and what was sold in it: part of the item's own record.
struct Present {
  Hour hour = 0;
  base::Quantity sold;
};
Present PresentOf(const Rings& rings);

// What is stored of the rings of one item.
struct StoredRings {
  std::optional<Present> present = {};         // none: older versions kept it among the hours
  std::optional<std::string_view> hours = {};  // none: nothing was sold in them
  std::optional<std::string_view> days = {};   // none: there was no past
};
// kDataLoss for damaged bytes, and for records that do not belong together: they were written
// within one hour. kFailedPrecondition: a newer version wrote them.
base::Result<Rings> DecodeRings(const StoredRings& stored);

}  // namespace stockwatch::demand
