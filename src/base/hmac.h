#pragma once

#include <string_view>

#include "base/digest.h"

namespace stockwatch::base {

// HMAC with SHA-256, RFC 2104.
Sha256Bytes HmacSha256(std::string_view key, std::string_view message);

}  // namespace stockwatch::base
