#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"

namespace stockwatch::outbox {

// How long after the attempt before it each attempt is due: ten of them over 75 hours. Source: the
// schedule of the Standard Webhooks specification.
inline constexpr std::array<base::Duration, 10> kRetryDelays{
    base::Duration(),           base::Duration::Seconds(5),
    base::Duration::Minutes(5), base::Duration::Minutes(30),
    base::Duration::Hours(2),   base::Duration::Hours(5),
    base::Duration::Hours(10),  base::Duration::Hours(14),
    base::Duration::Hours(20),  base::Duration::Hours(24)};

// When to try again after `attempts` that failed, the last one at `at`: the delay and up to a tenth
// more, so that rows that failed together do not come back together. `chance` is any number, the
// same one gives the same instant. nullopt: the schedule is through. REQUIRES: attempts > 0
std::optional<base::Instant> NextAttempt(std::uint32_t attempts, base::Instant at,
                                         std::uint64_t chance);

// The value of a Retry-After header, RFC 9110 section 10.2.3: seconds, or a date in any of its
// three forms, then as seen from `now`, never negative. nullopt: it is neither.
std::optional<base::Duration> ParseRetryAfter(std::string_view text, base::Instant now);

}  // namespace stockwatch::outbox
