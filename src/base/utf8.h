#pragma once

#include <string_view>

namespace stockwatch::base {

// Well-formed UTF-8 by Unicode 15, table 3-7: no overlong forms, surrogates or values above
// U+10FFFF.
bool IsUtf8(std::string_view text);

// IsUtf8, and without U+0000–U+001F and U+007F–U+009F.
bool IsUtf8WithoutControls(std::string_view text);

}  // namespace stockwatch::base
