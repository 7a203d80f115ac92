#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stockwatch::base {

// Base64 with padding, RFC 4648 section 4.
std::string Base64(std::string_view bytes);
// The alphabet for addresses, without padding, RFC 4648 section 5.
std::string Base64Url(std::string_view bytes);
// Padding may be missing; nothing else may be wrong. nullopt: it is no Base64.
std::optional<std::string> FromBase64(std::string_view text);
// Without padding. nullopt: as FromBase64.
std::optional<std::string> FromBase64Url(std::string_view text);

}  // namespace stockwatch::base
