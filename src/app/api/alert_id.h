#pragma once

#include <string_view>

#include "base/result.h"
#include "domain/event/command.h"

namespace stockwatch::api {

// 32 hexadecimal digits; kNotFound for anything else: no alert is called that.
base::Result<event::AlertId> AlertIdOf(std::string_view text);

}  // namespace stockwatch::api
