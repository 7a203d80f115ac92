#pragma once

#include <span>

#include "domain/threshold/resolved.h"

namespace stockwatch::threshold {

// Whether `a` beats `b` where both match: the narrower level of the hierarchy, then naming the
// warehouse, priority, the later place in the log, the smaller id.
bool Beats(const RuleVersion& a, const RuleVersion& b);

// Whether `lower` is less specific than `upper`, by level or by naming the warehouse: what a lock
// of `lower` reaches.
bool IsBelow(const event::Rule& lower, const event::Rule& upper);

// Resolves field by field among the versions that match and are in force, given from the one that
// beats all others to the one that all others beat. critical, low and max are then placed from the
// most to the least specific, each clamped into the bounds of those placed before.
Resolved Resolve(std::span<const VersionIndex> matching, std::span<const RuleVersion> versions);

// True if `version` gives that field.
bool Gives(const event::Rule& rule, std::size_t field);

}  // namespace stockwatch::threshold
