#pragma once

#include <string>
#include <string_view>

namespace stockwatch::base {

// As a part of a URL's path or query: all but letters, digits, '-', '_' and '.' as %XX.
std::string PercentEncoded(std::string_view text);

}  // namespace stockwatch::base
