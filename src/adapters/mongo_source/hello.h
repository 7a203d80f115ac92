#pragma once

#include <string_view>

#include "adapters/mongo_source/link.h"

namespace stockwatch::mongo_source {

// What a server says of itself in its answer to `hello`.
Server ServerOf(std::string_view hello);

}  // namespace stockwatch::mongo_source
